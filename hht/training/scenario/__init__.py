"""Scenario files: read, checked line by line, and what they hold."""
