"""Commands about a visit: labels, coverage, status updates."""
