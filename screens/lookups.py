"""What the screens look up, as plain functions that run in the working thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hht.entity_id import EntityId

if TYPE_CHECKING:
    from hht.gbcs.explain.describe import Description
    from hht.gbcs.protection import KeyStore
    from hht.store import CommandState, Store


class Titled(NamedTuple):
    """A GBCS message with a title for a person, and the Command it answers, where there is one."""

    title: str
    raw: bytes
    command: bytes = b""


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job as the home screen lists it; `states` are its commands', in order."""

    id: int
    reference: str
    title: str
    premises: str = field(repr=False)
    hub: EntityId | None
    devices: tuple[tuple[str, str, str], ...]
    states: tuple[CommandState, ...]
    uncaptured: int = 0


def job_lines(store: Store) -> list[JobLine]:
    """Every job, newest first; StoreLocked before the PIN, also where there is none yet."""
    from hht.store.secrets.fields import locked

    if store.vault.is_locked:
        raise locked()
    return [
        JobLine(
            id=job.id,
            reference=job.reference,
            title=job.title,
            premises=job.premises,
            hub=job.hub_gpf,
            devices=tuple((item.type, str(item.entity_id), item.label) for item in job.devices),
            states=store.commands.states(job.id),
            uncaptured=store.commands.uncaptured_count(job.id),
        )
        for job in store.jobs.all()
    ]


def command_messages(store: Store, command_id: int) -> list[Titled]:
    """A Local Command, then what answered it."""
    command = store.commands.get(command_id)
    captures = store.captures.of_job(command.job_id)
    answers = [capture for capture in captures if capture.command_id == command_id]
    return [
        Titled(f"Command {command.position + 1}: {command.title}", command.raw),
        *(
            Titled(
                f"Response {capture.received_at:%H:%M:%S}: {command.title}",
                capture.raw,
                command.raw,
            )
            for capture in answers
        ),
    ]


def export(store: Store, folder: Path) -> list[Path]:
    """Write the SR 8.13 items into a folder."""
    from hht.outbox.export import export_outbox

    return export_outbox(store, folder)


def description(raw: bytes, keys: KeyStore | None, command: bytes = b"") -> Description:
    """Decode one message, with the Command it answers where known; MalformedMessage if none."""
    from hht.gbcs.explain.describe import describe
    from hht.gbcs.message import Message

    asked = Message.parse(command) if command else None
    return describe(Message.parse(raw), keys, command=asked)
