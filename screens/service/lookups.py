"""What the screens look up, as plain functions that run in the working thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hht.entity_id import EntityId
from hht.texts import text

if TYPE_CHECKING:
    from hht.clock import Clock
    from hht.gbcs.explain.describe import Description
    from hht.gbcs.message import Message
    from hht.gbcs.protection import KeyStore
    from hht.label import Label
    from hht.store import Capture, CommandRow, CommandState, JobRow, Store
    from hht.store.repositories.events import Visits


class Titled(NamedTuple):
    """A GBCS message with a title for a person, and the Command it answers, where there is one."""

    title: str
    raw: bytes
    command: bytes = b""


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job as the home screen lists it; `states` are its commands', in order.

    `visits` are the days on which something happened to it. `left_to_do` is what it asks for beside
    its commands: `leave` its HAN (known of the open job alone), `await` a report about firmware,
    `report` its visit, or nothing; `is_reported` says that it was. `not_joined` counts the Devices
    that have not joined though its commands are settled. One with `damage`, the records of which
    cannot be read, has nothing of all that.
    """

    id: int
    reference: str
    title: str
    premises: str = field(repr=False)
    hub: EntityId | None
    devices: tuple[tuple[str, str, str], ...]
    states: tuple[CommandState, ...]
    imported_at: datetime
    uncaptured: int = 0
    profile: str = ""
    second_look: bool = False
    failed_later: int = 0
    visits: int = 0
    last_visit: datetime | None = None
    left_to_do: str = ""
    is_reported: bool = False
    not_joined: int = 0
    chf: EntityId | None = None
    mpxns: tuple[str, ...] = field(default=(), repr=False)
    damage: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something is left to do; a job without Local Commands is to be filled, or
        reported."""
        from hht.store.command_states import is_open

        is_bare = not self.states and not self.is_reported and not self.damage
        return is_bare or bool(self.left_to_do) or any(map(is_open, self.states))

    def is_meant_by(self, label: Label) -> bool:
        """Return whether a label is of its hub, its Devices, its meter points or its order."""
        entities = {str(self.hub), str(self.chf), *(entity for _, entity, _ in self.devices)}
        ways = (label, label.other_way) if label.other_way else (label,)
        return (
            any(str(way.entity_id) in entities for way in ways if way.entity_id)
            or (label.mpxn or "") in self.mpxns
            or (label.order or "").casefold() == self.reference.casefold()
        )


class TurnedOut(NamedTuple):
    """A job's Local Commands with what became of each that was answered, as a visit's view has."""

    commands: Sequence[CommandRow]
    failed_later: Mapping[int, str]
    not_joined: Mapping[int, EntityId]


def turned_out(store: Store, job_id: int) -> TurnedOut:
    """Return how a job's Local Commands have turned out by all that was captured."""
    from hht.journeys.plan.later_outcomes import failed_later
    from hht.journeys.premises.devices import Premises
    from hht.journeys.premises.not_joined import not_joined

    rows, captures = store.commands.of_job(job_id), store.captures.of_job(job_id)
    premises = Premises.of(store.jobs.get(job_id), captures)
    return TurnedOut(rows, failed_later(rows, captures), not_joined(rows, premises))


def job_lines(store: Store, clock: Clock) -> list[JobLine]:
    """Return every job, newest first; StoreLocked before the PIN, also where there is none yet."""
    from hht.store.secrets.fields import locked

    if store.vault.is_locked:
        raise locked()
    visits = store.events.visits()
    return [_whole_or_damaged(store, clock, each, visits) for each in store.jobs.numbers()]


def _whole_or_damaged(
    store: Store, clock: Clock, number: int, visits: Mapping[int, Visits]
) -> JobLine:
    """Return a job, or that it is damaged: it hides no other."""
    from hht.store import StoreDamaged

    name, premises, now = text("home.damaged_job", number=number), "", clock.now()
    try:
        job = store.jobs.get(number)
        name, premises = job.reference, job.premises
        return _job_line(store, clock, job, visits.get(number))
    except StoreDamaged as error:
        return JobLine(number, name, "", premises, None, (), (), now, damage=error.what)


