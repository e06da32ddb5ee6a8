"""Captures of 802.15.4 frames, as any sniffer writes them: bare, behind TAP or a preamble, in ZEP.

Link types are those of tcpdump.org.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hht.errors import InputError
from hht.files import open_plain
from hht.profiles.check_sequence import Sequenced, whole_frames
from hht.profiles.packets import NoCapture, Packet, Packets
from hht.profiles.zep import NETWORK_LINKS, PORT, zep_frame

_WITH_FCS, _WITHOUT_FCS, _TAP, _PREAMBLE = 195, 230, 283, 215  # link types
_FCS = 2  # bytes of IEEE 802.15.4 in ZigBee
_TAP_FCS_TYPE = 0  # the TLV that says how long the FCS is
_TAP_FCS_BYTES = {0: 0, 1: 2, 2: 4}
_BEFORE_FRAME = 6  # of link type 215: preamble (4), start of frame, length
_LENGTH = 0x7F
_MOST_BYTES = 1 << 30  # hours of a busy channel are some 100 MB
_PLACES = 4  # of what is damaged, in one line
_REMEDY = "Give a capture of 802.15.4 frames, as Wireshark or a sniffer writes it."


@dataclass(frozen=True, slots=True)
class CapturedFrame:
    """One MAC frame without its FCS; `number` counts the capture's packets from 1."""

    capture: str
    number: int
    raw: bytes


class Capture(list[CapturedFrame]):
    """The frames of a capture; `left_out` says in words which packets are not among them.

    `links` are the link types of its packets.
    """

    left_out: str = ""
    links: tuple[int, ...] = ()


def read_capture(path: Path) -> Capture:
    """Read all whole frames of a capture; InputError when it is none of 802.15.4."""
    try:
        packets = Packets.of(_read(path))
    except NoCapture as error:
        raise _unreadable(path, str(error), error.remedy or _REMEDY) from error
    name = shown_name(path)
    reader = _Reader()
    frames = whole_frames(reader.frames(packets.found))
    capture = Capture(CapturedFrame(name, number, raw) for number, raw in frames.whole)
    if not capture:
        _refuse_others(reader.others, reader.is_network, path)
    capture.links = tuple(sorted({packet.link_type for packet in packets.found}))
    capture.left_out = _left_out([*packets.damaged, *reader.damaged], frames.wrong, reader.others)
    return capture


def shown_name(path: Path) -> str:
    """Return the file's name so that a line of text can hold it."""
    return "".join(sign if sign.isprintable() else "?" for sign in path.name)


def _read(path: Path) -> bytes:
    try:
        with open_plain(path) as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file has such a name"
        raise InputError(
            f"It cannot be read ({why})", where=str(path), remedy="Check the path."
        ) from error
    if len(data) > _MOST_BYTES:
        remedy = "Keep the hub's channel and the time of the visit alone, with Wireshark."
        raise InputError("the capture is larger than 1 GiB", where=str(path), remedy=remedy)
    return data


class _Reader:
    """A reader of each packet's MAC frame, which names those damaged and counts those of others."""

    def __init__(self) -> None:
        self.damaged: list[str] = []
        self.others: Counter[int] = Counter()
        self.is_network = False

    def frames(self, packets: Iterable[Packet]) -> Iterator[tuple[int, Sequenced]]:
        for packet in packets:
            if packet.link_type not in _READERS:
                self.others[packet.link_type] += 1
                continue
            self.is_network |= packet.link_type in NETWORK_LINKS
            frame = self._frame(packet)
            if frame is not None:
                yield packet.number, frame

    def _frame(self, packet: Packet) -> Sequenced | None:
        frame = _READERS[packet.link_type](packet)
        if frame is None:
            self.damaged.append(f"packet {packet.number}")
        return frame if frame and frame.raw else None


def _with_fcs(packet: Packet) -> Sequenced | None:
    """Take the frame; some sniffers leave its FCS out and say that bytes are missing."""
    if packet.missing > _FCS or len(packet.data) < _FCS:
        return None
    return (
        Sequenced(packet.data)
        if not packet.missing
        else Sequenced.cut(packet.data, _FCS - packet.missing)
    )


def _without_fcs(packet: Packet) -> Sequenced | None:
    return None if packet.missing else Sequenced.bare(packet.data)


def _behind_preamble(packet: Packet) -> Sequenced | None:
    data = packet.data
    size = data[_BEFORE_FRAME - 1] & _LENGTH if len(data) >= _BEFORE_FRAME else 0
    frame = data[_BEFORE_FRAME : _BEFORE_FRAME + size]
    return Sequenced(frame) if _FCS <= size == len(frame) else None


def _behind_tap(packet: Packet) -> Sequenced | None:
    """Take the frame from behind its TAP header, whose TLVs say how long its FCS is."""
    data, length = packet.data, int.from_bytes(packet.data[2:4], "little")
    fcs = _tap_fcs(data[:length])
    if packet.missing or fcs is None or not 4 <= length <= len(data) - fcs:
        return None
    frame = data[length:]
    return Sequenced(frame) if fcs == _FCS else Sequenced.cut(frame, fcs)


def _tap_fcs(header: bytes) -> int | None:
    """Return how many bytes of FCS there are, None where the header cannot be read."""
    at, fcs = 4, 0
    while at + 4 <= len(header):
        kind, size = (int.from_bytes(header[i : i + 2], "little") for i in (at, at + 2))
        if kind == _TAP_FCS_TYPE:
            known = _TAP_FCS_BYTES.get(header[at + 4]) if size and at + 4 < len(header) else None
            if known is None:
                return None
            fcs = known
        at += 4 + size + -size % 4
    return fcs


def _out_of_zep(packet: Packet) -> Sequenced | None:
    frame = zep_frame(packet.link_type, packet.data)
    return None if frame is None else Sequenced(frame)


_READERS: dict[int, Callable[[Packet], Sequenced | None]] = {
    _WITH_FCS: _with_fcs,
    _WITHOUT_FCS: _without_fcs,
    _TAP: _behind_tap,
    _PREAMBLE: _behind_preamble,
    **dict.fromkeys(NETWORK_LINKS, _out_of_zep),
}
_OWN_LINKS = sorted(_READERS.keys() - NETWORK_LINKS.keys())


def _refuse_others(others: Counter[int], is_network: bool, path: Path) -> None:
    """Refuse a capture without a frame that holds something else."""
    if is_network:
        raise _unreadable(path, f"a network's capture without ZEP (UDP port {PORT}) in it")
    if others:
        known = ", ".join(map(str, _OWN_LINKS))
        raise _unreadable(path, f"link type {min(others)} is none of 802.15.4 ({known})")


def _left_out(damaged: list[str], wrong: int, others: Counter[int]) -> str:
    more = ", and more" if len(damaged) > _PLACES else ""
    places = f" ({', '.join(damaged[:_PLACES])}{more})"
    parts = {
        f"damaged or cut short{places}": len(damaged),
        "with a wrong check sequence": wrong,
        "of another link type": others.total(),
    }
    return ", ".join(f"{count} {what}" for what, count in parts.items() if count)


def _unreadable(path: Path, what: str, remedy: str = _REMEDY) -> InputError:
    return InputError(what, where=str(path), remedy=remedy)
