"""ZigBee Smart Energy: inter-PAN, key establishment, install codes and the tunnel; sans-I/O."""
