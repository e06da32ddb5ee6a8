"""What is at the other end of the line when no EZSP dongle answers, by its first bytes.

Formats: ASH, Silicon Labs UG101; Spinel, draft-rquattle-spinel-unified (HDLC-lite, FCS as in X.25);
CPC, the header of Silicon Labs' co-processor protocol.
"""

import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from hht.radio.opening import on_the_network, other_sticks, trouble
from hht.radio.opening.answer import (
    DAMAGED,
    LIKELY,
    NCP_FIRMWARE,
    NOISE,
    SILENT,
    STUCK,
    SURE,
    WRITE_FIRMWARE,
    Answer,
)
from hht.radio.opening.lines import KNOWN_SPEEDS
from hht.radio.opening.texts import OWN_PORT, recognise_prompt, recognise_text, recognise_xmodem
from hht.zse.install_code import crc as x25

Look = Callable[[bytes], Answer | None]

_RESET = bytes.fromhex("C0 38 BC 7E")  # RST, as every host of EZSP begins
_NAK = bytes.fromhex("A0 54 7D 3A 7E")  # what it sends when an RST, such as its own, comes


def _as_it_comes_back(frame: bytes) -> bytes:
    """Return a pattern: whole, with seven bits, as UTF-8, with signs for what is not printed."""
    printed = "".join(chr(each) if each < 0x7F else "?" for each in frame).encode()
    forms = (
        *(frame, bytes(each & 0x7F for each in frame), frame.decode("latin-1").encode()),
        *(printed, printed.replace(b"?", b".")),
    )
    return b"|".join(map(re.escape, forms))


_RESET_BACK = re.compile(_as_it_comes_back(_RESET))
# The cancel bytes before it may come back as control characters are shown.
_FRAMES_BACK = re.compile(
    rb"(\x1a|\^Z)*(" + _as_it_comes_back(_RESET) + rb"|" + _as_it_comes_back(_NAK) + rb")"
)
_TEXT_BACK = re.compile(rb"\s*\bAT\b\s*")  # the question of text, with line ends of any kind
_FLAG, _ESCAPE, _CANCEL, _XOFF = 0x7E, 0x7D, 0x1A, 0x13
_SPEEDS = ", ".join(map(str, KNOWN_SPEEDS))


def recognise(heard: bytes, *, at_server: bool = False, named: str = "") -> Answer:
    """Say what sent these bytes after it was sent a reset; `at_server`: over the network.

    `named` is the one line that was tried, where the address names it.
    """
    if at_server:
        heard = on_the_network.without_greeting(heard)
    if comes_back(heard):
        return _echoing(heard, at_server=at_server)
    answer = _looked_at(heard, at_server) or _unknown(heard, named)
    if at_server and answer.rank in _AT_SERVER:
        what, remedy = _AT_SERVER[answer.rank]
        answer = replace(answer, what=what or answer.what, remedy=remedy)
    return answer


def comes_back(heard: bytes) -> bool:
    """Return whether the reset came back: from an echo, or from a command line."""
    return _RESET_BACK.search(heard) is not None


def _echoing(heard: bytes, *, at_server: bool) -> Answer:
    """Say what sends back what it is sent: nothing else came from an echo, even to text."""
    rest = _FRAMES_BACK.sub(b"", heard)
    left = _TEXT_BACK.sub(b"", rest)
    answer = _looked_at(rest, at_server)
    if answer and answer.rank >= LIKELY:
        return answer
    if answer := recognise_prompt(left):
        return answer
    remedy = f"{OWN_PORT[:-1]}; switch local echo off where a server has it."
    rank = SURE if left != rest else LIKELY
    return Answer("What is sent comes back: an echo, and no dongle behind it", remedy, rank)


def _looked_at(heard: bytes, at_server: bool) -> Answer | None:
    network = on_the_network.LOOKS if at_server else ()
    looks: tuple[Look, ...] = (
        *network,
        recognise_xmodem,
        partial(recognise_text, at_server=at_server),
        *_LOOKS,
    )
    return next((each for look in looks if (each := look(heard))), None)


def _ash(heard: bytes) -> Answer | None:
    answers = [_ash_frame(frame) for frame in _ash_frames(heard)]
    return max((each for each in answers if each), key=lambda each: each.rank, default=None)


def _ash_frames(heard: bytes) -> Iterator[bytes]:
    """Yield each frame, unstuffed, with its CRC."""
    for piece in heard.split(bytes([_FLAG]))[:-1]:
        piece = piece[piece.rfind(_CANCEL) + 1 :]
        yield _unstuffed(piece)


def _unstuffed(piece: bytes) -> bytes:
    return re.sub(rb"\x7d(.)", lambda found: bytes([found[1][0] ^ 0x20]), piece, flags=re.DOTALL)


