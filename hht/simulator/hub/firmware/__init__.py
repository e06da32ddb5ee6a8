"""Firmware images at the hub: its buffer, the OTA cluster on the air, and the Alerts about it."""
