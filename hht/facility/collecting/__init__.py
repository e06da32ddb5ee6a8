"""Captures of units: asked for at their port, and taken in as items for the DCC."""
