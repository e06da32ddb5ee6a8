"""The failure panel, and what each failure says."""
