"""A whole visit without a person: its order, what is tried again, how it ended."""
