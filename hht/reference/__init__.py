"""The simulator held against reference data."""
