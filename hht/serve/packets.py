"""The packets between the server and an app in a browser, as Textual's web driver has them.

A letter (D data, M a JSON object), the length of what follows in 4 bytes, big end first, and that.
"""

import json
from asyncio import IncompleteReadError, StreamReader
from collections.abc import Mapping

DATA, META = b"D", b"M"
GREETING = b"__GANGLION__\n"
"""What the driver prints before its first packet."""
MOST_BYTES = 1 << 24
"""A whole screen in true colour has some 100 KB; more than 16 MB is not the driver's doing."""


def packet(kind: bytes, payload: bytes) -> bytes:
    """Put a payload into its packet."""
    return kind + len(payload).to_bytes(4, "big") + payload


def meta(**content: object) -> bytes:
    """Make the packet of a JSON object."""
    return packet(META, json.dumps(content).encode())


async def read_packet(stream: StreamReader) -> tuple[bytes, bytes] | None:
    """Read the next packet: its letter and its payload; None at the end, or where none is."""
    try:
        head = await stream.readexactly(5)
        length = int.from_bytes(head[1:], "big")
        if length > MOST_BYTES:
            return None
        return head[:1], await stream.readexactly(length)
    except (IncompleteReadError, OSError):
        return None


def meta_type(payload: bytes) -> str:
    """Return what an app's JSON object is about; empty where it is none."""
    try:
        content = json.loads(payload)
    except ValueError:
        return ""
    return str(content.get("type", "")) if isinstance(content, Mapping) else ""
