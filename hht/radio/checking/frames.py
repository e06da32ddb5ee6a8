"""The inter-PAN frames of the check: for one dongle alone, of no cluster that a device serves."""

from hht.entity_id import EntityId
from hht.zse.errors import MalformedFrame
from hht.zse.interpan.frame import InterPanFrame, decode_interpan

CHANNEL = 11  # the first of the 2.4 GHz band; any would do
ANY_PAN = 0xFFFF
OTHER_PAN = 0x4848  # what a hub's PAN is to the HHT: another one than its own
_NO_CLUSTER = 0xFC00  # the first of the manufacturers' own


def frame_for(source: EntityId, target: EntityId, payload: bytes, *, ack_request: bool) -> bytes:
    """Encode a MAC frame without FCS."""
    frame = InterPanFrame(
        source, OTHER_PAN, target, ANY_PAN, 0, _NO_CLUSTER, payload, ack_request=ack_request
    )
    return frame.encode()


def payload_of(raw: bytes) -> bytes:
    """Return the payload of a test frame; empty for any other frame."""
    try:
        frame = decode_interpan(raw)
    except MalformedFrame:
        return b""
    return frame.payload if frame.cluster == _NO_CLUSTER else b""
