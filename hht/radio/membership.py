"""Joining the hub's HAN with a preconfigured link key, taking it up again, and leaving it."""

import contextlib
import secrets
from collections.abc import Iterator
from typing import Any

import bellows.types as t

from hht.entity_id import EntityId
from hht.radio.cancel_scope import CancelScope
from hht.radio.errors import (
    DongleRefused,
    JoinFailed,
    JoinFailure,
    NetworkLost,
)
from hht.radio.ezsp.link import EzspLink, Fields, status_name, succeeded
from hht.radio.inbox import Inbox
from hht.radio.types import Beacon, Network

# What a Smart Energy joiner with an install code says: the key is its own, and the network key
# is taken only when encrypted with it.
SECURITY = (
    t.EmberInitialSecurityBitmask.STANDARD_SECURITY_MODE
    | t.EmberInitialSecurityBitmask.HAVE_PRECONFIGURED_KEY
    | t.EmberInitialSecurityBitmask.REQUIRE_ENCRYPTED_KEY
)
TRANSMIT_POWER = 8  # dBm
_POLL_QUARTERS = 240  # a parent forgets a child that it has not heard of for some minutes
_POLL_FAILURES = 5
_KEY_INDEX = 0  # the first entry of the key table: only the hub has one
_KEY_BYTES = 16
_NO_NODE = EntityId(bytes(7) + b"\x01")
# The hub threw us out, and the news of it is still on its way; by versions before and from 14.
_OUT_ALREADY = ("INVALID_CALL", "INVALID_STATE")
_IN_A_NETWORK = _OUT_ALREADY  # the same words for what goes only outside of a network
_ALL_CHANNELS = 0x07FFF800  # 11 to 26, a bit each
_NO_PARENT = 3  # EmberRejoinReason: the parent is lost
_RESUME = t.EmberNetworkInitBitmask.NETWORK_INIT_NO_OPTIONS
_LEAVE = t.SlZigbeeLeaveNetworkOption.WITH_NO_OPTION

_FAILURES = {
    "NO_BEACONS": JoinFailure.NO_BEACON,
    "JOIN_FAILED": JoinFailure.REFUSED,
    "NOT_JOINED": JoinFailure.REFUSED,
    "NO_NETWORK_KEY_RECEIVED": JoinFailure.NO_NETWORK_KEY,
    "RECEIVED_KEY_IN_THE_CLEAR": JoinFailure.KEY_IN_CLEAR,
    "NO_LINK_KEY_RECEIVED": JoinFailure.SECURITY,
    "PRECONFIGURED_KEY_REQUIRED": JoinFailure.SECURITY,
    "SECURITY_CONFIGURATION_INVALID": JoinFailure.SECURITY,
}
# Said of a network that stays up, or of one that is being looked for.
_NO_VERDICT = {
    "NETWORK_OPENED",
    "NETWORK_CLOSED",
    "CHANNEL_CHANGED",
    "NODE_ID_CHANGED",
    "PAN_ID_CHANGED",
}


