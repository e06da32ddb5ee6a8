"""The supplier's gateway: its settings, the HTTP client, and what its answers mean."""