def _ash_frame(frame: bytes) -> Answer | None:
    if len(frame) < 3:
        return None
    fits = binascii.crc_hqx(frame[:-2], 0xFFFF).to_bytes(2, "big") == frame[-2:]
    kind, size = frame[0], len(frame) - 3
    if kind in (0xC1, 0xC2) and size == 2 and not fits:
        what = "An EZSP dongle answers, but what it sends arrives damaged"
        return Answer(what, trouble.NO_ACKNOWLEDGEMENT.remedy, DAMAGED)
    if not fits:
        return None
    if kind == 0xC1 and size == 2 and frame[1] != 2:
        what = f"The dongle's firmware speaks version {frame[1]} of ASH, hht speaks version 2"
        return Answer(what, WRITE_FIRMWARE, SURE)
    if kind == 0xC2 and size == 2:
        what = f"No reset brings the dongle back: {trouble.failure(frame[2]).reason}"
        return Answer(what, "Unplug it and plug it in again.", SURE)
    return None


def _spinel(heard: bytes) -> Answer | None:
    for piece in heard.split(bytes([_FLAG])):
        frame = _unstuffed(piece)
        if len(frame) >= 4 and frame[0] & 0xC0 == 0x80 and x25(frame[:-2]) == frame[-2:]:
            return Answer("The dongle carries OpenThread firmware (Spinel)", WRITE_FIRMWARE, SURE)
    return None


def _cpc(heard: bytes) -> Answer | None:
    for found in re.finditer(rb"\x14(?=.{6})", heard, re.DOTALL):
        header = heard[found.start() : found.start() + 7]
        if binascii.crc_hqx(header[:5], 0).to_bytes(2, "little") == header[5:]:
            return Answer("The dongle carries multi-PAN radio firmware (CPC)", WRITE_FIRMWARE, SURE)
    return None


def _stuck(heard: bytes) -> Answer | None:
    kinds = set(heard)
    if kinds == {_XOFF}:
        what = "What answers stops the line (XOFF) and never lets it go on"
        remedy = "Unplug it and plug it in again; if it stays so, name the dongle's own port."
        return Answer(what, remedy, STUCK)
    if len(heard) < 3 or len(kinds) > 2:
        return None
    what = " and ".join(f"{kind:02X}" for kind in sorted(kinds))
    comes = f"byte {what} comes" if len(kinds) == 1 else f"bytes {what} come"
    return Answer(
        f"Nothing but the {comes}, again and again",
        "Name the dongle's own port; if this is it, plug it in again, or give its speed, "
        "such as ?baud=460800.",
        STUCK,
    )


def _unknown(heard: bytes, named: str) -> Answer:
    tried = f"with {named}, as the address has it" if named else _EVERY_LINE
    remedy = _TRY_THE_OTHERS if named else ""
    if not heard:
        remedy = remedy or f"Unplug it and plug it in again; if it stays silent, {_GIVE_SPEED}"
        return Answer(f"Nothing answers {tried}", f"{remedy} {_RIGHT_PORT}", SILENT)
    began = heard[:8].hex(" ").upper()
    what = f"Something answers, but nothing that can be read {tried}; it began with {began}"
    remedy = remedy or _GIVE_SPEED.capitalize()
    return Answer(what, f"{remedy} {_RIGHT_PORT}", NOISE)


_EVERY_LINE = f"at any known speed ({_SPEEDS} baud, with and without RTS/CTS)"
_TRY_THE_OTHERS = (
    "Leave baud and flow out of the address, so that every known line is tried; or check"
)
_GIVE_SPEED = "give its speed where it has another, such as ?baud=250000; or check"
_RIGHT_PORT = f"that this is the dongle's port and that it carries {NCP_FIRMWARE}."


def unasked(heard: bytes, *, at_server: bool = False) -> Answer:
    """Say that something sends unasked all the time, and nothing that can be read."""
    what = (
        "Something sends all the time without being asked, as no dongle does "
        f"(it began with {heard[:8].hex(' ').upper()})"
    )
    remedy = "Name the dongle's own port; if this is it, unplug it and plug it in again."
    return Answer(what, _PORT_AT_SERVER if at_server else remedy, NOISE)


_PORT_AT_SERVER = "Check in the server's settings that it serves the dongle's own port."
_SET_AT_SERVER = "Check the dongle's speed and flow control in the server's settings."
# What and remedy where a server sets the line; "" keeps what was said.
_AT_SERVER = {
    SILENT: (
        "The server accepts the connection, but no dongle answers behind it",
        "Check in its settings that it serves the dongle's port, at the dongle's speed.",
    ),
    NOISE: ("Something answers behind the server, but nothing that can be read", _SET_AT_SERVER),
    STUCK: ("", _SET_AT_SERVER),
    DAMAGED: ("", _SET_AT_SERVER),
}


_LOOKS: tuple[Look, ...] = (
    _cpc,
    _spinel,
    _ash,
    *other_sticks.LOOKS,
    _stuck,
)
