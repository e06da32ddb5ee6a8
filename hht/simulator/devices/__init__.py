"""Simulated Devices: they verify what they are given, execute it, and answer as Devices do."""
