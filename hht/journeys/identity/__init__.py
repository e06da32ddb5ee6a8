"""The HHT's own identity: put together from its parts, requested, and checked."""
