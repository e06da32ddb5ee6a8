"""Surveys of the 2.4 GHz channels at a premises, and advice which of them to use."""