def _job_line(store: Store, clock: Clock, job: JobRow, visits: Visits | None) -> JobLine:
    from hht.hub_profile import DEFAULT
    from hht.journeys.move.standing import owes_second_look
    from hht.journeys.summary.owed import failures, left_to_do, not_joined_at_end

    states = store.commands.states(job.id)
    return JobLine(
        id=job.id,
        reference=job.reference,
        title=job.title,
        premises=job.premises,
        hub=job.hub_gpf,
        chf=job.hub_chf,
        mpxns=job.brief.mpxns,
        devices=tuple((item.type, str(item.entity_id), item.label) for item in job.devices),
        states=states,
        imported_at=job.imported_at,
        uncaptured=store.commands.uncaptured_count(job.id),
        profile=job.profile or DEFAULT,
        second_look=owes_second_look(store, job),
        failed_later=sum(1 for _ in failures(store, job)),
        visits=visits.days if visits else 0,
        last_visit=visits.last if visits else None,
        left_to_do=left_to_do(store, job, clock),
        is_reported=bool(store.returns.report_count(job.id)),
        not_joined=not_joined_at_end(store, job, states),
    )


def command_messages(store: Store, command_id: int) -> list[Titled]:
    """Return a Local Command, then what answered it."""
    command = store.commands.get(command_id)
    answers = store.captures.of_command(command.job_id, command_id)
    return [
        Titled(
            text("message.command", number=command.position + 1, title=command.title), command.raw
        ),
        *(
            Titled(
                text(
                    "message.response",
                    number=command.position + 1,
                    time=_time(capture),
                ),
                capture.raw,
                command.raw,
            )
            for capture in answers
        ),
    ]


def _time(capture: Capture) -> str:
    return f"{capture.received_at.astimezone():%H:%M:%S}"


def messages_at(path: Path) -> list[Titled]:
    """Return every GBCS message of a file or a folder; the first error where there is none."""
    from hht.duis.message_sources import find_messages

    found = [each for each in find_messages(str(path)) if not each.passed_over]
    errors = [each.error for each in found if each.error]
    messages = [Titled(each.source, each.raw) for each in found if not each.error]
    if errors and not messages:
        raise errors[0]
    return _with_commands(messages)


def messages_in_text(given: str) -> list[Titled]:
    """Return every GBCS message in a text: hexadecimal, base64 or DUIS XML."""
    from hht.duis.message_sources import messages_in

    return _with_commands([Titled(title, raw) for title, raw in messages_in(given)])


def _with_commands(found: list[Titled]) -> list[Titled]:
    """Give each Response the Command that it answers, where that is among the messages."""
    from hht.gbcs.correlation import Commands

    messages = [_read(each.raw) for each in found]
    commands = Commands(messages, None)
    pairs = [m and commands.for_response(at, m).command for at, m in enumerate(messages)]
    return [
        each._replace(command=asked.encode()) if asked else each
        for each, asked in zip(found, pairs, strict=True)
    ]


def _read(raw: bytes) -> Message | None:
    from hht.gbcs.message import MalformedMessage, Message

    try:
        return Message.parse(raw)
    except MalformedMessage:
        return None


def alert_messages(store: Store, job_id: int) -> list[Titled]:
    """Return the Alerts of a job, each with its moment and name, oldest first."""
    from hht.journeys.premises.alerts import alerts_of

    captures = {each.id: each for each in store.captures.of_job(job_id)}
    return [
        Titled(f"{_time(captures[line.capture_id])} {line.name}", captures[line.capture_id].raw)
        for line in alerts_of(captures.values())
    ]


def import_pack(store: Store, path: Path) -> tuple[str, int]:
    """Take in a job pack; its reference, and how many Local Commands it has."""
    from hht.duis.job_pack import read_job_pack

    pack = read_job_pack(path)
    pack.check_mode(pack.mode or store.mode.value, str(path))
    return store.jobs.add(pack).reference, len(pack.commands)


def export(store: Store, folder: Path) -> tuple[int, int]:
    """Write the SR 8.13 items into a folder; how many were written, and how many held."""
    from hht.outbox.export import export_outbox
    from hht.store.rows import TO_SEND

    due, held = sum(1 for _ in store.returns.ids(*TO_SEND)), list[int]()
    export_outbox(store, folder, on_held=lambda number, why: held.append(number))
    return due - len(held), len(held)


def description(raw: bytes, keys: KeyStore | None, command: bytes = b"") -> Description:
    """Decode one message, with the Command it answers where known; MalformedMessage if none."""
    from hht.gbcs.explain.describe import describe
    from hht.gbcs.message import Message

    asked = Message.parse(command) if command else None
    return describe(Message.parse(raw), keys, command=asked)
