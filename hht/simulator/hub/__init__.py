"""The simulated Communications Hub: what an HHT meets on the air, inter-PAN and in the HAN."""

from hht.simulator.hub.hub import Hub
from hht.simulator.hub.state_file import StateFile

__all__ = ["Hub", "StateFile"]
