"""The gas side of a hub: GSMEs that sleep, their tunnel, and the GPF that taps off."""
