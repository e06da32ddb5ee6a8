"""A unit's package: its Local Commands, readable by that unit alone (docs/package.md)."""
