"""The glance view (F3)."""
