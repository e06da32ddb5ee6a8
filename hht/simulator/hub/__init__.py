"""The simulated Communications Hub: inter-PAN, HAN, tunnel, and the Devices behind it."""

from hht.simulator.hub.hub import Hub
from hht.simulator.hub.state_file import StateFile

__all__ = ["Hub", "StateFile"]
