"""The I/O of the connect journey: from a dongle's address to an open tunnel, and back out."""

import contextlib
from datetime import datetime
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.journeys.connect import ConnectEvent, Step
from hht.journeys.events import (
    DongleOpened,
    HubChosen,
    HubFound,
    Left,
    ScanStarted,
)
from hht.journeys.journal import Journal
from hht.journeys.keeper import Keeper
from hht.journeys.link.credentials import Credentials
from hht.journeys.link.entrance import Entrance
from hht.journeys.link.not_heard import HubNotHeard
from hht.radio.dongle import Dongle
from hht.radio.errors import DongleError, DongleLost, DongleRefused
from hht.radio.ports import Plug
from hht.radio.types import Beacon, LinkQuality
from hht.session.discovery import At, HubSeen, find_hubs
from hht.session.errors import (
    CbkeFailed,
    CertificateUnfit,
    HubSilent,
    JoinRefused,
    SessionError,
    WindowClosed,
    WrongHub,
)
from hht.session.han_membership import Han
from hht.session.membership import leave_han
from hht.spans import counted
from hht.store import StoreError

if TYPE_CHECKING:
    from hht.journeys.equipment import RadioKit
    from hht.session.tunnel import Tunnel
    from hht.store import JobRow

RESUME_SECONDS = 5.0  # a dongle that kept its membership says so at once
_FOREIGN = (WrongHub, CbkeFailed)
_UNPROVEN = (*_FOREIGN, CertificateUnfit, WindowClosed, HubSilent, JoinRefused)
"""How entering fails with a network that only shows the Extended PAN ID of the hub."""


