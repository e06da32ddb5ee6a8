"""The tree of a message: every field of its payload by name, with its value in words."""
