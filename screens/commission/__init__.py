"""The commission screen."""
