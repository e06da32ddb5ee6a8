"""Delivers Local Commands to the hub one by one, and keeps everything that comes back.

What arrives is in the store before its event is published. A state is in the store before what it
means happens: SENDING before the first byte leaves.
"""

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.message import Message
from hht.journeys.capture_events import event_of
from hht.journeys.events import CommandChanged, CommandSent
from hht.journeys.journal import Journal
from hht.journeys.keeper import RETRY_SECONDS, Keeper
from hht.journeys.plan.kinds import sleeper_of, sleepers
from hht.journeys.plan.plan import Plan
from hht.journeys.plan.proof import proven_by
from hht.journeys.premises.dropped import dropped_command
from hht.journeys.premises.late import keep_late, late_devices
from hht.radio.errors import DongleRefused
from hht.store import Capture, CommandEvent, CommandRow, CommandState, JobRow, Store
from hht.store.command_states import is_done, is_under_way
from hht.store.errors import MAY_PASS

if TYPE_CHECKING:
    from hht.gbcs.protection import KeyStore
    from hht.hub_profile import HubProfile
    from hht.session.tunnel import Tunnel

_LOG = logging.getLogger(__name__)
_DROPPED = "The hub dropped it (8F2C): its sub-GHz air time is used up; deliver it again later"
SLEEPY_SECONDS = 5.0
"""How long a Command to a Device that may be asleep is waited for before the next one goes."""


