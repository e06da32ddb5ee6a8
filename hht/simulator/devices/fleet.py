"""All the Devices of a site: who they are, who is in the HAN, what they keep."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.simulator.devices.core.credentials import DeviceKeys
from hht.simulator.devices.core.device import Device
from hht.simulator.devices.core.join_log import LOG_ENTRIES
from hht.simulator.devices.core.joinable import JoiningDevice
from hht.simulator.devices.types.chf import Chf
from hht.simulator.devices.types.esme import Esme
from hht.simulator.devices.types.gpf import Gpf
from hht.simulator.devices.types.gsme import Gsme

_MAKERS: Mapping[DeviceType, Callable[[EntityId, DeviceKeys], JoiningDevice]] = {
    DeviceType.ESME: Esme,
    DeviceType.GSME: Gsme,
    DeviceType.PPMID: partial(JoiningDevice, DeviceType.PPMID),
    DeviceType.HCALCS: partial(JoiningDevice, DeviceType.HCALCS),
}


class Answering(Protocol):
    """What executes a Command: a Device, or a stand-in for one."""

    kind: DeviceType

    def handle(self, raw: bytes, now: datetime) -> list[bytes]:
        """Execute one Command; return Response and Alerts."""


class Fleet:
    """The CHF, the GPF and the Devices of one premises, by Entity Identifier.

    Type 2 Devices (IHD, CAD) take no GBCS Commands: the CHF Device Log alone knows them.
    """

    def __init__(
        self,
        chf: EntityId,
        gpf: EntityId,
        others: Mapping[EntityId, DeviceType],
        keys: DeviceKeys,
        chf_log_limit: int = LOG_ENTRIES,
    ) -> None:
        self.chf = Chf(chf, gpf, keys, chf_log_limit)
        self.chf.premises = others
        self.gpf = Gpf(gpf, keys)
        self.joining: dict[EntityId, JoiningDevice] = {gpf: self.gpf}
        for entity, kind in others.items():
            if kind in _MAKERS:
                self.joining[entity] = _MAKERS[kind](entity, keys)
        for device in self.joining.values():
            device.device_log.present = self.in_han

    def __iter__(self) -> Iterator[Device]:
        yield self.chf
        yield from self.joining.values()

    def __getitem__(self, entity: EntityId) -> Answering:
        """Return what executes a Command for this identifier; KeyError when nothing does."""
        return self.device(entity)

    def device(self, entity: EntityId) -> Device:
        """Return the Device of this identifier; KeyError when the premises have none."""
        return self.chf if entity == self.chf.entity_id else self.joining[entity]

    def __contains__(self, entity: EntityId) -> bool:
        return entity == self.chf.entity_id or entity in self.joining

    def in_han(self, entity: EntityId) -> bool:
        """Return whether this Device has joined the SM HAN; the GPF is part of the hub."""
        entry = self.chf.device_log.entries.get(entity)
        return entity == self.gpf.entity_id or (entry is not None and bool(entry.link_key))

    def joined(self, entity: EntityId, link_key: bytes, now: datetime) -> list[bytes]:
        """Note that a Device joined with this link key; return the CHF's and its own alerts."""
        alerts = self.chf.device_joined(entity, link_key, now)
        device = self.joining.get(entity)
        return alerts + (device.joined_han(now) if device else [])

    def tick(self, now: datetime) -> list[bytes]:
        """Execute future-dated Commands that are due; return what Devices send."""
        return [alert for device in self for alert in device.tick(now)]

    def state(self) -> dict[str, Any]:
        """Return every Device's state, by identifier, for JSON in an owner-only file."""
        return {device.entity_id.hex(): device.state() for device in self}

    def restore(self, state: dict[str, Any]) -> None:
        """Restore what `state()` returned."""
        for device in self:
            if device.entity_id.hex() in state:
                device.restore(state[device.entity_id.hex()])
