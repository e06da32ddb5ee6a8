"""A survey of the 2.4 GHz channels as a chart that grows."""
