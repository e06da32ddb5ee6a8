"""What the DCC knows and a Service Request does not say: Device types, and backed up logs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType

ChfBackup = tuple[bytes, Mapping[EntityId, bytes]]
"""Extended PAN ID, and key hash by Device."""


@dataclass(frozen=True)
class Inventory:
    """The Smart Metering Inventory, and the device logs kept for a hub that is replaced."""

    types: Mapping[EntityId, DeviceType]
    certificate: Callable[[EntityId], bytes | None] = lambda device: None
    chf_backups: Mapping[EntityId, ChfBackup] = field(default_factory=dict)
    gpf_backup: Mapping[EntityId, DeviceType] = field(default_factory=dict)
