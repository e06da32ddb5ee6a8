"""The books of a batch: which unit is where, on SQLite or PostgreSQL, without any secret."""
