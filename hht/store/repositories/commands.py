"""Local Commands: the state of each of a job, and which one a Response answers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hht.entity_id import EntityId
from hht.gbcs.correlation import key_of_command
from hht.gbcs.message import Cra, Headers, Message
from hht.store.command_states import CommandEvent, CommandState, next_state
from hht.store.core import Repository, Transaction, row_of
from hht.store.errors import StateRefused, StoreError
from hht.store.rows import CommandRow
from hht.store.secrets.fields import COMMAND_RAW, COMMAND_REASON, COMMAND_TITLE

if TYPE_CHECKING:
    from hht.duis.job_pack import PackCommand

_BY_KEY = """
    SELECT id, state, request_id, service_reference_variant, tries FROM commands
    WHERE counter = ? AND device = ? AND party = ? AND message_code = ?
    ORDER BY tries > 0 DESC, job_id IS ? DESC, id DESC LIMIT 1"""

_OF_MESSAGE = """
    SELECT id FROM commands WHERE counter = ? AND device = ? AND party = ? AND message_code = ?
    ORDER BY id DESC"""

_OF_JOB = "SELECT id FROM commands WHERE job_id = ?"
_PLACE = f"SELECT {COMMAND_REASON.row_key} FROM commands WHERE id = ?"
_SAME_KEY = """
    SELECT b.id FROM commands a JOIN commands b ON b.counter = a.counter AND b.device = a.device
        AND b.party = a.party AND b.message_code = a.message_code AND b.id <> a.id
    WHERE a.id = ? ORDER BY b.id"""
_COPY = """
    UPDATE commands SET (state, tries, last_event) =
        (SELECT state, tries, last_event FROM commands WHERE id = ?)
    WHERE id = ? AND state <> 'answered'"""
# Its Response may come after it was read back: no row of an answered one is opened for that.
_COPY_CAPTURED = """
    UPDATE commands SET captured = 1
    WHERE id = ? AND NOT captured AND (SELECT captured FROM commands WHERE id = ?)"""
# What came before the first sending is no answer to it, unless its Device has proved it.
_UNCAPTURE = """
    UPDATE commands SET captured = EXISTS (
        SELECT 1 FROM captures heard WHERE heard.counter = commands.counter
            AND heard.originator = commands.device AND heard.recipient = commands.party
            AND heard.message_code = commands.message_code
            AND 'valid' IN (heard.mac, heard.signature)
            AND 'invalid' NOT IN (heard.mac, heard.signature))
    WHERE id = ? AND captured AND state <> 'answered'"""

_TAKE_BACK = "UPDATE commands SET state = 'unknown', last_event = 'taken-back' WHERE id = ?"

_STATES = frozenset(CommandState)
_TRIES = {CommandEvent.SEND: 1, CommandEvent.NOT_SENT: -1}
"""What an event adds to the number of times that a Local Command may have left."""


def _key_answered(response: Headers | Message, job_id: int | None) -> tuple[object, ...]:
    counter = response.counter.to_bytes(8, "big")
    return (counter, response.originator, response.recipient, response.message_code, job_id)


@dataclass(frozen=True, slots=True)
class AnsweredCommand:
    """The Local Command that a Response belongs to; `service` is its reference variant.

    `tries` is how often it has, or may have, left this HHT.
    """

    id: int
    state: CommandState
    request_id: str
    service: str
    tries: int


class CommandRepository(Repository):
    """The Local Commands of one database."""

    def of_job(self, job_id: int) -> tuple[CommandRow, ...]:
        """Return the job's Local Commands in their order."""
        rows = self._core.rows(
            "SELECT * FROM commands WHERE job_id = ? ORDER BY position", (job_id,)
        )
        return tuple(self._command_row(row) for row in rows)

    def states(self, job_id: int) -> tuple[CommandState, ...]:
        """Return the states of the job's Local Commands, in their order, without reading their
        bytes."""
        rows = self._core.rows(
            "SELECT id, state FROM commands WHERE job_id = ? ORDER BY position", (job_id,)
        )
        return tuple(map(self._state, rows))

    def uncaptured_count(self, job_id: int) -> int:
        """Count the job's Local Commands that are answered, and whose Response was not kept."""
        return int(
            self._core.value(
                "SELECT COUNT(*) FROM commands WHERE job_id = ? AND NOT captured"
                " AND state IN ('answered', 'refused')",
                (job_id,),
            )
        )

    def get(self, command_id: int) -> CommandRow:
        """Return one Local Command; StoreError when there is none of that number."""
        rows = self._core.rows("SELECT * FROM commands WHERE id = ?", (command_id,))
        if not rows:
            raise StoreError(f"There is no Local Command {command_id}")
        return self._command_row(rows[0])

    def of_message(self, raw: bytes) -> CommandRow | None:
        """Return the Local Command with these bytes, the newest job's; None where no job has it."""
        key = key_of_command(Message.parse(raw))
        parameters = (key.counter.to_bytes(8, "big"), key.device, key.party, key.message_code)
        rows = self._core.rows(_OF_MESSAGE, parameters)
        return next((row for each in rows if (row := self.get(each["id"])).raw == raw), None)

    def move(self, command_id: int, event: CommandEvent, reason: str = "") -> CommandRow:
        """Move a Local Command to its next state, and return it.

        StateRefused when the table has no place for it. To send it also needs room on the disk
        for what may come back: StoreFull without it.
        """
        if event is CommandEvent.SEND:
            self._core.space.check_delivery()
        with self._core.transaction() as change:
            row = self.get(command_id)
            state = next_state(row.state, event, row.title)
            if state is not row.state:
                change.execute(
                    "UPDATE commands SET state = ?, last_event = ?, tries = tries + ? WHERE id = ?",
                    (state, event, _TRIES.get(event, 0), command_id),
                )
                self._give_reason(change, command_id, reason)
                change.note(f"command {state}", f"command {command_id}")
                if event is CommandEvent.SEND and row.tries == 0:
                    for each in (command_id, *self._same_message(change, command_id)):
                        change.execute(_UNCAPTURE, (each,))
                self._copy_to_the_same(change, command_id)
        return self.get(command_id)

    def take_back(self, command_id: int, reason: str) -> CommandRow:
        """Make UNKNOWN again what the engineer has settled, with all that are the same message.

        StateRefused where its state does not rest on the engineer's word.
        """
        with self._core.transaction() as change:
            row = self.get(command_id)
            if not row.may_be_taken_back:
                raise StateRefused(
                    "What became of the Local Command does not rest on your word",
                    where=row.title,
                    remedy="Look at its state again.",
                )
            for each in (command_id, *self._same_message(change, command_id)):
                if self.get(each).may_be_taken_back:
                    change.execute(_TAKE_BACK, (each,))
                    self._give_reason(change, each, reason)
            change.note(f"command {CommandState.UNKNOWN}", f"command {command_id}")
        return self.get(command_id)

    def answered_by(
        self, change: Transaction, headers: Headers | None, job_id: int | None
    ) -> AnsweredCommand | None:
        """Return the Local Command with the Response's key: one that was sent first, then this
        job's. None where its state is damaged: the Response is kept all the same."""
        if headers is None or headers.cra is not Cra.RESPONSE:
            return None
        row = change.execute(_BY_KEY, _key_answered(headers, job_id)).fetchone()
        if row is None or row[1] not in _STATES:
            return None
        return AnsweredCommand(row[0], CommandState(row[1]), *row[2:])

    def answered_raw(self, response: Message, job_id: int | None) -> bytes | None:
        """Return the bytes of the Local Command that `answered_by` finds."""
        rows = self._core.rows(_BY_KEY, _key_answered(response, job_id))
        return self.get(rows[0]["id"]).raw if rows else None

    def settle(
        self,
        change: Transaction,
        command: AnsweredCommand,
        event: CommandEvent,
        reason: str,
        *,
        is_genuine: bool = True,
    ) -> None:
        """Let a Response that is being kept make of its Local Command what the table says.

        One that its Device did not make answers no Command: it does not count as captured.
        """
        if is_genuine:
            change.execute("UPDATE commands SET captured = 1 WHERE id = ?", (command.id,))
        state = next_state(command.state, event)
        if state is not command.state:
            change.execute(
                "UPDATE commands SET state = ?, last_event = ? WHERE id = ?",
                (state, event, command.id),
            )
            self._give_reason(change, command.id, reason)
        self._copy_to_the_same(change, command.id)

    def _copy_to_the_same(self, change: Transaction, command_id: int) -> None:
        """Bring every row of the same message, in whichever job, to this one's state."""
        for other in self._same_message(change, command_id):
            self._copy(change, command_id, other)

    def _copy(self, change: Transaction, command_id: int, other: int) -> None:
        change.execute(_COPY_CAPTURED, (other, command_id))
        if change.execute(_COPY, (command_id, other)).rowcount:
            self._give_reason(change, other, self.get(command_id).reason)

    def _give_reason(self, change: Transaction, command_id: int, reason: str) -> None:
        """Keep the reason of its state, sealed for its row."""
        row = change.execute(_PLACE, (command_id,)).fetchone()
        sealed = self._core.seal_text(COMMAND_REASON.place(row[0]), reason)
        change.execute("UPDATE commands SET reason = ? WHERE id = ?", (sealed, command_id))

    def _same_message(self, change: Transaction, command_id: int) -> list[int]:
        """Return the other rows with the same key and the very same bytes."""
        rows = change.execute(_SAME_KEY, (command_id,)).fetchall()
        if not rows:
            return []
        raw = self.get(command_id).raw
        return [int(row[0]) for row in rows if self.get(row[0]).raw == raw]

    def first_request(self, change: Transaction, job_id: int | None) -> str | None:
        """Return the RequestID of the job's first Local Command; None where there is none."""
        row = change.execute(
            "SELECT request_id FROM commands WHERE job_id = ? ORDER BY position LIMIT 1", (job_id,)
        ).fetchone()
        return str(row[0]) if row else None

    def add_all(self, change: Transaction, job_id: int, commands: "Iterable[PackCommand]") -> None:
        """Insert a new job's Local Commands; one that another job has keeps that job's state."""
        self._core.database.tables.table("commands").insert_all(
            self._command_fields(job_id, position, command)
            for position, command in enumerate(commands)
        )
        for (command_id,) in change.execute(_OF_JOB, (job_id,)).fetchall():
            for older in self._same_message(change, command_id)[:1]:
                self._copy(change, older, command_id)

    def _command_fields(self, job_id: int, position: int, command: "PackCommand") -> dict[str, Any]:
        local = command.local_command
        key = key_of_command(local.message)
        place = f"{job_id}.{position}"
        return {
            "job_id": job_id,
            "position": position,
            "title": self._core.seal(COMMAND_TITLE.place(place), command.title.encode()),
            "request_id": str(local.request_id),
            "service_reference": local.service_reference,
            "service_reference_variant": local.service_reference_variant,
            "device": bytes(key.device),
            "party": bytes(key.party),
            "counter": key.counter.to_bytes(8, "big"),
            "message_code": key.message_code,
            "raw": self._core.seal(COMMAND_RAW.place(place), local.raw),
            "after": json.dumps(command.after),
        }

    @row_of("Local Command")
    def _state(self, row: dict[str, Any]) -> CommandState:
        return CommandState(row["state"])

    @row_of("Local Command")
    def _command_row(self, row: dict[str, Any]) -> CommandRow:
        place = f"{row['job_id']}.{row['position']}"
        return CommandRow(
            id=row["id"],
            job_id=row["job_id"],
            position=row["position"],
            title=self._core.unseal_text(COMMAND_TITLE.place(place), row["title"]),
            request_id=row["request_id"],
            service_reference=row["service_reference"],
            service_reference_variant=row["service_reference_variant"],
            device=EntityId(row["device"]),
            party=EntityId(row["party"]),
            counter=int.from_bytes(row["counter"], "big"),
            message_code=row["message_code"],
            raw=self._core.unseal(COMMAND_RAW.place(place), row["raw"]),
            state=CommandState(row["state"]),
            after=tuple(json.loads(row["after"])),
            tries=row["tries"],
            reason=self._core.unseal_text(COMMAND_REASON.place(place), row["reason"]),
            last_event=row["last_event"] and CommandEvent(row["last_event"]),
            captured=bool(row["captured"]),
        )
