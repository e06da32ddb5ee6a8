"""ZigBee clusters of a simulated Device, and the Devices that speak GBZ."""
