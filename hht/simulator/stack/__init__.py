"""A ZigBee stack for simulated nodes."""
