"""An app whose screen is a browser: its driver."""
