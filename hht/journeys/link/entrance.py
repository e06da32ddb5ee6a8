"""The way into one hub's HAN: admission over inter-PAN, the join, the keys, the tunnel."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from hht.journeys.connect import ConnectEvent, Step
from hht.journeys.events import InterPanOpened
from hht.journeys.journal import Journal
from hht.journeys.keeper import Keeper
from hht.journeys.link.credentials import Credentials
from hht.radio.dongle import Dongle
from hht.session.admission import admission
from hht.session.discovery import HubSeen
from hht.session.errors import HubSilent, WindowClosed
from hht.session.han_membership import Han
from hht.session.membership import agree_han_key, join_han
from hht.session.tunnel_opening import open_tunnel

if TYPE_CHECKING:
    from hht.hub_profile import HubProfile
    from hht.session.key_agreement import OnDoubt
    from hht.session.tunnel import Tunnel
    from hht.store import JobRow


class Entrance:
    """Every step from a hub that was heard to an open tunnel, each noted in the journal.

    `dongle` opens the dongle where it is not; `opened` is given the tunnel and the hub's channel.
    """

    def __init__(
        self,
        journal: Journal,
        job: "JobRow",
        credentials: Credentials,
        profile: "HubProfile",
        keeper: Keeper,
        *,
        dongle: Callable[[], Awaitable[Dongle]],
        opened: "Callable[[Tunnel, int], None]",
    ) -> None:
        self._journal = journal
        self._job = job
        self._credentials = credentials
        self._profile = profile
        self._keeper = keeper
        self._dongle = dongle
        self._opened = opened

    async def enter(self, hub: HubSeen) -> None:
        """Be admitted, join, and open the tunnel; SessionError or DongleError says what failed."""
        await self._be_admitted(hub)
        dongle = await self._dongle()
        with self._journal.step(Step.JOIN):
            han = await join_han(dongle, hub, self._credentials.get())
            self._journal.note(ConnectEvent.HAN_JOINED)
        await self.open_tunnel(han)

    async def open_tunnel(self, han: Han) -> None:
        """Agree the link key on the HAN that was joined, and open the tunnel."""
        with self._journal.step(Step.HAN_KEY):
            await agree_han_key(han, self._credentials.get(), self._on_doubt)
            self._journal.note(ConnectEvent.HAN_KEY_AGREED)
        with self._journal.step(Step.TUNNEL):
            stale, note_fault = self._journal.connect.tunnel, self._keeper.note_fault
            tunnel = await open_tunnel(han, self._profile, stale, note_fault)
            self._opened(tunnel, han.hub.beacon.channel)
            self._journal.note_tunnel(tunnel.number)

    async def _be_admitted(self, hub: HubSeen) -> None:
        """Be taken into the hub's Device Log, unless its door is shut and the HHT is in it."""
        try:
            await self._ask_for_admission(hub)
        except (WindowClosed, HubSilent) as error:
            if isinstance(error, WindowClosed):
                self._journal.note_window_closed()
            if not self._journal.residency_seconds_left():
                raise
            self._journal.note_loss()
            self._journal.note(ConnectEvent.STILL_ADMITTED)

    async def _ask_for_admission(self, hub: HubSeen) -> None:
        dongle = await self._dongle()
        identity = self._credentials.get()
        async with admission(dongle, hub, identity, self._profile) as door:
            with self._journal.step(Step.LINK_KEY):
                await door.agree_link_key(self._on_doubt)
                self._journal.note_link_key()
            self._journal.say(InterPanOpened(dongle.interpan_way))
            with self._journal.step(Step.ADMISSION):
                await door.register(self._job.hub_chf or hub.gpf)
                self._journal.note_admitted()

    @property
    def _on_doubt(self) -> "OnDoubt | None":
        """What to do with a hub's certificate that is out of date or for another use."""
        if not self._profile.unfit_certificate_taken:
            return None
        return lambda doubt: self._keeper.note_fault(f"The hub's certificate {doubt}")
