"""Frames of IEEE 802.15.4, ZigBee NWK, APS and ZDO, read and written."""
