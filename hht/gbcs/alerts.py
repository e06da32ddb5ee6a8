"""Alert codes: read from an Alert's first bytes, and named as GBCS section 16 names them."""

from functools import cache

from hht.gbcs.errors import MalformedMessage
from hht.gbcs.length import read_length
from hht.tables import rows_of

_NOTIFICATION = 0x0F
_SEQUENCE = 0x30
_PROFILE = b"\x01\x09"


def alert_name(code: int) -> str:
    """Return what an alert code stands for.

    For a code this tool does not know, words that say so.
    """
    return _names().get(code, f"Alert {code:04X}, which this tool does not know")


def name_beside_code(code: int) -> str:
    """Return what an alert code stands for, where the code itself is shown beside it."""
    return _names().get(code, "An Alert this tool does not know")


def numbered_alert(code: int) -> str:
    """Return an alert code with its name: `8F66, Future dated command carried out`."""
    return f"{code:04X}, {alert_name(code)}" if code in _names() else alert_name(code)


@cache
def _names() -> dict[int, str]:
    return {int(code, 16): name for code, name in rows_of("alert_codes.tsv")}


def read_alert_code(payload: bytes) -> int | None:
    """Return the 16-bit code, None where the payload is no Alert's (GBCS, as seen in the RTDS
    4.5.0).

    DLMS: 0F, invoke id (4), 00, structure 02 n, 12 and the code. GBZ: profile 0109, a control
    octet, the code. ASN.1: a SEQUENCE whose first INTEGER is the code.
    """
    if payload[:1] == bytes([_NOTIFICATION]):
        return _two_bytes(payload, 9) if payload[8:9] == b"\x12" else None
    if payload.startswith(_PROFILE):
        return _two_bytes(payload, 3)
    if payload[:1] == bytes([_SEQUENCE]):
        return _first_integer(payload)
    return None


def _first_integer(payload: bytes) -> int | None:
    try:
        _, position, _ = read_length(payload, 1)
    except MalformedMessage:
        return None
    has_code = payload[position : position + 3] == b"\x02\x03\x00"
    return _two_bytes(payload, position + 3) if has_code else None


def _two_bytes(payload: bytes, at: int) -> int | None:
    raw = payload[at : at + 2]
    return int.from_bytes(raw, "big") if len(raw) == 2 else None
