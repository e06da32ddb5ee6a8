"""The parts of a hub that its memberships are about."""

from typing import Protocol

from hht.clock import ScaledClock
from hht.hub_profile import HubProfile
from hht.simulator.hub.gas.sleepy_gsme_link import SleepyGsmeLink
from hht.simulator.hub.han_server import HanServer
from hht.simulator.hub.hub_log import HubLog
from hht.simulator.hub.milestones import Milestones
from hht.simulator.hub.premises import Premises
from hht.simulator.hub.radios.han_devices import HanDevices
from hht.simulator.hub.tunnel_server import TunnelServer
from hht.simulator.stack.node import RadioNode


class HubParts(Protocol):
    """The hub, as far as who is in its HAN, and how that HAN is formed, need it."""

    node: RadioNode
    clock: ScaledClock
    log: HubLog
    premises: Premises
    profile: HubProfile
    radios: HanDevices
    gas: SleepyGsmeLink
    han: HanServer
    tunnels: TunnelServer
    milestones: Milestones

    def fall_silent(self) -> None:
        """Give up what is under way with HHT and Devices."""

    def forget_hhts(self) -> None:
        """Have no HHT in the HAN any more."""

    def permit_joining(self) -> None:
        """Permit association while an entry of the CHF Device Log may join."""

    def changed(self) -> None:
        """Save the state before anything of it can be sent."""
