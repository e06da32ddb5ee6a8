"""The Devices of a premises behind one hub: who is in the SM HAN, messages to and from them."""

import asyncio
import os
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType, JoinMethod
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra, Message, read_headers
from hht.hub_profile import HubProfile
from hht.simulator.devices.core.device import AlertDraft
from hht.simulator.devices.core.join_log import JoinRequest
from hht.simulator.devices.fleet import Fleet
from hht.simulator.devices.types.chf_duty import DutyState
from hht.simulator.hub.gas.gpf_tap_off import GpfTapOff
from hht.simulator.hub.membership.at_start import log_partners, log_strangers, prepare_radio
from hht.simulator.hub.membership.device_radios import Radios
from hht.simulator.hub.pending_commands import PendingCommands
from hht.simulator.site.record import Site, SiteDevice
from hht.simulator.site.spec import SUB_GHZ
from hht.zse.install_code import InstallCode

NOT_DELIVERED_TO_ESME = 0x8F84
NOT_RETRIEVED_BY_GSME = 0x819D
JOINING_FAILED = 0x8F48
_PAIRING_SECONDS = 60.0
"""How long a Command waits again that a power cut met in the middle of a key establishment."""
_KEY_LENGTH = 16
"""AES-128, as every ZigBee key."""

Emit = Callable[[bytes], None]
"""Called with one Response or Alert, protected, that is for the HHT as well."""


