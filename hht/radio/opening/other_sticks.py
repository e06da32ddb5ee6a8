"""Sticks of other makes, which no firmware makes an EZSP dongle, by the frames that they send.

Formats: ZNP, Texas Instruments' Z-Stack Monitor and Test API; Z-Wave, the host interface of the
Serial API; deCONZ, dresden elektronik's serial protocol, in SLIP frames (RFC 1055).
"""

import re
from collections.abc import Callable
from functools import reduce
from operator import xor

from hht.radio.opening.answer import LIKELY, NCP_FIRMWARE, SURE, Answer

_OTHER_CHIP = f"Use a dongle with a Silicon Labs EFR32 chip and {NCP_FIRMWARE}."
_OTHER_PORT = "Name the dongle's own port; a stick with both radios has a port for each."
_ZWAVE = "This is a Z-Wave stick, which has no ZigBee radio"
_ZNP_SYSTEMS = (*range(10), 15)  # subsystems of the Monitor and Test API
_LEAST_DECONZ = 7  # octets: command, sequence, status, length (2), checksum (2)


def _znp(heard: bytes) -> Answer | None:
    """Recognise MT frames: FE, length, command (2 bytes), data, exclusive or of all but FE."""
    start = heard.find(0xFE)
    frame = heard[start:] if start >= 0 else b""
    if len(frame) < 5 or frame[2] & 0x60 not in (0x40, 0x60) or frame[2] & 0x1F not in _ZNP_SYSTEMS:
        return None
    size = frame[1] + 5
    fits = len(frame) >= size and reduce(xor, frame[1 : size - 1]) == frame[size - 1]
    # Some send a byte more or less than they should, but the next frame begins about there.
    near = len(frame) - size in (-1, 0, 1) or 0xFE in frame[size - 1 : size + 2]
    if not fits and not near:
        return None
    return Answer(
        "The dongle is one of Texas Instruments (ZNP firmware, such as of CC2652 sticks)",
        _OTHER_CHIP,
        SURE if fits else LIKELY,
    )


def _zwave(heard: bytes) -> Answer | None:
    """Recognise data frames: 01, length, type, command, data, FF exclusive or all but 01.

    The answer to the question for the version has words, which noise has not.
    """
    if re.search(rb"Z-Wave \d", heard):
        return Answer(_ZWAVE, _OTHER_PORT, SURE)
    for found in re.finditer(rb"\x01(?=[\x03-\xff][\x00\x01])", heard):
        frame = heard[found.start() + 1 :]
        frame = frame[: frame[0] + 1]
        if len(frame) == frame[0] + 1 and reduce(xor, frame) == 0xFF:
            return Answer(_ZWAVE, _OTHER_PORT, LIKELY)
    return None


def _refusals(heard: bytes) -> Answer | None:
    """Recognise NAK and CAN, by which Z-Wave sticks refuse what is no frame of theirs."""
    if len(heard) < 3 or not set(heard) <= {0x15, 0x18}:
        return None
    what = "What answers refuses all that is sent (NAK), as Z-Wave sticks do"
    return Answer(what, _OTHER_PORT, LIKELY)


def _deconz(heard: bytes) -> Answer | None:
    """Recognise command, sequence, status, length of all before the checksum, data, checksum."""
    for piece in heard.split(b"\xc0"):
        frame = piece.replace(b"\xdb\xdc", b"\xc0").replace(b"\xdb\xdd", b"\xdb")
        size, check = frame[3:5], frame[-2:]
        whole = len(frame) >= _LEAST_DECONZ and int.from_bytes(size, "little") == len(frame) - 2
        if whole and (sum(frame[:-2]) + int.from_bytes(check, "little")) & 0xFFFF == 0:
            what = "This is a ConBee or RaspBee (deCONZ firmware)"
            return Answer(what, _OTHER_CHIP, SURE)
    return None


LOOKS: tuple[Callable[[bytes], Answer | None], ...] = (_znp, _zwave, _deconz, _refusals)
