"""The CHF Device Log and Historic Device Log: who may be in the SM HAN, and with which key.

Source: GBCS CCS01-CCS07 and CS14 as the mapping table describes them. The Hand Held Terminal has an
entry here while it is a member; it never goes into the Historic log.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hht.entity_id import EntityId
from hht.gbcs.dlms import (
    Value,
    array,
    bits,
    integer,
    octets,
    structure,
    unsigned,
)
from hht.simulator.devices.core import times
from hht.zse import aes_mmo
from hht.zse.install_code import InstallCode

HISTORIC_ENTRIES = 15
"""What a CHF keeps of removed Devices (GBCS CCS02)."""
_COMMUNICATING = 0xC8
"""The status bits of an entry in reference data; what each bit means is not public."""


@dataclass(slots=True)
class LinkQuality:
    """How a Device is heard: three RSSI in dBm, three LQI, and what the CHF counts (CCS06)."""

    rssi: tuple[int, int, int] = (0, 0, 0)
    lqi: tuple[int, int, int] = (0, 0, 0)
    last_heard: datetime | None = None
    hops: int = 1
    failures: int = 0
    successes: int = 0
    application: int = 1
    stack: int = 1

    def heard(self, lqi: int, rssi: int, now: datetime) -> None:
        """Return the quality with one more frame; the middle value is a slow average."""
        first = self.last_heard is None
        self.rssi = (rssi,) * 3 if first else _spread(self.rssi, rssi)
        self.lqi = (lqi,) * 3 if first else _spread(self.lqi, lqi)
        self.last_heard = now
        self.successes = min(self.successes + 1, 255)


@dataclass(slots=True)
class LogEntry:
    """One Device: its code-derived link key, and once it joined, its Trust Centre link key.

    `key_hash` is empty until the Device joined; a restored Device has a hash and no keys.
    """

    entity_id: EntityId
    install_key: bytes = field(default=b"", repr=False)
    link_key: bytes = field(default=b"", repr=False)
    key_hash: bytes = b""
    is_hht: bool = False
    quality: LinkQuality = field(default_factory=LinkQuality)


@dataclass(slots=True)
class ChfLog:
    """The two logs, the joining window, and the network's Extended PAN ID.

    `restored` says that another CHF's log was taken over, and the network has still to follow.
    """

    extended_pan_id: bytes
    limit: int
    entries: dict[EntityId, LogEntry] = field(default_factory=dict)
    historic: dict[EntityId, bytes] = field(default_factory=dict)
    historic_keys: dict[EntityId, bytes] = field(default_factory=dict, repr=False)
    join_timeout: int = 0
    joining_from: datetime | None = None
    restored: bool = False

    @property
    def full(self) -> bool:
        return len(self.entries) >= self.limit

    @property
    def content(self) -> tuple[bytes, dict[EntityId, bytes]]:
        """Return what CS14 carries: the Extended PAN ID and every Device's key hash."""
        return self.extended_pan_id, {e: entry.key_hash for e, entry in self.entries.items()}

    def add(self, entity: EntityId, install_code: bytes, *, is_hht: bool = False) -> bool:
        """Enter a Device; True when the log changed. A Device already in keeps its key (CCS01)."""
        held = self.entries.get(entity)
        if held is not None and held.is_hht >= is_hht:
            return False
        key = InstallCode(install_code).link_key
        self.entries[entity] = LogEntry(entity, key, is_hht=is_hht)
        return True

    def remove(self, entity: EntityId) -> bool:
        """Remove a Device, into the Historic log unless it is an HHT; False if it is not in."""
        entry = self.entries.pop(entity, None)
        if entry is None:
            return False
        if not entry.is_hht:
            self._remember(entry)
        return True

    def open_joining(self, now: datetime) -> None:
        """Open the network to Devices for the joining timeout from now."""
        self.joining_from = now

    def joining_open(self, now: datetime) -> bool:
        """Return whether the network is open to Devices of the log."""
        return self.joining_left(now) > 0

    def joining_left(self, now: datetime) -> float:
        """Return the seconds until the network closes to new Devices, 0 where it is closed."""
        if self.joining_from is None:
            return 0.0
        ends = self.joining_from + timedelta(seconds=self.join_timeout)
        return max(0.0, (ends - now).total_seconds())

    def join_key(self, entity: EntityId, now: datetime) -> bytes | None:
        """Return the 16-byte key with which the Device may join now; None when it may not.

        A Device of the Historic log joins with its old Trust Centre link key in the first half of
        the joining time and with its Install Code in the second (GBCS CCS01).
        """
        entry = self.entries.get(entity)
        if entry is None or not (entry.is_hht or self.joining_open(now)):
            return None
        old = self.historic_keys.get(entity)
        if old and self.joining_from is not None:
            half = self.joining_from + timedelta(seconds=self.join_timeout / 2)
            return old if now < half else entry.install_key
        return entry.install_key or None

    def member_key(self, entity: EntityId) -> bytes | None:
        """Return the key with which a member that is no child of the hub may come back.

        Of a Device of a restored log the CHF knows the hash alone, and uses that as the key.
        """
        entry = self.entries.get(entity)
        if entry is None or entry.is_hht:
            return None
        return entry.link_key or entry.key_hash or None

    def joined(self, entity: EntityId, link_key: bytes) -> bool:
        """Note the Trust Centre link key of a Device that joined; True when its hash changed."""
        entry = self.entries.get(entity)
        if entry is None:
            return False
        before, entry.key_hash = entry.key_hash, aes_mmo.digest(link_key)
        entry.link_key = link_key
        return before != entry.key_hash

    def heard(self, entity: EntityId, lqi: int, rssi: int, now: datetime) -> None:
        """Note the quality of the link to a Device when it is heard."""
        entry = self.entries.get(entity)
        if entry is not None:
            entry.quality.heard(lqi, rssi, now)

    def restore_backup(self, extended_pan_id: bytes, hashes: dict[EntityId, bytes]) -> None:
        """Replace the log by that of another CHF, as CCS03 gives it.

        HHTs stay until the network is formed again, which `restored` asks for; none is restored.
        """
        hhts = {e: entry for e, entry in self.entries.items() if entry.is_hht}
        restored = {e: LogEntry(e, key_hash=key_hash) for e, key_hash in hashes.items()}
        self.entries = restored | hhts
        self.extended_pan_id = extended_pan_id
        self.restored = True

    def forget_hhts(self) -> list[EntityId]:
        """Remove every HHT, as a power cut or the end of residency does; return them."""
        gone = [entity for entity, entry in self.entries.items() if entry.is_hht]
        for entity in gone:
            del self.entries[entity]
        return gone

    def quality(self, now: datetime) -> Value:
        """Build attribute 4: an array of one 14-field structure for each Device (CCS05, CCS06)."""
        return array(*(_quality(entry, now) for entry in self.entries.values()))

    def backup(self, now: datetime) -> Value:
        """Encode time, Extended PAN ID and every Device's hash (CCS07, CS14)."""
        return _backup(*self.content, now)

    def historic_backup(self, now: datetime) -> Value:
        """Build the same of the Historic log."""
        return _backup(self.extended_pan_id, self.historic, now)

    def _remember(self, entry: LogEntry) -> None:
        """Move an entry to the Historic log, in place of its oldest if it is full (GBCS CCS02)."""
        for table in (self.historic, self.historic_keys):
            table.pop(entry.entity_id, None)
        while len(self.historic) >= HISTORIC_ENTRIES:
            oldest = next(iter(self.historic))
            del self.historic[oldest]
            self.historic_keys.pop(oldest, None)
        self.historic[entry.entity_id] = entry.key_hash
        if entry.link_key:
            self.historic_keys[entry.entity_id] = entry.link_key

    def state(self) -> dict[str, Any]:
        """Return both logs, for JSON; the keys are secret and belong in an owner-only file."""
        return {
            "extended_pan_id": self.extended_pan_id.hex(),
            "join_timeout": self.join_timeout,
            "restored": self.restored,
            "entries": [
                [
                    e.entity_id.hex(),
                    e.install_key.hex(),
                    e.link_key.hex(),
                    e.key_hash.hex(),
                    e.is_hht,
                ]
                for e in self.entries.values()
            ],
            "historic": {k.hex(): v.hex() for k, v in self.historic.items()},
            "historic_keys": {k.hex(): v.hex() for k, v in self.historic_keys.items()},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Restore both logs; the joining window closed with the power."""
        self.extended_pan_id = bytes.fromhex(state["extended_pan_id"])
        self.join_timeout = state["join_timeout"]
        self.restored = state["restored"]
        self.entries = {}
        for text, install_key, link_key, key_hash, is_hht in state["entries"]:
            entity = EntityId.parse(text)
            self.entries[entity] = LogEntry(
                entity,
                install_key=bytes.fromhex(install_key),
                link_key=bytes.fromhex(link_key),
                key_hash=bytes.fromhex(key_hash),
                is_hht=is_hht,
            )
        for table in ("historic", "historic_keys"):
            rows = {EntityId.parse(k): bytes.fromhex(v) for k, v in state[table].items()}
            setattr(self, table, rows)


def _quality(entry: LogEntry, now: datetime) -> Value:
    link = entry.quality
    return structure(
        octets(entry.entity_id),
        bits(bytes([_COMMUNICATING])),
        *map(integer, link.rssi),
        *map(unsigned, link.lqi),
        octets(times.cosem(link.last_heard or now, weekday=True)),
        *map(unsigned, (link.hops, link.failures, link.successes, link.application, link.stack)),
    )


def _spread(held: tuple[int, int, int], value: int) -> tuple[int, int, int]:
    """Build greatest, average, least."""
    return max(held[0], value), (7 * held[1] + value) // 8, min(held[2], value)


def _backup(extended_pan_id: bytes, hashes: dict[EntityId, bytes], now: datetime) -> Value:
    rows = (structure(octets(entity), octets(key_hash)) for entity, key_hash in hashes.items())
    return structure(octets(times.cosem(now)), octets(extended_pan_id), array(*rows))
