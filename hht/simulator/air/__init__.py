"""The simulated air, its clock and its capture for Wireshark."""