class Premises:
    """The hub's CHF and GPF, the meters and displays; all time is the premises'.

    `emit` gets every Response and Alert as it is made. `radios` are the Devices' own.
    """

    radios: Radios

    def __init__(
        self, site: Site, profile: HubProfile, clock: Clock, emit: Emit, fleet: Fleet
    ) -> None:
        self._clock = clock
        self._emit = emit
        self._site = site
        self._links = {each.entity_id: each.spec for each in site.devices}
        self.fleet = fleet
        self.chf = self.fleet.chf
        self.switched_off: set[EntityId] = set()
        self._held_keys: dict[EntityId, bytes] = {}
        self.on_member: list[Callable[[EntityId], None]] = []
        self._agreeing: dict[EntityId, bytes] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = PendingCommands(
            site, profile, clock, self.is_ready, self._execute, self._lapsed
        )
        self.tap_off = GpfTapOff(self.fleet.gpf, clock, profile.response_seconds, self.receive)
        for device in self.fleet.joining.values():
            device.device_log.present = self.is_present
        prepare_radio(self.chf, site, self._longest_sleep)
        self.chf.mask.register(profile.channel_mask_object, site.spec.hub.channel_table)
        self.left_behind: set[EntityId] = set()
        for old in (each for each in site.devices if each.spec.without_updates):
            self.fleet.joining[old.entity_id].handlers.pop("read-firmware")
        log_strangers(self.chf, site)
        for each in (each for each in site.devices if each.spec.joined):
            self._begin_joined(each)
        log_partners(self.fleet, site)

    def is_present(self, entity: EntityId) -> bool:
        """Return whether this Device is in the SM HAN and switched on."""
        is_hub = entity == self.chf.entity_id
        return is_hub or (self.in_han(entity) and self.radios.is_member(entity))

    def in_han(self, entity: EntityId) -> bool:
        """Return whether the CHF Device Log has a link key of this Device."""
        return self.fleet.in_han(entity)

    def may_be_let_in(self, entity: EntityId) -> bool:
        """Return whether the CHF Device Log has this Device, and it has a supply.

        While the HAN is about to be formed again, no Device is let in.
        """
        log = self.chf.device_log
        return entity in log.entries and self._can_seek(entity) and not log.restored

    def _can_seek(self, entity: EntityId) -> bool:
        """Return whether a Device has a supply and has not given up looking for its hub."""
        return entity not in self.switched_off and entity not in self.left_behind

    def held_key(self, entity: EntityId) -> bytes | None:
        """Return the Trust Centre link key (16 bytes) that a Device holds."""
        return self._held_keys.get(entity)

    def is_ready(self, entity: EntityId) -> bool:
        """Return whether a Device can take a Command: it is present and agrees no key just now."""
        return self.is_present(entity) and entity not in self._agreeing

    def waiting_for(self, entity: EntityId) -> int:
        """Count the Commands that wait for this Device."""
        return self._waiting.count(entity)

    def deliver(self, raw: bytes) -> None:
        """Give one GBCS Command to its recipient, at once or when that becomes possible."""
        try:
            headers = read_headers(raw)
        except MalformedMessage as error:
            self.chf.note(self._clock.now(), 0, error.what)
            return
        recipient = headers.recipient
        if recipient not in self.fleet or headers.cra is not Cra.COMMAND:
            self.chf.note(self._clock.now(), 0, f"nothing here takes what is for {recipient}")
        elif self._is_cut_off(recipient):
            self._emit_all([self.chf.duty.drop(headers, self._clock.now())])
        elif self.is_ready(recipient) and not self._waiting.sleeps(recipient):
            self._execute(recipient, raw)
        else:
            self._waiting.keep(recipient, raw)

    def may_wake(self, entity: EntityId) -> bool:
        """Return whether a sleeping Device has a supply and an entry in the CHF Device Log."""
        return self.in_han(entity) and self._can_seek(entity)

    def next_for(self, meter: EntityId) -> tuple[bytes, int] | None:
        """Return the oldest Command that a meter has to fetch, and how many wait after it."""
        return self._waiting.next_for(meter)

    def fetched(self, meter: EntityId, raw: bytes) -> None:
        """Drop a Command that a meter has fetched."""
        self._waiting.fetched(meter, raw)

    def execute(self, entity: EntityId, raw: bytes) -> list[bytes]:
        """Give a Device its Command and return its answers; the caller passes them to `receive`."""
        self.tap_off.passes(raw)
        return self.fleet[entity].handle(raw, self._clock.now())

    def receive(self, raw: bytes) -> None:
        """Pass on a Response or Alert of a Device that has reached the hub."""
        self._emit(raw)
        self.tap_off.heard(Message.parse(raw))

    def admit_hht(self, hht: EntityId, install_code: InstallCode) -> bool:
        """Enter an HHT into the CHF Device Log; False when it is full."""
        alerts = self.chf.admit_hht(hht, install_code.code, self._clock.now())
        self._emit_all(alerts or ())
        return alerts is not None

    def hht_joined(self, hht: EntityId, link_key: bytes) -> None:
        """Keep the hash of the HHT's link key in the CHF Device Log."""
        self._emit_all(self.chf.device_joined(hht, link_key, self._clock.now()))

    def remove_hht(self, hht: EntityId) -> None:
        """Remove an HHT from the CHF Device Log."""
        self._emit_all(self.chf.remove(hht, self._clock.now()))

    @property
    def hhts(self) -> list[EntityId]:
        """List the HHTs in the CHF Device Log."""
        return [entity for entity, row in self.chf.device_log.entries.items() if row.is_hht]

    def switch(self, entity: EntityId, *, on: bool) -> None:
        """Switch a Device's supply; when on it joins, if it may, and gets what waited for it."""
        if not on:
            self.switched_off.add(entity)
            self.radios.switch_off(entity)
            return
        self.switched_off.discard(entity)
        self.left_behind.discard(entity)
        self.radios.look_around()

    def hub_moved(self) -> None:
        """Leave those behind that do not follow their hub to another channel."""
        self.left_behind |= {each for each, spec in self._links.items() if spec.stays_behind}

    def come_back(self) -> None:
        """Let the Devices come into the HAN that was formed again from a restored log."""
        self.chf.device_log.restored = False
        self.radios.look_around()

    def came_in(self, entity: EntityId) -> None:
        """Go on with what waited for this Device: it is a member of the HAN."""
        self._note_link(entity)
        self._waiting.release(entity)
        for listener in self.on_member:
            listener(entity)

    def agreed_key(self, entity: EntityId, link_key: bytes) -> None:
        """Keep the Trust Centre link key that a Device has agreed with the hub."""
        self._held_keys[entity] = link_key
        self._emit_all(self.fleet.joined(entity, link_key, self._clock.now()))
        self._note_link(entity)

    def not_heard(self, entity: EntityId) -> None:
        """Note that a Device could not open the network key that the hub sent it."""
        reason = f"{entity} does not hold that Install Code"
        self.chf.note(self._clock.now(), JOINING_FAILED, reason)

    def tick(self) -> None:
        """Execute future-dated Commands that are due."""
        self._emit_all(self.fleet.tick(self._clock.now()))

    def state(self) -> dict[str, Any]:
        """Return everything that survives a power cut of the hub, for JSON."""
        return {
            "devices": self.fleet.state(),
            "waiting": self._waiting.state() + self._agreeing_state(),
            "keys": {entity.hex(): key.hex() for entity, key in self._held_keys.items()},
            "left_behind": [entity.hex() for entity in self.left_behind],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Restore what `state()` returned, after a power cut."""
        self.fleet.restore(state["devices"])
        self._waiting.restore(state["waiting"])
        self._held_keys = {EntityId.parse(e): bytes.fromhex(k) for e, k in state["keys"].items()}
        self.left_behind = {EntityId.parse(each) for each in state.get("left_behind", ())}
        self.chf.power_cycled()

    def _agreeing_state(self) -> list[list[Any]]:
        until = self._clock.time() + _PAIRING_SECONDS
        return [[entity.hex(), raw.hex(), until] for entity, raw in self._agreeing.items()]

    def use_sub_ghz(self, percent: float) -> None:
        """Have the sub-GHz radio use so many percent of its air time; the CHF reports it."""
        sub_ghz = (each for each, spec in self._links.items() if spec.band == SUB_GHZ)
        self.chf.duty.rationed = next(sub_ghz, None)
        self._emit_all(self.chf.duty.use(percent, self._clock.now()))

    def _is_cut_off(self, entity: EntityId) -> bool:
        """Return whether a message for a sub-GHz Device is dropped for want of air time."""
        spec = self._links.get(entity)
        is_sub_ghz = spec is not None and spec.band == SUB_GHZ
        return is_sub_ghz and self.chf.duty.value is DutyState.REGULATED

    def _longest_sleep(self) -> timedelta:
        asleep = (spec.wake_minutes for each, spec in self._links.items() if self.in_han(each))
        return timedelta(minutes=max(asleep, default=0))

    def _begin_joined(self, device: SiteDevice) -> None:
        """Have a Device in the HAN that joined before this day."""
        self.chf.device_log.add(device.entity_id, device.install_code)
        key = self._held_keys[device.entity_id] = os.urandom(_KEY_LENGTH)
        self.fleet.joined(device.entity_id, key, self._clock.now())
        self._note_link(device.entity_id)

    def _execute(self, entity: EntityId, raw: bytes) -> None:
        device = self.fleet.joining.get(entity)
        request = device.wants_key(raw) if device else None
        if request is None or request.other not in self._links:
            self._execute_now(entity, raw)
            return
        self._agreeing[entity] = raw
        task = asyncio.get_running_loop().create_task(self._agree_first(entity, request, raw))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _agree_first(self, entity: EntityId, request: JoinRequest, raw: bytes) -> None:
        """Establish the key that a join asks for on the air, then answer it by how that went."""
        result = await self.radios.agree(entity, request.other, JoinMethod(request.method))
        self.fleet.joining[entity].device_log.agreed[request.other] = result
        del self._agreeing[entity]
        self._execute_now(entity, raw)
        self._waiting.release(entity)

    def _execute_now(self, entity: EntityId, raw: bytes) -> None:
        self._emit_all(self.execute(entity, raw))
        self._note_link(entity)
        if entity == self.chf.entity_id:
            self.radios.look_around()
            self.tick()

    def _note_link(self, entity: EntityId) -> None:
        """Enter a Device's link quality in the CHF Device Log, as the scenario gives it."""
        if spec := self._links.get(entity):
            self.chf.device_log.heard(entity, spec.lqi, spec.rssi, self._clock.now())

    def _lapsed(self, entity: EntityId, raw: bytes) -> None:
        """Raise the CHF's alert for a Command that was not delivered in time."""
        kind = self.fleet[entity].kind
        codes = {
            DeviceType.ESME: NOT_DELIVERED_TO_ESME,
            DeviceType.GSME: NOT_RETRIEVED_BY_GSME,
        }
        if kind in codes:
            now = self._clock.now()
            self._emit_all([self.chf.alert(AlertDraft(codes[kind], signed=False), now)])
        self.tap_off.lapsed(raw)

    def _emit_all(self, messages: Iterable[bytes]) -> None:
        for message in messages:
            self.receive(message)
