"""Before a dongle is open: its address, the speed of its line, and what answers there."""
