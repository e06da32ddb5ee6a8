"""The Devices' own radios: how they come into the HAN, and agree keys with hub and one another."""
