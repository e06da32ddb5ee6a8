"""The simulated Communications Hub: what an HHT meets on the air, inter-PAN and in the HAN."""

from hht.training.hub.hub import Hub
from hht.training.hub.state_file import StateFile

__all__ = ["Hub", "StateFile"]
