"""What a member's radio keeps over a power cut: its network, and its key with the Trust Centre."""

from hht.simulator.stack.node import RadioNode
from hht.zse.frames.nwk import COORDINATOR

_FIRST_COUNTER_MASK = 0x7FFFFFFF
_FIRST_BROADCAST = 0xFFF8


def begin_frame_counter(node: RadioNode) -> None:
    """Begin where no counter was used before under the same key, though the memory is not kept."""
    node.network.frame_counter = int(node.clock.time()) & _FIRST_COUNTER_MASK


def recall_network(node: RadioNode, hub: RadioNode, link_key: bytes) -> bool:
    """Hold what a member of this hub's network keeps; False where the radio has it anyway."""
    if node.network.key:
        return False
    node.channel, node.pan_id = hub.channel, hub.pan_id
    node.extended_pan_id = hub.extended_pan_id
    node.network.start(hub.network.key)
    node.network.addresses[COORDINATOR] = hub.eui64
    node.short_address = hub.air.random.randrange(1, _FIRST_BROADCAST)
    node.set_link_key(hub.eui64, link_key)
    return True
