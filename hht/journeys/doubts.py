"""Local Commands in doubt: what can be done about one, and what the engineer says of it."""

from collections.abc import Awaitable, Callable, Iterable

from hht.journeys.delivery import Courier
from hht.journeys.plan.not_ready import NotReady
from hht.journeys.plan.outlook import Outlook, outlook
from hht.journeys.plan.proof import read_of
from hht.store import CommandEvent, CommandRow, JobRow, Store

SETTLEMENTS = {
    "answered-not-seen": (CommandEvent.SETTLED_DONE, "The engineer saw that it was done"),
    "not-delivered": (CommandEvent.SETTLED_NOT_DELIVERED, "The engineer saw that it was not done"),
    "retry": (CommandEvent.SETTLED_NOT_DELIVERED, "To be delivered once more"),
    "skip": (CommandEvent.SKIP, "Skipped"),
}


class Doubts:
    """Settles what is not known of the Local Commands of one job.

    `deliver` delivers one of them, which goes only while `connected` says that there is a tunnel.
    """

    def __init__(
        self,
        store: Store,
        job: JobRow,
        courier: Courier,
        *,
        deliver: Callable[[int], Awaitable[None]],
        connected: Callable[[], bool],
    ) -> None:
        self._store = store
        self._job = job
        self._courier = courier
        self._deliver = deliver
        self._connected = connected

    def outlook(self, command_id: int) -> Outlook:
        """Return what is to be known of one Local Command: how long, why, its proof, what can be
        done."""
        types = {each.entity_id: each.type for each in self._job.devices}
        row = self._store.commands.get(command_id)
        return outlook(self._courier.plan, row, types, self._courier.unanswered, self._courier.late)

    async def settle(self, command_id: int, how: str, why: str = "") -> None:
        """Settle an UNKNOWN Local Command by the engineer's word; "retry" also delivers it again.

        `how` is one of SETTLEMENTS; `why` is the engineer's reason, which "skip" needs. OutOfStep
        when the Local Command is not in doubt, NotReady without a reason.
        """
        event, words = SETTLEMENTS[how]
        why = " ".join(why.split())
        if event is CommandEvent.SKIP and not why:
            raise NotReady("Skipping takes a reason", remedy="Say why it is skipped.")
        self._courier.move(command_id, event, f"{words}: {why}" if why else words)
        if how == "retry" and self._connected():
            await self._deliver(command_id)

    def skip(self, command_ids: Iterable[int], why: str) -> None:
        """Skip Local Commands that wait, for one reason; OutOfStep at the first that does not."""
        for command_id in command_ids:
            self._courier.move(command_id, CommandEvent.SKIP, f"Skipped: {why}")

    def take_back(self, command_id: int) -> None:
        """Put in doubt again what the engineer has settled; OutOfStep where that is not so."""
        self._courier.take_back(command_id, "What was said of it was taken back")

    def read_back_of(self, command_id: int) -> CommandRow | None:
        """Return the read of this job that can show now whether a Local Command in doubt was
        done."""
        plan = self._courier.plan
        read = read_of(self._store.commands.get(command_id), plan.rows)
        put_aside = self._courier.unanswered | {command_id}
        return read if read and plan.blocked_by(read, put_aside) is None else None

    async def read_back(self, command_id: int) -> None:
        """Ask the Device whether it has done a Local Command in doubt; NotReady without a read.

        A Device that has answered a later counter refuses the earlier one from then on, so what
        is not shown to be done cannot be delivered any more.
        """
        read = self.read_back_of(command_id)
        if read is None:
            raise NotReady(
                "The job has no read that could show it now", remedy="Look at the Device itself."
            )
        self._courier.unanswered.add(command_id)
        await self._deliver(read.id)
