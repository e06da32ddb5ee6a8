"""The message inspector."""
