"""Capture files of IEEE 802.15.4 frames, as Wireshark reads them.

Link type IEEE 802.15.4 TAP (283): each frame without FCS, with its channel and, where they are
known, its signal strength and LQI.
"""

import errno
import os
import struct
from io import FileIO
from pathlib import Path

from hht.files import replacing

_MAGIC, _VERSION, _SNAPLEN, _LINK_TYPE = 0xA1B2C3D4, (2, 4), 256, 283
_FCS_TYPE, _RSSI, _CHANNEL, _LQI = 0, 1, 3, 10  # types of a TLV (IEEE 802.15.4 TAP, link type 283)
_NO_FCS = b"\0"


class PcapFile:
    """A writer of frames as they come; the file is readable after a kill too."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = fresh_file(path)
        self._put(struct.pack("<IHHiIII", _MAGIC, *_VERSION, 0, 0, _SNAPLEN, _LINK_TYPE))

    def write(
        self,
        frame: bytes,
        *,
        at: float,
        channel: int,
        rssi: float | None = None,
        lqi: int | None = None,
    ) -> None:
        """Append a frame heard at `at` seconds since 1970; RSSI in dBm."""
        tap = _tlv(_FCS_TYPE, _NO_FCS) + _tlv(_CHANNEL, struct.pack("<HB", channel, 0))
        tap += b"" if rssi is None else _tlv(_RSSI, struct.pack("<f", rssi))
        tap += b"" if lqi is None else _tlv(_LQI, bytes([lqi]))
        packet = struct.pack("<BxH", 0, 4 + len(tap)) + tap + frame
        seconds, micros = divmod(round(at * 1_000_000), 1_000_000)
        size = len(packet)
        self._put(struct.pack("<IIII", seconds, micros, size, size) + packet)

    def _put(self, data: bytes) -> None:
        """Write all; OSError with the file's name where it has no room."""
        try:
            if self._file.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            error.filename = str(self._path)
            raise

    def close(self) -> None:
        self._file.close()


def fresh_file(path: Path) -> FileIO:
    """Open a new file in the place of one of that name; a pipe or a device is written to."""
    if path.exists() and not path.is_file():
        return path.open("wb", buffering=0)
    with replacing(path, synced=False) as descriptor:
        return FileIO(descriptor, "w")


def _tlv(kind: int, value: bytes) -> bytes:
    """Encode a TLV of the TAP header, padded to 4 bytes."""
    return struct.pack("<HH", kind, len(value)) + value + bytes(-len(value) % 4)
