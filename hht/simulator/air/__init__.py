"""The simulated air, and its capture for Wireshark."""
