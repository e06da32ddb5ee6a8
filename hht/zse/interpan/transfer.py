"""One secured message over inter-PAN: sealed as a whole, then cut into fragments where need be.

Only what no one frame holds is cut, and fragments are not secured one by one (Silicon Labs'
inter-PAN plugin); whether there may be any is the hub profile's.
"""

from dataclasses import replace

from hht.hub_profile import HubProfile
from hht.zse.errors import MalformedFrame
from hht.zse.frames.mac import MAX_FRAME
from hht.zse.interpan import fragmentation
from hht.zse.interpan.fragmentation import Fragment, FragmentAnswer, Reassembler
from hht.zse.interpan.frame import InterPanFrame, encode_secured


def secured_frames(
    message: InterPanFrame, key: bytes, counter: int, profile: HubProfile
) -> list[bytes]:
    """Build the MAC frames (without FCS) that carry a message under the APS link key.

    One frame is the message itself, longer than MAX_FRAME where the profile forbids the fragments
    that it needs: then no radio sends it. Of several, fragments, each is sent once the
    FragmentAnswer to the one before has come; the MAC sequence rises by one from the message's.
    """
    extended = profile.admission_extended_nonce
    whole = encode_secured(message, key, counter, extended_nonce=extended)
    if len(whole) <= MAX_FRAME or not profile.admission_fragmentation:
        return [whole]
    sealed = message.sealed_payload(key, counter, extended_nonce=extended)
    pieces = fragmentation.split(sealed, profile.admission_fragment_bytes)
    first = message.mac_sequence
    return [
        replace(message, payload=piece.encode(), mac_sequence=(first + at) % 256).encode()
        for at, piece in enumerate(pieces)
    ]


class SecuredReceiver:
    """A receiver of one partner's inter-PAN frames, which gives its secured messages, opened.

    Feed it frames as `decode_interpan` gives them. A frame counter that does not rise is a
    replay and raises MalformedFrame, as everything does that does not open.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._reassembler = Reassembler()
        self._last_counter = -1

    def feed(self, frame: InterPanFrame) -> tuple[FragmentAnswer | None, InterPanFrame | None]:
        """Return the answer to send back in clear, if any, and the message, once it is whole."""
        if frame.secured:
            return None, self._fresh(frame)
        fragment = fragmentation.decode_ipmf(frame.payload)
        if not isinstance(fragment, Fragment):
            raise MalformedFrame("an answer to a fragment is no part of a message")
        answer, sealed = self._reassembler.feed(fragment)
        if sealed is None:
            return answer, None
        return answer, self._fresh(replace(frame, payload=sealed).open_payload(self._key))

    def _fresh(self, frame: InterPanFrame) -> InterPanFrame:
        if frame.frame_counter <= self._last_counter:
            raise MalformedFrame(f"{frame.source} repeats inter-PAN frame {frame.frame_counter}")
        self._last_counter = frame.frame_counter
        return frame
