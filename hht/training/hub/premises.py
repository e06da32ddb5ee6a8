"""The Devices of a premises behind one hub: who is in the SM HAN, and messages to and from them."""

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra, read_headers
from hht.training.clock import Clock
from hht.training.devices.base import AlertDraft, Device
from hht.training.devices.chf import Chf
from hht.training.devices.credentials import DeviceKeys
from hht.training.devices.esme import Esme
from hht.training.devices.gpf import Gpf
from hht.training.devices.gsme import Gsme
from hht.training.devices.joining import JoiningDevice
from hht.training.devices.ppmid import Ppmid
from hht.training.hub.waiting_room import WaitingRoom
from hht.training.site_record import Site, SiteDevice
from hht.zse.hub_profile import HubProfile
from hht.zse.install_code import InstallCode

NOT_DELIVERED_TO_ESME = 0x8F84
NOT_RETRIEVED_BY_GSME = 0x819D
JOINING_FAILED = 0x8F48

Emit = Callable[[bytes], None]
"""Takes one Response or Alert, protected, that is for the HHT as well."""


class Premises:
    """The hub's CHF and GPF, the meters and displays; all time is the training clock's.

    `emit` gets every Response and Alert as it comes into being.
    """

    def __init__(self, site: Site, profile: HubProfile, clock: Clock, emit: Emit) -> None:
        hub = site.scenario.hub
        self._clock = clock
        self._emit = emit
        self._site = site
        self.chf = Chf(hub.chf, hub.gpf, site.keys, profile.device_log_limit)
        self.gpf = Gpf(hub.gpf, site.keys, profile.device_log_limit)
        made = (_device(spec, site.keys, profile.device_log_limit) for spec in site.devices)
        self.meters: dict[EntityId, JoiningDevice] = {each.entity_id: each for each in made}
        self.in_han: set[EntityId] = set()
        self.switched_off: set[EntityId] = set()
        self._waiting = WaitingRoom(
            site, profile, clock, self._is_present, self._execute, self._lapsed
        )
        for device in (self.gpf, *self.meters.values()):
            device.device_log.present = self._is_present
        for _ in range(hub.log_entries):
            stranger = EntityId(b"\x00\xdb" + os.urandom(6))
            self.chf.device_log.add(stranger, os.urandom(16))

    @property
    def devices(self) -> dict[EntityId, Device]:
        """Everything that takes GBCS messages, by Entity Identifier."""
        hub: list[Device] = [self.chf, self.gpf]
        return {device.entity_id: device for device in hub} | self.meters

    def deliver(self, raw: bytes) -> None:
        """Take one GBCS Command from the HHT to its recipient, at once or when that can be."""
        try:
            headers = read_headers(raw)
        except MalformedMessage as error:
            self.chf.note(self._clock.now(), 0, error.what)
            return
        device = self.devices.get(headers.recipient)
        if device is None or headers.cra is not Cra.COMMAND:
            self.chf.note(
                self._clock.now(), 0, f"nothing here takes what is for {headers.recipient}"
            )
        elif self._is_present(device.entity_id) and not self._waiting.sleeps(device.entity_id):
            self._execute(device.entity_id, raw)
        else:
            self._waiting.keep(device.entity_id, raw)

    def admit_hht(self, hht: EntityId, install_code: InstallCode) -> bool:
        """Enter an HHT into the CHF Device Log; False when it is full."""
        alerts = self.chf.admit_hht(hht, install_code.code, self._clock.now())
        self._emit_all(alerts or ())
        return alerts is not None

    def hht_joined(self, hht: EntityId, link_key: bytes) -> None:
        """The HHT has its link key: the CHF Device Log has its hash."""
        self._emit_all(self.chf.device_joined(hht, link_key, self._clock.now()))

    def remove_hht(self, hht: EntityId) -> None:
        """The HHT's stay is over."""
        self._emit_all(self.chf.remove(hht, self._clock.now()))

    @property
    def hhts(self) -> list[EntityId]:
        """The HHTs in the CHF Device Log."""
        return [entity for entity, row in self.chf.device_log.entries.items() if row.is_hht]

    def switch(self, entity: EntityId, *, on: bool) -> None:
        """Switch a Device's supply; when on it joins, if it may, and gets what waited for it."""
        if not on:
            self.switched_off.add(entity)
            return
        self.switched_off.discard(entity)
        self._let_join()

    def state(self) -> dict[str, Any]:
        """Everything that survives a power cut of the hub, for JSON."""
        return {
            "devices": {entity.hex(): device.state() for entity, device in self.devices.items()},
            "in_han": [entity.hex() for entity in self.in_han],
            "waiting": self._waiting.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Become what `state()` described, after a power cut."""
        for entity, saved in state["devices"].items():
            self.devices[EntityId.parse(entity)].restore(saved)
        self.in_han = {EntityId.parse(entity) for entity in state["in_han"]}
        self._waiting.restore(state["waiting"])
        self.chf.power_cycled()

    def _is_present(self, entity: EntityId) -> bool:
        joined = entity in self.in_han and entity not in self.switched_off
        return joined or entity in (self.chf.entity_id, self.gpf.entity_id)

    def _execute(self, entity: EntityId, raw: bytes) -> None:
        device = self.devices[entity]
        self._emit_all(device.handle(raw, self._clock.now()))
        if device is self.chf:
            self.in_han &= self.chf.device_log.entries.keys()
            self._let_join()

    def _let_join(self) -> None:
        """Devices that are on and have been let in join; their own radio is not simulated."""
        now = self._clock.now()
        for spec in self._site.devices:
            entity = spec.entity_id
            if entity not in self.switched_off and entity not in self.in_han:
                self._try_join(spec, now)
            self._waiting.release(entity)

    def _try_join(self, spec: SiteDevice, now: datetime) -> None:
        key = self.chf.join_key(spec.entity_id, now)
        if key is None:
            return
        remembered = spec.entity_id in self.chf.device_log.historic_keys
        if key != InstallCode(spec.install_code).link_key and not remembered:
            self.chf.note(now, JOINING_FAILED, f"{spec.entity_id} does not hold that Install Code")
            return
        self.in_han.add(spec.entity_id)
        self._emit_all(self.chf.device_joined(spec.entity_id, os.urandom(16), now))
        self._emit_all(self.meters[spec.entity_id].joined_han(now))

    def _lapsed(self, entity: EntityId) -> None:
        """What waited for a Device was not delivered: the CHF says so."""
        kind = self.devices[entity].kind
        codes = {
            DeviceType.ESME: NOT_DELIVERED_TO_ESME,
            DeviceType.GSME: NOT_RETRIEVED_BY_GSME,
        }
        if kind in codes:
            now = self._clock.now()
            self._emit_all([self.chf.alert(AlertDraft(codes[kind], signed=False), now)])

    def _emit_all(self, messages: Iterable[bytes]) -> None:
        for message in messages:
            self._emit(message)


_KINDS: dict[DeviceType, type[Esme | Gsme | Ppmid]] = {
    DeviceType.ESME: Esme,
    DeviceType.GSME: Gsme,
    DeviceType.PPMID: Ppmid,
}


def _device(spec: SiteDevice, keys: DeviceKeys, log_limit: int) -> JoiningDevice:
    return _KINDS[spec.type](spec.entity_id, keys, log_limit)