class Courier:
    """The Local Commands of one job, under way."""

    def __init__(
        self,
        store: Store,
        job: JobRow,
        journal: Journal,
        profile: "HubProfile",
        keys: "KeyStore | None",
    ) -> None:
        self._store = store
        self._job = job
        self._journal = journal
        self._profile = profile
        self._keys = keys
        self.plan = Plan(store.commands.of_job(job.id), is_ordered=job.hub_gpf is not None)
        self.keeper = Keeper(store, journal, keys, self.announce)
        self._awaited: dict[int, asyncio.Future[None]] = {}
        self.unanswered: set[int] = set()
        self._silent: set[int] = set()
        self.late = late_devices(store, job.id)
        """Devices that have answered after a silence: they seem to sleep."""

    def announce(self, capture: Capture) -> None:
        """Publish a message that was kept, and what it makes of its Local Command."""
        before = self.plan.state_of(capture.command_id)
        row = None if capture.command_id is None else self._row_now(capture.command_id)
        self._journal.say(event_of(self._store, capture, self._keys, row.raw if row else None))
        if row is None or (capture.duplicate and row.state is before):
            return
        self._publish_state(row)
        if row.id in self._silent and is_done(row.state):
            self._note_late(row.device)
        if not is_under_way(row.state):  # as it is after a Response that its Device did not make
            self._answer(row.id)
        if is_done(row.state) and _is_credible(capture, row):
            self._read_back(row, capture.raw)

    async def deliver(self, row: CommandRow, tunnel: "Tunnel") -> None:
        """Send one Local Command and wait for its Response.

        It is left ANSWERED or REFUSED by its Response; DELIVERED when its Device seems to sleep;
        UNKNOWN when no Response came in time, or when the error that is raised left it so.
        StoreError, and nothing sent, while something that arrived waits to be kept.
        """
        self.keeper.check()
        self.move(row.id, CommandEvent.SEND)
        self._silent.discard(row.id)  # what answers from now on may answer the second try
        allowed = self._seconds_allowed(row)
        self._journal.say(CommandSent(row.id, row.position, row.title, allowed))
        answered = self._awaited[row.id] = asyncio.get_running_loop().create_future()
        try:
            await self._send(row, tunnel)
            await self._wait_for(row, answered, allowed)
        except HhtError as error:
            _LOG.warning("Local Command %d: %s", row.position + 1, error)
            if answered.done():
                answered.result()  # why the connection ended comes before that it did
            raise
        finally:
            self._awaited.pop(row.id, None)

    async def _send(self, row: CommandRow, tunnel: "Tunnel") -> None:
        try:
            await tunnel.send(row.raw)
        except DongleRefused as error:
            self.move(row.id, CommandEvent.NOT_SENT, error.what)
            raise
        except BaseException as error:
            why = error.what if isinstance(error, HhtError) else "Sending it was broken off"
            self.move(row.id, CommandEvent.LOST_SIGHT, why)
            raise
        await self._note_delivered(row)

    async def _note_delivered(self, row: CommandRow) -> None:
        """Keep that the hub has it, once the store can be written; its Response may come first.

        StoreError when the store cannot be written for as long as a Response may take.
        """
        clock = self._journal.clock
        end = clock.elapsed() + self._seconds_allowed(row)
        while self.plan.state_of(row.id) is CommandState.SENDING:
            try:
                self.move(row.id, CommandEvent.DELIVERED)
            except MAY_PASS as error:
                if clock.elapsed() >= end:
                    raise
                self.keeper.report(error)
                await clock.sleep(RETRY_SECONDS)

    def _seconds_allowed(self, row: CommandRow) -> float:
        return (
            SLEEPY_SECONDS if self._type_of(row) in sleepers() else self._profile.response_seconds
        )

    async def _wait_for(
        self, row: CommandRow, answered: "asyncio.Future[None]", seconds: float
    ) -> None:
        try:
            async with self._journal.clock.timeout(seconds):
                await answered
        except TimeoutError:
            self._silent.add(row.id)
            if not self._sleeps(row):
                why = f"No Response came within {seconds:g} s"
                self._note_silence(self.move(row.id, CommandEvent.LOST_SIGHT, why))

    def _note_silence(self, row: CommandRow) -> None:
        if row.tries > 1:
            self.unanswered.add(row.id)

    def refresh(self) -> None:
        """Read every Local Command again."""
        for row in tuple(self.plan.rows):
            self.plan.update(self._store.commands.get(row.id))

    def mark_unknown(self, why: str) -> None:
        """Mark what is under way as UNKNOWN: nothing more can be heard."""
        for row in self.plan.rows:
            if is_under_way(row.state):
                self.move(row.id, CommandEvent.LOST_SIGHT, why)

    def note_dropped(self, capture: Capture) -> None:
        """Put in doubt at once what the hub says to have dropped for want of air time."""
        row = dropped_command(capture, self.plan.rows)
        if row is not None and is_under_way(row.state):
            self.move(row.id, CommandEvent.LOST_SIGHT, _DROPPED)
            self._answer(row.id)

    def fail_waiters(self, error: Exception) -> bool:
        """Raise the error to those that wait for a Response; return whether any did."""
        waiting = [answered for answered in self._awaited.values() if not answered.done()]
        for answered in waiting:
            answered.set_exception(error)
        return bool(waiting)

    def move(self, command_id: int, event: CommandEvent, reason: str = "") -> CommandRow:
        """Apply an event to a Local Command, keep its new state, and publish it."""
        before = self._store.commands.get(command_id).state
        row = self._store.commands.move(command_id, event, reason)
        return self._publish_if_new(row, before)

    def take_back(self, command_id: int, reason: str) -> None:
        """Put in doubt again what the engineer has settled; StateRefused where that is not so."""
        before = self._store.commands.get(command_id).state
        self._publish_if_new(self._store.commands.take_back(command_id, reason), before)

    def _publish_if_new(self, row: CommandRow, before: CommandState) -> CommandRow:
        self._row_now(row.id)
        if row.state is not before:
            self._publish_state(row)
        return row

    def _row_now(self, command_id: int) -> CommandRow:
        """Read a Local Command again, into the plan as well, with all that are the same message."""
        for same in self.plan.same_message(command_id):
            self.plan.update(self._store.commands.get(same))
        return self._store.commands.get(command_id)

    async def wait_until_idle(self, seconds: float) -> None:
        """Wait until for so long nothing has arrived; at once when nothing is UNKNOWN."""
        while any(row.state is CommandState.UNKNOWN for row in self.plan.rows):
            before = self.keeper.arrivals
            await self._journal.clock.sleep(seconds)
            if self.keeper.arrivals == before:
                return

    def _read_back(self, read: CommandRow, response: bytes) -> None:
        """Settle what the Response to a read proves to have been done."""
        job = self._job
        hub = (each for each in (job.hub_gpf, job.hub_chf) if each is not None)
        entities = (*hub, *(device.entity_id for device in job.devices))
        for row in proven_by(Message.parse(response), self.plan.rows, entities):
            self.move(row.id, CommandEvent.READ_BACK, f"Seen by '{read.title}'")

    def _note_late(self, device: EntityId) -> None:
        if device not in self.late:
            self.late.add(device)
            with contextlib.suppress(*MAY_PASS):  # it answers late again
                keep_late(self._store, self._job.id, self.late)

    def _answer(self, command_id: int) -> None:
        answered = self._awaited.get(command_id)
        if answered is not None and not answered.done():
            answered.set_result(None)

    def _sleeps(self, row: CommandRow) -> bool:
        return sleeper_of(self._type_of(row), late=row.device in self.late) is not None

    def _type_of(self, row: CommandRow) -> str:
        return next((e.type for e in self._job.devices if e.entity_id == row.device), "")

    def _publish_state(self, row: CommandRow) -> None:
        self._journal.say(CommandChanged(row.id, row.position, row.state, row.reason))


def _is_credible(capture: Capture, read: CommandRow) -> bool:
    """Return whether other Local Commands may be settled by this Response to a read."""
    found = capture.judgement
    if found is None or not found.positive or found.is_forged:
        return False
    return read.tries > 0 or found.proves_its_maker
