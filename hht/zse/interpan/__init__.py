"""ZigBee SE inter-PAN: frames, security, fragmentation, admission of an HHT."""
