"""The operator's screen at a facility's bench."""
