"""What the DCC knows and a Service Request does not say: Device types, and backed up logs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.device_commands import CCS01_DEVICE_TYPES
from hht.hub_profile import HubProfile

_CCS01_NUMBERS = {name: number for number, name in CCS01_DEVICE_TYPES.items()}

ChfBackup = tuple[bytes, Mapping[EntityId, bytes]]
"""Extended PAN ID, and key hash by Device."""


@dataclass(frozen=True)
class Inventory:
    """The Smart Metering Inventory, and the device logs kept for a hub that is replaced.

    `type_2` is IHD or CAD, which GBCS gives one type. `mask_object` is where the hub has the
    channel mask of SECMP0012's draft.
    """

    types: Mapping[EntityId, DeviceType]
    type_2: Mapping[EntityId, str] = field(default_factory=dict)
    certificate: Callable[[EntityId], bytes | None] = lambda device: None
    chf_backups: Mapping[EntityId, ChfBackup] = field(default_factory=dict)
    gpf_backup: Mapping[EntityId, DeviceType] = field(default_factory=dict)
    mask_object: str = HubProfile.channel_mask_object

    def ccs01_type(self, device: EntityId) -> int | None:
        """Return the number by which CCS01 names the Device's type; None where it has none."""
        kind = self.types.get(device)
        if kind is None:
            return None
        name = self.type_2.get(device, "IHD") if kind is DeviceType.TYPE_2 else kind.name
        return _CCS01_NUMBERS.get(name)
