"""The simulated Communications Hub: inter-PAN, HAN, tunnel, and the Devices behind it."""
