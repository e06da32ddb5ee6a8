"""The question whether a hub that says nothing is still there, and what its silence means."""

from hht.entity_id import EntityId
from hht.session.errors import HubSilent, SessionError
from hht.zse.zcl import DEFAULT_RESPONSE, READ_ATTRIBUTES, READ_ATTRIBUTES_RESPONSE, ZclFrame

QUIET_SECONDS = 15.0
"""After so long without a word of the hub it is asked: it is missed within half a minute, and the
air carries one short frame."""
TRIES = 2
"""The radio itself sends each up to four times."""

_CLOSE_TUNNEL_TIMEOUT = bytes((0x00, 0x00))
"""The one attribute that every server of the Tunneling cluster has (ZSE D.6.2.2)."""
_ANSWERS = (READ_ATTRIBUTES_RESPONSE, DEFAULT_RESPONSE)


class HubGone(HubSilent):
    """A hub that was there acknowledges nothing any more."""

    def __init__(self, hub: EntityId) -> None:
        SessionError.__init__(
            self,
            "The hub is not there any more: it was switched off, or is out of reach",
            where=str(hub),
            remedy="Check that it has power and move closer, then connect again.",
        )


def question(sequence: int) -> ZclFrame:
    """Build a read of an attribute; to be sent APS-encrypted.

    A hub that has forgotten the HHT has lost its link key, and acknowledges it no more than one
    that is off. Not data of the tunnel: what is no GBCS message may raise an Alert.
    """
    return ZclFrame(0, sequence, READ_ATTRIBUTES, _CLOSE_TUNNEL_TIMEOUT)


def is_answer(frame: ZclFrame, asked: int | None) -> bool:
    """Return whether a frame answers the question with this sequence number, with what it may."""
    return not frame.cluster_specific and frame.command in _ANSWERS and frame.sequence == asked
