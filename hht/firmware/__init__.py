"""Firmware images of HAN Devices: OTA files, their signatures, and the requests they come in."""