class Membership:
    """The dongle's place in a HAN; `scope` holds from the join to the end of it."""

    def __init__(self, link: EzspLink) -> None:
        self._link = link
        self._verdicts: Inbox[Any] | None = None
        self.keeps_a_han = False
        """Whether the dongle kept a membership when it was last asked to resume one."""
        self.scope = self._ended()
        link.listen("stackStatusHandler", self._status)

    def _ended(self) -> CancelScope:
        scope = self._link.scope.branch()
        scope.cut(lambda: NetworkLost(self._link.url))
        return scope

    async def join(self, beacon: Beacon, link_key: bytes, timeout: float) -> None:
        """Associate as an end device and take the network key; JoinFailed with the reason."""
        await self.leave()  # keys of an earlier HAN would be used first
        await self._set_security(link_key)
        with self._awaiting_verdict() as verdicts:
            (status,) = await self._link.command(
                "joinNetwork", t.EmberNodeType.END_DEVICE, _parameters(beacon)
            )
            if succeeded(status):
                status = await self._verdict(verdicts, timeout)
        self._admit(status)
        await self._keep_alive()

    async def _set_security(self, link_key: bytes) -> None:
        state = t.EmberInitialSecurityState(
            bitmask=SECURITY,
            preconfiguredKey=_key(link_key),
            networkKey=_key(bytes(16)),
            networkKeySequenceNumber=0,
            preconfiguredTrustCenterEui64=_eui64(EntityId(bytes(8))),
        )
        (status,) = await self._link.insist("setInitialSecurityState", state)
        if status.name in _IN_A_NETWORK:  # one that the dongle came back to by itself
            await self._depart()
            (status,) = await self._link.insist("setInitialSecurityState", state)
        if not succeeded(status):
            raise DongleRefused(self._link.url, "setInitialSecurityState", status_name(status))

    async def try_keys(self) -> None:
        """Set up security with a random key, enter a link key for no device, and clear both."""
        await self._set_security(secrets.token_bytes(_KEY_BYTES))
        await self.set_link_key(_NO_NODE, secrets.token_bytes(_KEY_BYTES))
        await self._link.order("clearKeyTable")

    async def resume(self, timeout: float) -> Network | None:
        """Resume the membership that the dongle remembers; None when it has none or lost it."""
        with self._awaiting_verdict() as verdicts:
            (status,) = await self._link.command("networkInit", _RESUME)
            self.keeps_a_han = succeeded(status)
            if not self.keeps_a_han:
                return None
            try:
                self._admit(await self._verdict(verdicts, timeout))
            except JoinFailed:
                return None
        await self._keep_alive()
        return await self.network()

    async def rejoin(self, timeout: float) -> None:
        """Find the HAN that was lost again, on any channel, without its network key.

        The hub sends that key again, under the link key that the dongle kept; JoinFailed where it
        does not. Only after `resume` or the loss of the HAN.
        """
        more = (_NO_PARENT, t.EmberNodeType.END_DEVICE) if self._link.version >= 14 else ()
        with self._awaiting_verdict() as verdicts:
            (status,) = await self._link.command(
                "findAndRejoinNetwork", False, _ALL_CHANNELS, *more
            )
            if succeeded(status):
                status = await self._verdict(verdicts, timeout)
        self._admit(status)
        await self._keep_alive()

    async def network(self) -> Network:
        """Ask for the HAN as the dongle knows it; NetworkLost outside of one."""
        self.scope.check()
        _, parameters = await self._link.order("getNetworkParameters")
        (short_address,) = await self._link.command("getNodeId")
        extended = EntityId.from_little_endian(parameters.extendedPanId.serialize())
        return Network(
            int(parameters.radioChannel), int(parameters.panId), extended, int(short_address)
        )

    async def leave(self) -> None:
        """Leave the HAN, if the dongle is in one; its link keys go in any case."""
        if not self.scope.ended.is_set():
            await self._depart()
        await self._link.command("clearKeyTable")

    async def _depart(self) -> None:
        with self._awaiting_verdict() as verdicts:
            options = (_LEAVE,) if self._link.version >= 14 else ()
            (status,) = await self._link.command("leaveNetwork", *options)
            if succeeded(status):
                with contextlib.suppress(JoinFailed):  # the parent's silence does not keep us in
                    await self._verdict(verdicts, self._link.patience)
            elif status.name not in _OUT_ALREADY:
                raise DongleRefused(self._link.url, "leaveNetwork", status_name(status))
        self.end()

    async def set_link_key(self, partner: EntityId, key: bytes) -> None:
        """Put the APS link key shared with `partner` into the dongle's table.

        Each command of the firmware for that is tried; DongleRefused with the first one's answer.
        """
        address, value = _eui64(partner), _key(key)
        ways: dict[str, tuple[Any, ...]] = {
            "addOrUpdateKeyTableEntry": (address, True, value),
            "importLinkKey": (_KEY_INDEX, address, value),
            "setKeyTableEntry": (_KEY_INDEX, address, True, value),
        }
        refusals: list[DongleRefused] = []
        for name in filter(self._link.has, ways):
            try:
                await self._link.order(name, *ways[name])
                return
            except DongleRefused as error:
                refusals.append(error)
        raise refusals[0]

    def end(self) -> None:
        """Fail all that waits on the membership."""
        self.scope.cut(lambda: NetworkLost(self._link.url))

    def _admit(self, status: Any) -> None:
        name = status.name.removeprefix("ZIGBEE_")
        if name != "NETWORK_UP":
            reason = _FAILURES.get(name, JoinFailure.OTHER)
            raise JoinFailed(self._link.url, reason, status_name(status))
        self.scope = self._link.scope.branch()

    @contextlib.contextmanager
    def _awaiting_verdict(self) -> Iterator[Inbox[Any]]:
        """Collect stack statuses from before the command that causes them."""
        self._verdicts = Inbox()
        try:
            yield self._verdicts
        finally:
            self._verdicts = None

    async def _verdict(self, verdicts: Inbox[Any], timeout: float) -> Any:
        """Wait for the first stack status that says how it went."""
        try:
            async with self._link.clock.timeout(timeout):
                return await verdicts.take(self._link.scope.hold)
        except TimeoutError as error:
            raise JoinFailed(self._link.url, JoinFailure.NO_ANSWER, f"{timeout:g} s") from error

    def _status(self, fields: Fields) -> None:
        status = fields["status"]
        name = status.name.removeprefix("ZIGBEE_")
        if name in _NO_VERDICT:
            return
        if self._verdicts is not None:
            self._verdicts.put(status)
        elif name != "NETWORK_UP":
            self.end()

    async def _keep_alive(self) -> None:
        """Have the dongle poll its parent; firmware that refuses does it by itself."""
        await self._link.optional(
            "pollForData", _POLL_QUARTERS, t.EmberEventUnits.EVENT_QS_TIME, _POLL_FAILURES
        )


def _parameters(beacon: Beacon) -> t.EmberNetworkParameters:
    extended, _ = t.ExtendedPanId.deserialize(beacon.extended_pan_id.little_endian)
    return t.EmberNetworkParameters(
        extendedPanId=extended,
        panId=beacon.pan_id,
        radioTxPower=TRANSMIT_POWER,
        radioChannel=beacon.channel,
        joinMethod=t.EmberJoinMethod.USE_MAC_ASSOCIATION,
        nwkManagerId=0,
        nwkUpdateId=0,
        channels=0,
    )


def _key(key: bytes) -> t.KeyData:
    value, _ = t.KeyData.deserialize(key)
    return value


def _eui64(entity_id: EntityId) -> t.EUI64:
    value, _ = t.EUI64.deserialize(entity_id.little_endian)
    return value
