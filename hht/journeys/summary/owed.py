"""What is owed for a job whose Local Commands may all be answered: looks, channels, firmware."""

from collections.abc import Collection, Iterator

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.gbcs.future_dated import LATER_OUTCOMES
from hht.journeys.firmware.several_images import about_last_image
from hht.journeys.firmware.standing import SAID, TO_DO, standing_of
from hht.journeys.firmware.still_awaited import is_connected, may_still_report
from hht.journeys.firmware.transfers import CCS08, CS09
from hht.journeys.move.standing import open_items as open_moves
from hht.journeys.plan.later_outcomes import failed_later
from hht.journeys.premises.not_joined import not_joined_of
from hht.store import JobRow, Store
from hht.store.command_states import CommandState, is_settled

_VERIFICATIONS = 0x00CE, 0x00CF
LEFT = {"await": "firmware awaited", "leave": "leave the HAN", "report": "not reported"}
"""What a job asks for beside its Local Commands, as the app's list of jobs has it."""

_OF_FIRMWARE = sorted({*LATER_OUTCOMES, *_VERIFICATIONS, CCS08, CS09})


def owed(store: Store, job: JobRow) -> list[tuple[str, str]]:
    """Return what each open item is about, and in words why it is open and what to do."""
    return [("Channel", each) for each in open_moves(store, job)] + [*failures(store, job)]


def open_items(store: Store, job: JobRow, clock: Clock) -> list[str]:
    """Return the same in a line each, with who has not joined and what is left to do."""
    later = (f"{about}: {words}" for about, words in failures(store, job))
    return [*open_moves(store, job), *later, *_at_the_end(store, job, clock)]


def left_to_do(store: Store, job: JobRow, clock: Clock) -> str:
    """Name what a job asks for beside its Local Commands, as kept: `await`, `leave` or `report`.

    The first is a report about firmware; it is nothing where none is to be done.
    """
    if may_still_report(store, job, clock):
        return "await"
    if is_connected(store, job, clock):
        return "leave"
    return "report" if job.visit and not store.returns.report_count(job.id) else ""


def _at_the_end(store: Store, job: JobRow, clock: Clock) -> Iterator[str]:
    """Yield what is to be seen to once each Local Command is settled, and firmware in any case.

    A visit without any is to be reported once it was begun.
    """
    states, left = store.commands.states(job.id), left_to_do(store, job, clock)
    is_over = all(map(is_settled, states)) if states else store.events.is_begun(job.id)
    if absent := not_joined_at_end(store, job, states):
        yield f"{absent} not joined"
    if left == "await" or (left and is_over):
        yield LEFT[left]


def not_joined_at_end(store: Store, job: JobRow, states: Collection[CommandState]) -> int:
    """Count the Devices that have not joined though each Local Command is settled."""
    if not states or not all(map(is_settled, states)):
        return 0
    return len(set(not_joined_of(store, job).values()))


def failures(store: Store, job: JobRow) -> Iterator[tuple[str, str]]:
    """Yield what failed after its Command was answered, or without one, as Alerts have it."""
    captures = store.captures.with_codes(job.id, _OF_FIRMWARE)
    if not captures:
        return
    rows = store.commands.of_job(job.id)
    failed = failed_later(rows, captures)
    for row in rows:
        if row.id in failed:
            yield f"{row.position + 1} {row.title}", f"failed later: {failed[row.id]}"
    named: Collection[EntityId] = {row.device for row in rows if row.id in failed}
    for each in job.devices:
        about = about_last_image(each.entity_id, job.brief.images, rows, captures)
        standing = standing_of(each.entity_id, each.type, *about)
        if standing in TO_DO and each.entity_id not in named:
            name = f"Firmware of the {each.name}"
            yield name, f"{SAID[standing]}; {TO_DO[standing]}"
