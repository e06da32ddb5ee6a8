"""Files of keys beside a capture, as Wireshark's table zigbee_pc_keys has them."""

import re
from pathlib import Path

from hht.errors import InputError
from hht.files import ascii_text, read_input

_KEY = re.compile(r"(?:0x)?(?:[0-9A-Fa-f]{2}[:\- ]?){15}[0-9A-Fa-f]{2}")
_REMEDY = 'Write one key a line, 32 hexadecimal digits, or "KEY","Normal","what for" as Wireshark.'
_ORDERS = {"": 1, "normal": 1, "reverse": -1}
"""How the bytes of a key follow each other: those of a reverse one begin with the last."""


def read_keys(path: Path) -> list[bytes]:
    """Read the keys (16 bytes each), in order; InputError with the line that holds none.

    An error says where, and nothing of what is there. Text of any encoding, for the words beside
    a key may be in any.
    """
    keys = [
        _key(line, f"{path}, line {number}")
        for number, line in enumerate(ascii_text(read_input(path)).splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not keys:
        raise InputError("there is no key in it", where=str(path), remedy=_REMEDY)
    return keys


def _key(line: str, where: str) -> bytes:
    field, order = (part.strip().strip('"').strip() for part in f"{line},".split(",")[:2])
    if not _KEY.fullmatch(field):
        raise InputError("there is no key of 16 bytes", where=where, remedy=_REMEDY)
    if order.lower() not in _ORDERS:
        what = "the order of a key's bytes is neither Normal nor Reverse"
        raise InputError(what, where=where, remedy=_REMEDY)
    return bytes.fromhex(re.sub(r"0x|[:\- ]", "", field))[:: _ORDERS[order.lower()]]
