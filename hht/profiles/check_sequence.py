"""Frames that arrived wrong in the sniffer are kept out: their FCS says which they are.

A sniffer writes the CRC of IEEE 802.15.4 (16 bits, x^16+x^12+x^5+1, least significant bit first);
or, as radios of Texas Instruments do, a byte of RSSI and one whose highest bit says that the CRC
was right; or what means nothing.
"""

import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

_FCS = 2  # bytes of IEEE 802.15.4 in ZigBee
_CRC_WAS_RIGHT = 0x80
_CRC_SHARE = 0.5  # chance lets one in 65,536 fit
_RADIO_SHARE = (
    0.9  # chance lets every second one fit: what is not nearly always there means nothing
)


@dataclass(frozen=True, slots=True)
class Sequenced:
    """A frame as captured; with its FCS of two bytes unless `checked` is false."""

    raw: bytes
    checked: bool = True

    @classmethod
    def bare(cls, raw: bytes) -> "Sequenced":
        """Make one without FCS."""
        return cls(raw, checked=False)

    @classmethod
    def cut(cls, raw: bytes, surplus: int) -> "Sequenced":
        """Make one of what is left without the last bytes, which cannot be checked."""
        return cls(raw[: len(raw) - surplus], checked=False)


@dataclass
class Sifted:
    """The frames without FCS that are whole, with their numbers; and how many are not."""

    whole: list[tuple[int, bytes]] = field(default_factory=list)
    wrong: int = 0


def whole_frames(frames: Iterable[tuple[int, Sequenced]]) -> Sifted:
    """Take off every FCS, and leave out the frames whose FCS does not fit where most others do."""
    numbered = list(frames)
    checked = [frame.raw for _, frame in numbered if frame.checked]
    found = (check for check, share in _CHECKS if _is_usual(checked, check, share))
    fits = next(found, lambda _: True)
    sifted = Sifted()
    for number, frame in numbered:
        if not frame.checked:
            sifted.whole.append((number, frame.raw))
        elif fits(frame.raw):
            sifted.whole.append((number, frame.raw[:-_FCS]))
        else:
            sifted.wrong += 1
    return sifted


def _is_usual(frames: Sequence[bytes], check: Callable[[bytes], bool], share: float) -> bool:
    return bool(frames) and sum(map(check, frames)) > share * len(frames)


_MIRRORED = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))


def _crc_fits(frame: bytes) -> bool:
    """Return whether the CRC over all is 0; binascii has the one with the highest bit first."""
    return binascii.crc_hqx(frame.translate(_MIRRORED), 0) == 0


def _radio_says_right(frame: bytes) -> bool:
    return bool(frame[-1] & _CRC_WAS_RIGHT)


_CHECKS = ((_crc_fits, _CRC_SHARE), (_radio_says_right, _RADIO_SHARE))
