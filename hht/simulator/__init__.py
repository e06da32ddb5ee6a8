"""The simulated air, ZigBee stack, virtual NCP, Devices, hub, head-end and premises."""
