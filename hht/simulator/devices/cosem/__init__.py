"""COSEM objects of a simulated Device, and the Devices that speak DLMS."""
