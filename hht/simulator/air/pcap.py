"""What the simulated air carries, as a pcap for Wireshark with its keys beside it.

Link type IEEE 802.15.4 TAP (283): each frame without FCS, with its channel and, as heard
at the capturing station, its signal strength and LQI. `<pcap>.keys` has one line per key
in the format of Wireshark's own `zigbee_pc_keys` table: `"hex key","Normal","what for"`.
Copy it to the Wireshark profile folder under that name, or give each line to tshark as
`-o 'uat:zigbee_pc_keys:LINE'`.
"""

import struct
from pathlib import Path
from typing import Self

from hht.entity_id import EntityId
from hht.simulator.air.air import Air, Transmission

_MAGIC, _VERSION, _SNAPLEN, _LINK_TYPE = 0xA1B2C3D4, (2, 4), 256, 283
_FCS_TYPE, _RSSI, _CHANNEL, _LQI = 0, 1, 3, 10
_KEYS_HEADING = (
    '# Keys of the simulated networks: lines for the table "zigbee_pc_keys" of Wireshark.\n'
)


class PcapWriter:
    """Writes frames as they are sent; whatever stops the process leaves a readable file."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self._keys = keys_path(path).open("w", encoding="ascii")
        self._known: set[tuple[str, bytes]] = set()
        self._keys.write(_KEYS_HEADING)
        self._keys.flush()
        self._file.write(struct.pack("<IHHiIII", _MAGIC, *_VERSION, 0, 0, _SNAPLEN, _LINK_TYPE))
        self._file.flush()

    @classmethod
    def on(cls, air: Air, path: Path, ear: EntityId | None = None) -> Self:
        """Capture everything on `air`, with the signal as the station `ear` gets it."""
        writer = cls(path)

        def write(sent: Transmission) -> None:
            link = air.link(sent.sender, ear) if ear and sent.sender != ear else None
            writer.write(sent, rssi=link.rssi if link else None, lqi=link.lqi if link else None)

        air.tap(write)
        air.tap_keys(writer.add_key)
        return writer

    def write(self, sent: Transmission, *, rssi: int | None = None, lqi: int | None = None) -> None:
        """Append one frame; RSSI in dBm and LQI where they are known."""
        tap = _tlv(_FCS_TYPE, b"\0") + _tlv(_CHANNEL, struct.pack("<HB", sent.channel, 0))
        tap += b"" if rssi is None else _tlv(_RSSI, struct.pack("<f", rssi))
        tap += b"" if lqi is None else _tlv(_LQI, bytes([lqi]))
        packet = struct.pack("<BxH", 0, 4 + len(tap)) + tap + sent.frame
        seconds, micros = divmod(round(sent.at * 1_000_000), 1_000_000)
        size = len(packet)
        self._file.write(struct.pack("<IIII", seconds, micros, size, size) + packet)
        self._file.flush()

    def add_key(self, name: str, key: bytes) -> None:
        """Write one key (16 bytes) and what it is for; each once."""
        if (name, key) in self._known:
            return
        self._known.add((name, key))
        self._keys.write(f'"{key.hex(":")}","Normal","{name}"\n')
        self._keys.flush()

    def close(self) -> None:
        """Close both files."""
        self._file.close()
        self._keys.close()


def keys_path(pcap: Path) -> Path:
    """Return the path of a capture's file of keys."""
    return pcap.with_name(pcap.name + ".keys")


def _tlv(kind: int, value: bytes) -> bytes:
    """Encode a TLV of the TAP header, padded to 4 bytes."""
    return struct.pack("<HH", kind, len(value)) + value + bytes(-len(value) % 4)
