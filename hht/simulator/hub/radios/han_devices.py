"""The radios of all Devices of one premises: when each looks for the HAN, and who is in it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import JoinMethod, JoinResult
from hht.simulator.air.air import Link
from hht.simulator.hub.radios.device_radio import DeviceRadio
from hht.simulator.hub.radios.key_agreement import NoAnswer
from hht.simulator.hub.radios.unit_radio import UnitRadio
from hht.simulator.site.record import Site, SiteDevice
from hht.simulator.site.spec import DeviceSpec
from hht.simulator.stack.node import RadioNode
from hht.zse.cbke.cluster import TerminateStatus
from hht.zse.cbke.exchange import CbkeError

_RESULTS: Mapping[int, JoinResult] = {
    TerminateStatus.UNKNOWN_ISSUER: JoinResult.KEY_AGREEMENT_UNKNOWN_ISSUER,
    TerminateStatus.BAD_KEY_CONFIRM: JoinResult.KEY_AGREEMENT_BAD_KEY_CONFIRM,
    TerminateStatus.BAD_MESSAGE: JoinResult.KEY_AGREEMENT_BAD_MESSAGE,
    TerminateStatus.NO_RESOURCES: JoinResult.KEY_AGREEMENT_NO_RESOURCES,
    TerminateStatus.UNSUPPORTED_SUITE: JoinResult.KEY_AGREEMENT_UNSUPPORTED_SUITE,
    TerminateStatus.INVALID_CERTIFICATE: JoinResult.INVALID_OR_MISSING_CERTIFICATE,
}
"""What a join by method A answers when key establishment with the other Device ends so."""


_ABSENT: Mapping[JoinMethod, JoinResult] = {
    JoinMethod.METHOD_A_INITIATOR: JoinResult.NO_CBKE_RESPONSE,
    JoinMethod.METHOD_B: JoinResult.NO_PARTNER_LINK_KEY_RECEIVED,
}
PARTNER_SECONDS = 3.0
"""How long a Device tries to reach its partner before it answers that there was none: as long as
one that was just let in may need to join."""


class Premises(Protocol):
    """What the radios ask of the Devices behind them."""

    def may_be_let_in(self, entity: EntityId) -> bool:
        """Return whether the CHF Device Log has this Device, and it has a supply."""

    def held_key(self, entity: EntityId) -> bytes | None:
        """Return the Trust Centre link key (16 bytes) that a Device holds."""

    def in_han(self, entity: EntityId) -> bool:
        """Return whether the CHF Device Log has a link key of this Device."""

    def came_in(self, entity: EntityId) -> None:
        """Go on with what waited for this Device: it is a member of the HAN."""


class Radio(Protocol):
    """The radio of one Device, simulated here or behind a line of its own."""

    @property
    def member(self) -> bool:
        """Whether the Device is in the HAN now."""

    @property
    def sleeps(self) -> bool:
        """Whether the Device sleeps."""

    def seek(self) -> None:
        """Look for the network."""

    def lose(self) -> None:
        """Be no member any more."""

    def stop(self) -> None:
        """Have no supply."""

    def remember(self, hub: RadioNode, link_key: bytes) -> None:
        """Hold what a member of this hub's network keeps over a power cut."""

    async def in_han(self, seconds: float) -> bool:
        """Wait until the Device is a member, at most so many of the radio's seconds."""

    async def agree_with(self, partner: EntityId) -> None:
        """Agree a link key with another Device of the HAN; CbkeError or NoAnswer if not."""


class HanDevices:
    """Every Device's radio on the air of one hub; all have joined, or come back, by themselves."""

    def __init__(self, hub: RadioNode, site: Site, premises: Premises) -> None:
        self._hub = hub
        self._premises = premises
        devices = site.devices
        self.radios = {d.entity_id: self._radio(d, site) for d in devices if not d.spec.as_hht}
        self.units = {d.entity_id: self._unit(d) for d in devices if d.spec.as_hht}
        self._all: Mapping[EntityId, Radio] = {**self.radios, **self.units}

    def __contains__(self, entity: EntityId) -> bool:
        return entity in self._all

    def is_member(self, entity: EntityId) -> bool:
        """Return whether a Device is in the HAN now; what has no radio here is part of the hub."""
        radio = self._all.get(entity)
        return radio is None or radio.member

    def look_around(self) -> None:
        """Let the Devices look for the network that are in the CHF Device Log and not in the HAN.

        One that was not added stays quiet: its joining is begun by the person who fits it.
        """
        for entity, radio in self._all.items():
            if self._premises.may_be_let_in(entity) and not radio.member:
                radio.seek()

    def power_on(self) -> None:
        """Let the members come back to a hub that has power again, and the others look around."""
        for entity, radio in self._all.items():
            key = self._premises.held_key(entity)
            if key and self._premises.in_han(entity):
                radio.remember(self._hub, key)
        self.look_around()

    def lose_hub(self, *, for_good: bool = False) -> None:
        """Have no parent any more: the hub has no power, or `for_good` forms another network.

        A sleeping Device does not notice the first.
        """
        for radio in self._all.values():
            if for_good or not radio.sleeps:
                radio.lose()

    def agreed(self, entity: EntityId) -> None:
        """Count a unit as a member that lets itself in: it has its key."""
        if entity in self.units:
            self.units[entity].agreed()

    def follow(self) -> None:
        """Look for the hub that has gone to another channel; a sleeper does so when it wakes."""
        for radio in self.radios.values():
            if not radio.sleeps:
                radio.lose()
        self.look_around()

    def switch_off(self, entity: EntityId) -> None:
        """Take a Device's supply away."""
        self._all[entity].stop()

    def stop(self) -> None:
        """End with the hub's process."""
        for radio in self._all.values():
            radio.stop()

    async def agree(self, one: EntityId, other: EntityId, method: JoinMethod) -> JoinResult:
        """Have one Device get a link key with another; what its join by method A or B answers then.

        The hub's own GPF is joined by the link key that a Device has with the hub anyway, and how a
        Trust Centre hands out a key for two others (method B) is not on the air here: what counts
        is that both are in the HAN.
        """
        if not await self._all[other].in_han(PARTNER_SECONDS):
            return _ABSENT[method]
        if method is not JoinMethod.METHOD_A_INITIATOR:
            return JoinResult.SUCCESS
        try:
            await self._all[one].agree_with(other)
        except CbkeError as error:
            return _RESULTS.get(error.status, JoinResult.KEY_AGREEMENT_BAD_MESSAGE)
        except NoAnswer:
            return JoinResult.NO_CBKE_RESPONSE
        return JoinResult.SUCCESS

    def _unit(self, device: SiteDevice) -> UnitRadio:
        for half in (device.entity_id, device.spec.as_hht):
            if half:
                self._place(half, device.spec)
        return UnitRadio(
            self._hub, device.entity_id, partial(self._premises.came_in, device.entity_id)
        )

    def _place(self, entity: EntityId, spec: DeviceSpec) -> None:
        self._hub.air.set_link(entity, self._hub.eui64, Link(lqi=spec.lqi, rssi=spec.rssi))

    def _radio(self, device: SiteDevice, site: Site) -> DeviceRadio:
        spec, entity, premises = device.spec, device.entity_id, self._premises
        self._place(entity, spec)
        came_in: Callable[[], None] = partial(premises.came_in, entity)
        return DeviceRadio(
            device,
            self._hub,
            identity=partial(site.authority.identity, entity),
            held_key=partial(premises.held_key, entity),
            may_seek=partial(premises.may_be_let_in, entity),
            on_member=came_in,
        )
