"""The manual's pages (F1, then M)."""
