"""A unit: its memory, and its side of the bench's protocol."""
