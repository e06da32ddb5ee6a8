"""Files of keys beside a capture, as Wireshark's table zigbee_pc_keys has them."""

import re
from pathlib import Path

from hht.errors import InputError

_KEY = re.compile(r"(?:[0-9A-Fa-f]{2}[:\- ]?){15}[0-9A-Fa-f]{2}")
_REMEDY = 'Write one key a line, 32 hexadecimal digits, or "KEY","Normal","what for" as Wireshark.'


def read_keys(path: Path) -> list[bytes]:
    """Read the keys (16 bytes each), in order; InputError with the line that holds none.

    An error says where, and nothing of what is there.
    """
    try:
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("cannot be read as text", where=str(path), remedy=_REMEDY) from error
    return [
        _key(line, f"{path}, line {number}")
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]


def _key(line: str, where: str) -> bytes:
    field = line.split(",")[0].strip().strip('"').strip()
    if not _KEY.fullmatch(field):
        raise InputError("there is no key of 16 bytes", where=where, remedy=_REMEDY)
    return bytes.fromhex(re.sub(r"[:\- ]", "", field))