class Connector:
    """Dongle, membership and tunnel of one visit; `journal` knows how far it has come.

    `keeper` keeps each message that had arrived when a tunnel was given up: none may be lost.
    """

    def __init__(
        self,
        journal: Journal,
        job: "JobRow",
        kit: "RadioKit",
        keeper: Keeper,
    ) -> None:
        self.plug = Plug(kit.radio_url)
        self.hubs: list[HubSeen] = []
        self.scanned_at: datetime | None = None
        self.tunnel: Tunnel | None = None
        self.quality: LinkQuality | None = None
        self.heard_at = 0.0
        self.channel = 0
        """The hub's, when the tunnel was opened last."""
        self._journal = journal
        self._job = job
        self._credentials = Credentials(kit)
        self._profile = kit.profile
        self._keeper = keeper
        self._memory = kit.memory
        self._entrance = Entrance(
            *(journal, job, self._credentials, kit.profile, keeper),
            dongle=self.open,
            opened=self._opened,
        )
        self._dongle: Dongle | None = None
        self._dropped = 0
        self._is_heard_now = False

    @property
    def dongle(self) -> Dongle | None:
        """The dongle while it is open and there."""
        if self._dongle is None or self._dongle.lost.is_set():
            return None
        return self._dongle

    async def scan(self) -> list[HubSeen]:
        """Scan for every hub in reach, strongest first; leaves the HAN if the HHT was in one."""
        dongle = await self.open()
        await self.drop()
        channels = self._profile.channels
        with self._journal.step(Step.SCAN):
            self._journal.say(ScanStarted(channels[0], channels[-1]))
            self.scanned_at = self._journal.clock.now()
            self.hubs = await find_hubs(dongle, channels)
            self._is_heard_now = True
            self._journal.note(ConnectEvent.HUBS_HEARD)
            for hub in self.hubs:
                self._journal.say(self._found(hub))
        return self.hubs

    def beacon_of(self, hub: EntityId | None) -> tuple[datetime, Beacon] | None:
        """Return when the last scan was and what it heard of a hub; None for twins of it."""
        beacons = [each.beacon for each in self.hubs if each.gpf == hub]
        return (self.scanned_at, beacons[0]) if self.scanned_at and len(beacons) == 1 else None

    async def hears(self, gpf: EntityId) -> bool:
        """Return whether this hub answers a scan now.

        Nothing is noted. Leaves the HAN if in one.
        """
        dongle = await self.open()
        if self.tunnel is not None or self._is_heard_now:
            await self.drop()
        return any(hub.gpf == gpf for hub in await find_hubs(dongle, self._profile.channels))

    async def connect(self, gpf: EntityId, at: At | None = None) -> None:
        """Do every step to an open tunnel with this hub, from where the last try ended.

        Where several networks show its Extended PAN ID each is tried, the strongest first, until
        one has the hub's certificate; with `at` that one alone. Any HhtError leaves the HHT
        outside the HAN, with the hub confirmed. A dongle that refuses a step is let go of: opened
        again it is reset, which cures what it may be in. IdentityUnusable before anything is sent.
        """
        await self._identify()
        try:
            if not await self._take_up(gpf):
                await self._enter_one_of(await self._find(gpf, at))
        except DongleRefused:
            await self.drop()
            await self.close()
            raise
        except BaseException:
            await self.drop()
            raise

    async def _identify(self) -> None:
        """Have the credentials; what a scan did without them is done once more, with the dongle."""
        if self._credentials.known is None:
            self._credentials.get()
            self._is_heard_now = False
            await self.close()

    async def drop(self) -> None:
        """Let go of tunnel and membership; nothing is sent to the hub, which may be gone.

        It may come back on another channel: what was heard before counts no more.
        """
        self._is_heard_now = False
        await self._abandon_tunnel()
        await self._step_out()

    async def _step_out(self) -> None:
        if self.dongle is not None:
            with contextlib.suppress(DongleError):
                await self.dongle.leave()
        self._journal.note_loss()

    async def leave(self) -> None:
        """Leave the HAN, its keys with it, and release the dongle."""
        gpf = self._journal.connect.hub
        if self.dongle is not None:
            await self._leave_han(self.dongle)
        await self._abandon_tunnel()
        self._journal.note(ConnectEvent.LEFT)
        self._journal.close()
        if gpf is not None:
            self._journal.say(Left(gpf))
        await self.close()

    async def note_quality(self) -> None:
        """Ask the dongle how well the hub was heard just now."""
        self._note_dropped()
        if self.dongle is not None:
            self.quality = await self.dongle.link_quality()
            self.heard_at = self._journal.clock.elapsed()

    def _note_dropped(self) -> None:
        """Put into the trail what had to be dropped because too much waited to be read."""
        sources = (self._dongle, self.tunnel)
        dropped = sum(source.dropped for source in sources if source is not None)
        if dropped > self._dropped:
            messages = counted(dropped - self._dropped, "message")
            self._keeper.note_fault(f"{messages} came too fast: dropped")
        self._dropped = dropped

    async def close(self) -> None:
        """Release the dongle, as it is."""
        await self._abandon_tunnel()
        if self._dongle is not None:
            await self._dongle.close()
            self._dongle = None
        self._journal.note_no_link()

    async def _leave_han(self, dongle: Dongle) -> None:
        """Leave, with a message to the hub only once everything is kept; else without one."""
        try:
            await leave_han(dongle, self.tunnel, self._keeper.keep)
        except StoreError:
            await self.drop()
            raise

    def _opened(self, tunnel: "Tunnel", channel: int) -> None:
        self.tunnel, self.channel = tunnel, channel

    async def _abandon_tunnel(self) -> None:
        self._note_dropped()
        tunnel, self.tunnel = self.tunnel, None
        if tunnel is not None:
            await tunnel.stop()
            tunnel.hand_over(self._keeper.keep_or_hold)

    async def open(self) -> Dongle:
        """Return the dongle, opened where it is not; HhtError for one that is not this HHT's."""
        if self.dongle is not None:
            return self.dongle
        address = self.plug.find()
        endpoint, clock, memory = self._profile.hht_endpoint, self._journal.clock, self._memory
        dongle = await Dongle.open(address, own_endpoint=endpoint, clock=clock, memory=memory)
        await self._credentials.check_dongle(dongle, address)
        self._dongle = dongle
        self.plug.note_opened()
        self._journal.say(DongleOpened(str(dongle.firmware), str(dongle.line or "")))
        return dongle

    async def _find(self, gpf: EntityId, at: At | None) -> list[HubSeen]:
        """Return the networks that show this hub's Extended PAN ID now; HubNotHeard without any."""
        if not self._is_heard_now or not self._heard(gpf, at):
            await self.scan()
        hubs = self._heard(gpf, at)
        if not hubs:
            raise HubNotHeard(
                "The hub does not answer the scan",
                where=str(gpf),
                remedy="Check that it has power, move closer, and scan again.",
            )
        return hubs

    def _heard(self, gpf: EntityId, at: At | None) -> list[HubSeen]:
        return [hub for hub in self.hubs if hub.gpf == gpf and at in (None, hub.at)]

    async def _enter_one_of(self, hubs: list[HubSeen]) -> None:
        """Enter the first that proves to be the hub; else raise what is most worth mending."""
        errors: list[SessionError] = []
        for hub in hubs:
            try:
                self._confirm(hub)
                return await self._entrance.enter(hub)
            except _UNPROVEN as error:
                errors.append(error)
                if len(hubs) > 1:
                    self._keeper.note_fault(
                        f"PAN {hub.beacon.pan_id:04X} on channel {hub.beacon.channel} shows the"
                        f" Extended PAN ID of {hub.gpf}, as another does: {error.what}"
                    )
                    await self._step_out()
        raise next((each for each in errors if not isinstance(each, _FOREIGN)), errors[0])

    def _confirm(self, hub: HubSeen) -> None:
        """Keep the hub as the one that the engineer confirmed."""
        with self._journal.step(Step.CONFIRM):
            self._journal.confirm(hub.gpf)
            self._journal.say(HubChosen(hub.gpf))
            self.quality = LinkQuality(hub.beacon.lqi, hub.beacon.rssi)
            self.heard_at = self._journal.clock.elapsed()

    async def _take_up(self, gpf: EntityId) -> bool:
        """Go on as the member that the dongle still is when only this program was restarted."""
        reached = self._journal.connect
        if self.dongle is not None or reached.hub != gpf or reached.admitted_at is None:
            return False
        dongle = await self.open()
        network = await dongle.resume(timeout=RESUME_SECONDS)
        if network is None or network.extended_pan_id != gpf:
            return False
        beacon = Beacon(network.channel, network.pan_id, gpf, allowing_join=False, lqi=0, rssi=0)
        self._journal.note(ConnectEvent.STILL_ADMITTED)
        self._journal.note(ConnectEvent.HAN_JOINED)
        try:
            await self._entrance.open_tunnel(Han(dongle, HubSeen(beacon)))
        except DongleLost:
            raise
        except (SessionError, DongleError):
            await self.drop()  # the hub has forgotten the HHT: from the beginning, then
            return False
        return True

    def _found(self, hub: HubSeen) -> HubFound:
        beacon = hub.beacon
        is_jobs_hub = hub.gpf == self._job.hub_gpf
        return HubFound(
            hub.gpf, beacon.channel, beacon.pan_id, beacon.lqi, beacon.rssi, is_jobs_hub
        )
