"""What the simulated air carries, as a pcap for Wireshark with its keys beside it.

Signal strength and LQI are as heard at the capturing station. `<pcap>.keys` has one line per key
in the format of Wireshark's own `zigbee_pc_keys` table: `"hex key","Normal","what for"`.
Copy it to the Wireshark profile folder under that name, or give each line to tshark as
`-o 'uat:zigbee_pc_keys:LINE'`.
"""

from pathlib import Path
from typing import Self

from hht.entity_id import EntityId
from hht.files import there_already
from hht.simulator.air.air import Air, Transmission
from hht.zse.frames.pcap import PcapFile, fresh_file

_KEYS_HEADING = (
    b'# Keys of the simulated networks: lines for the table "zigbee_pc_keys" of Wireshark.\n'
)


class PcapWriter:
    """A writer of frames as they are sent; the file is readable after a kill too."""

    def __init__(self, path: Path) -> None:
        self._file = PcapFile(path)
        self._keys = fresh_file(keys_path(path))
        self._known: set[tuple[str, bytes]] = set()
        self._keys.write(_KEYS_HEADING)

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
        self._file.write(sent.frame, at=sent.at, channel=sent.channel, rssi=rssi, lqi=lqi)

    def add_key(self, name: str, key: bytes) -> None:
        """Write one key (16 bytes) and what it is for; each once."""
        if (name, key) in self._known:
            return
        self._known.add((name, key))
        self._keys.write(f'"{key.hex(":")}","Normal","{name}"\n'.encode("ascii"))

    def close(self) -> None:
        """Close both files."""
        self._file.close()
        self._keys.close()


def check_place(path: Path) -> None:
    """InputError where a file has that name that is no capture with its keys beside it.

    One that was made of a real air has none, and can't be made once more.
    """
    if path.is_file() and path.stat().st_size and not keys_path(path).exists():
        raise there_already(path, "Another file has this name")


def keys_path(pcap: Path) -> Path:
    """Return the path of a capture's file of keys."""
    return pcap.with_name(pcap.name + ".keys")
