"""The connect screen."""
