"""The engineer's visit to one job: everything that can be done there, without a screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.journeys.capture_events import publish_unpublished
from hht.journeys.delivery import Courier
from hht.journeys.die_at import Publish
from hht.journeys.doubts import Doubts
from hht.journeys.firmware.firmware_journey import FirmwareJourney
from hht.journeys.install.doubts import clock_apart
from hht.journeys.install.install_journey import InstallJourney
from hht.journeys.journal import Journal
from hht.journeys.link.clocks import ClockWatch, follow_handheld
from hht.journeys.link.connection import Connector
from hht.journeys.link.departure import Departure, not_heard
from hht.journeys.link.hub_power import HubPower
from hht.journeys.link.listening import Listener
from hht.journeys.link.not_heard import HubNotHeard
from hht.journeys.move.move_journey import MoveJourney
from hht.journeys.move.surveying import Surveying, interrupted
from hht.journeys.pairing.pairing_journey import PairingJourney
from hht.journeys.plan.not_ready import NotReady, refuse_blocked, refuse_other_hub
from hht.journeys.premises.devices import Premises, asleep_until
from hht.journeys.premises.not_joined import not_joined
from hht.journeys.view import VisitView, view_of
from hht.outbox.capture import judge_kept
from hht.store import Capture, CommandRow, Store

if TYPE_CHECKING:
    from hht.journeys.equipment import RadioKit
    from hht.session.discovery import At, HubSeen
    from hht.session.tunnel import Tunnel

JOIN_LOOK_SECONDS = 0.05
"""How often it is looked whether a Device has joined that the delivery waits for."""

QUIET_SECONDS = 1.0
"""After connecting, a hub that kept Responses for the HHT is given as long between two of them."""


class Visit:
    """One job's hub, from the scan to leaving; goes on where a killed program left off.

    Everything is committed to `store` before `publish` is called with an event, and `publish`
    and all methods belong to one event loop. `kit` has the dongle's address, what messages are
    checked with, and the clock of the premises, by which is waited as well. `premises` are the
    Devices as what was captured shows them, `pairing` how those are paired that the job pairs;
    `install` is what is asked about the hub, None where the job asks nothing. `quiet_seconds` is
    how long a hub that sends is given between two messages.
    """

    def __init__(
        self,
        store: Store,
        job_id: int,
        kit: "RadioKit",
        publish: Publish = lambda event: None,
        *,
        quiet_seconds: float = QUIET_SECONDS,
    ) -> None:
        self.keys, self.clock = kit.keys, kit.clock
        self.job = store.jobs.get(job_id)
        self._store = store
        self._quiet_seconds = quiet_seconds
        self._clocks = ClockWatch()
        self._journal = Journal(store, job_id, kit.profile, publish, kit.clock)
        self.say = self._journal.say
        self._courier = Courier(store, self.job, self._journal, kit.profile, kit.keys)
        self.connector = Connector(self._journal, self.job, kit, self._courier.keeper)
        self._listener = Listener(self._courier, self.connector, self._journal)
        judge_kept(store, job_id, kit.keys)
        captures = store.captures.of_job(job_id)
        plan = self._courier.plan
        self.premises = Premises.of(
            self.job, captures, self._journal.clock_set_at, self._courier.late
        )
        self.pairing = PairingJourney(
            *(store, job_id, plan, self.premises, kit.clock, self.say, captures),
            missed=lambda: self.move.view.missed,
        )
        self.move = MoveJourney(store, self.job, self.say, kit.clock, kit.profile, self.premises)
        self.firmware = FirmwareJourney(store, self.job, plan, kit.clock, self.say, captures)
        self._departure = Departure(
            self.connector, self._listener, self._courier, self.move, quiet_seconds
        )
        self.surveying = Surveying(self.job.brief.channels, kit.clock)
        self.power = HubPower(
            *(self._journal, self.job, self.connector, plan, self.premises),
            powered=self.pairing.hub_powered,
            stop_listening=self._listener.stop,
        )
        self.doubts = Doubts(
            store, self.job, self._courier, deliver=self.deliver, connected=lambda: self.connected
        )
        self.install = self._install_journey() if self.job.visit else None
        self._courier.keeper.on_kept = self._note
        publish_unpublished(store, self.job, self.say, kit.keys)
        self._courier.mark_unknown("The program ended before its Response came")

    def _install_journey(self) -> InstallJourney:
        return InstallJourney(
            *(self._store, self.job, self.say, self.clock),
            on_power=self.power.answered,
            clock_off=lambda: self.premises.clock_off,
        )

    @property
    def reports(self) -> int:
        """How many status updates (SR 8.14) of this job are queued."""
        return self._store.returns.report_count(self.job.id)

    @property
    def connected(self) -> bool:
        """Whether there is a tunnel to a hub."""
        return self.connector.tunnel is not None

    @property
    def hub(self) -> EntityId | None:
        """The GPF Entity Identifier of the hub that was confirmed last on this visit."""
        return self._journal.connect.hub

    def tick(self) -> bool:
        """Say which clock is about to run out; to be called about once a second.

        Returns whether the handheld's clock was set: `view` compares it with the Devices' no more.
        """
        was_set = follow_handheld(self._journal, self.premises, self.install)
        needs_hub = bool(self._courier.plan.still_open)
        for warning in self._clocks.due(self._journal, needs_hub=needs_hub):
            self.say(warning)
        if self.connected:
            self.move.look()
        return was_set

    def refresh(self) -> None:
        """Read again the state of the Local Commands: somebody else has changed that."""
        self._courier.refresh()

    def equip(self, radio_url: str) -> None:
        """Use another dongle address from the next time the dongle is opened."""
        self.connector.plug.name(radio_url)

    async def scan(self) -> "list[HubSeen]":
        """Return every hub in reach, strongest first. DongleError when the dongle fails."""
        await self._listener.stop()
        hubs = await self.connector.scan()
        self._note_beacons()
        return hubs

    def _note_beacons(self) -> None:
        """Take in whether the job's hub, as the last scan heard it, lets anybody join."""
        if heard := self.connector.beacon_of(self.hub or self.job.hub_gpf):
            at, beacon = heard
            self.pairing.hub_heard(at, allows_joining=beacon.allowing_join)

    async def connect(self, gpf: EntityId, at: "At | None" = None) -> None:
        """Confirm this hub and go every step to the tunnel; SessionError or DongleError if not.

        `at` picks one of several networks that show its Extended PAN ID; without it each is tried.
        Then waits until Responses that the hub had kept have arrived, if any are awaited.
        """
        await self._listener.stop()
        await self.move.wait_away()
        try:
            await self.connector.connect(gpf, at)
        except HubNotHeard as error:
            raise not_heard(error, self.move) from None
        finally:
            self._note_beacons()
        tunnel = self._tunnel()
        self.move.came_back(self.connector.channel)
        self.firmware.note_in()
        self._listener.start(tunnel)
        await self._courier.wait_until_idle(self._quiet_seconds)

    @property
    def next_ready(self) -> CommandRow | None:
        """The first Local Command that may go; None when there is none."""
        silent, held = self._courier.unanswered, self.pairing.held
        aside, left = self.firmware.put_aside | self.pairing.apart, self.pairing.left
        return self._courier.plan.next_ready(silent, held, aside, left)

    async def deliver_next(self) -> CommandRow | None:
        """Deliver the first Local Command that may go, and return it; None without one.

        None as well where its hash has to be confirmed first.
        """
        row = self.next_ready
        if row is None or self.firmware.ask(row):
            return None
        await self.deliver(row.id)
        return self._store.commands.get(row.id)

    async def deliver_all(self) -> None:
        """Deliver one after another for as long as there is one that may go, or will."""
        while await self.deliver_next() is not None or await self.await_joining():
            pass

    async def await_joining(self, is_stopping: Callable[[], bool] = lambda: False) -> bool:
        """Wait while a Device may still join that the next step needs; whether one may go now."""
        awaited = self.pairing.awaited
        if awaited and self.pairing.may_join(awaited):
            self.pairing.say_awaited(awaited)
        while self.connected and not is_stopping():
            # In this order: what is awaited ends by itself, and then there is one that may go.
            awaited, row = self.pairing.awaited, self.next_ready
            if row is not None:
                return self.firmware.ask(row) is None
            if awaited is None or not self.pairing.may_join(awaited):
                return False
            await self.clock.sleep(JOIN_LOOK_SECONDS)
        return False

    async def deliver(self, command_id: int) -> None:
        """Deliver one Local Command and wait for its Response; NotReady says what hinders it."""
        tunnel = self._tunnel()
        row = self._store.commands.get(command_id)
        refuse_blocked(row, self._courier.plan.blocked_by(row, self._courier.unanswered))
        refuse_other_hub(row, self.job.hub_gpf, self.hub)
        self.firmware.check(row)
        self.pairing.note_sending(row)
        self.move.before(row)
        await self._courier.deliver(row, tunnel)
        if self.move.wants_out:
            await self.step_out()

    async def step_out(self) -> None:
        """Leave the HAN without ending the visit: for the hub's change of channel, or a survey.

        What the hub still sends is waited for and kept first. `connect` comes back, in time.
        """
        await self._departure.step_out(self._tunnel())

    async def reset_dongle(self) -> None:
        """Leave the HAN and release the dongle: `connect` opens it again, which resets it.

        What the hub still sends is waited for and kept first.
        """
        await self._departure.reset(self._tunnel())

    async def survey(self) -> None:
        """Make passes over the 2.4 GHz channels until it is cancelled; see `surveying`.

        NotReady on a HAN: a scan leaves the channel, and would interrupt what is delivered.
        """
        if self.connected:
            raise interrupted(self._courier.plan.rows, self.hub)
        await self.surveying.listen(await self.connector.open(), self.job.hub_gpf)

    async def leave(self) -> None:
        """Leave the HAN and release the dongle; the visit is over.

        What the hub still sends is waited for and kept first. StoreError, and the HHT stays where
        it is, while something that arrived cannot be kept.
        """
        await self._departure.leave()

    async def close(self) -> None:
        """Release the dongle without leaving: the visit can be taken up again."""
        await self._departure.close()

    def captures(self) -> tuple[Capture, ...]:
        """Return everything captured for this job, on this visit and before."""
        return self._store.captures.of_job(self.job.id)

    @property
    def view(self) -> VisitView:
        """The state of everything now."""
        return view_of(
            self.job,
            self._journal,
            self.connector,
            self._courier.plan,
            self.next_ready,
            self._store.returns.waiting_count(),
            self.install.view if self.install else None,
            self.pairing.view,
            self.firmware.view(self.next_ready),
            self.firmware.failed_later,
            not_joined(self._courier.plan.rows, self.premises),
            self.pairing.absent_for(self.next_ready),
            self.move,
            clock_apart(self.premises.clock_off),
            asleep_until(self.premises.devices(self._journal.clock.now())),
        )

    def _note(self, capture: Capture) -> None:
        """Take in what a capture shows of the Devices, of a pairing, and of the hub's channel."""
        self.premises.note(capture)
        self.pairing.note(capture)
        self.firmware.note(capture)
        self.move.note(capture)
        self._courier.note_dropped(capture)

    def _tunnel(self) -> "Tunnel":
        if self.connector.tunnel is None:
            raise NotReady("The HHT is not connected to a hub", remedy="Connect to the hub first.")
        return self.connector.tunnel
