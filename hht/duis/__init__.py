"""DUIS XML: Local Commands in, Service Requests 8.13 and 8.14 out."""
