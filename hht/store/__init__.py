"""SQLite: jobs, Local Commands, captures, returns, audit and secrets."""
