"""A simulated supplier's gateway, with every misbehaviour we know of."""
