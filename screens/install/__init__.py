"""The install screen: one question about the hub at a time."""
