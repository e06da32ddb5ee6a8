"""Data the tool reads: tables, scenarios, hub profiles, themes."""
