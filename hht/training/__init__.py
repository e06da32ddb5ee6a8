"""The simulated hub, its air, its devices, its head-end and its scenarios."""
