"""The radios of all Devices of one premises: when each looks for the HAN, and who is in it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import JoinMethod, JoinResult
from hht.simulator.air.air import Link
from hht.simulator.hub.radios.device_radio import DeviceRadio
from hht.simulator.hub.radios.key_agreement import NoAnswer
from hht.simulator.site.record import Site, SiteDevice
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


class HanDevices:
    """Every Device's radio on the air of one hub; all have joined, or come back, by themselves."""

    def __init__(self, hub: RadioNode, site: Site, premises: Premises) -> None:
        self._hub = hub
        self._premises = premises
        self.radios = {each.entity_id: self._radio(each, site) for each in site.devices}

    def is_member(self, entity: EntityId) -> bool:
        """Return whether a Device is in the HAN now; what has no radio here is part of the hub."""
        radio = self.radios.get(entity)
        return radio is None or radio.member

    def look_around(self) -> None:
        """Let the Devices look for the network that are in the CHF Device Log and not in the HAN.

        One that nobody has added stays quiet: its joining is begun by whoever fits it.
        """
        for entity, radio in self.radios.items():
            if self._premises.may_be_let_in(entity) and not radio.member:
                radio.seek()

    def power_on(self) -> None:
        """Let the members come back to a hub that has power again, and the others look around."""
        for entity, radio in self.radios.items():
            key = self._premises.held_key(entity)
            if key and self._premises.in_han(entity) and not radio.node.network.key:
                radio.remember(self._hub, key)
        self.look_around()

    def lose_hub(self, *, for_good: bool = False) -> None:
        """Have no parent any more: the hub has no power, or `for_good` forms another network.

        A sleeping Device does not notice the first.
        """
        for radio in self.radios.values():
            if for_good or not radio.sleeps:
                radio.lose()

    def switch_off(self, entity: EntityId) -> None:
        """Take a Device's supply away."""
        self.radios[entity].stop()

    def stop(self) -> None:
        """End with the hub's process."""
        for radio in self.radios.values():
            radio.stop()

    async def agree(self, one: EntityId, other: EntityId, method: JoinMethod) -> JoinResult:
        """Have one Device get a link key with another; what its join by method A or B answers then.

        The hub's own GPF is joined by the link key that a Device has with the hub anyway, and how a
        Trust Centre hands out a key for two others (method B) is not on the air here: what counts
        is that both are in the HAN.
        """
        if not await self.radios[other].in_han(PARTNER_SECONDS):
            return _ABSENT[method]
        if method is not JoinMethod.METHOD_A_INITIATOR:
            return JoinResult.SUCCESS
        try:
            await self.radios[one].agree_with(other)
        except CbkeError as error:
            return _RESULTS.get(error.status, JoinResult.KEY_AGREEMENT_BAD_MESSAGE)
        except NoAnswer:
            return JoinResult.NO_CBKE_RESPONSE
        return JoinResult.SUCCESS

    def _radio(self, device: SiteDevice, site: Site) -> DeviceRadio:
        spec, entity, premises = device.spec, device.entity_id, self._premises
        self._hub.air.set_link(entity, self._hub.eui64, Link(lqi=spec.lqi, rssi=spec.rssi))
        came_in: Callable[[], None] = partial(premises.came_in, entity)
        return DeviceRadio(
            device,
            self._hub,
            identity=partial(site.authority.identity, entity),
            held_key=partial(premises.held_key, entity),
            may_seek=partial(premises.may_be_let_in, entity),
            on_member=came_in,
        )
