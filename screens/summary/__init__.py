"""The summary of a visit: what was noted, what is open, and the status update."""
