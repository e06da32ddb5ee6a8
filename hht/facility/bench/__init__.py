"""The bench: slots, the unit in each, and what becomes of it."""
