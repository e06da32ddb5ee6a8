"""What is owed for a job whose Local Commands may all be answered: looks, channels, firmware."""

from collections.abc import Collection, Iterator

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.gbcs.future_dated import LATER_OUTCOMES
from hht.journeys.firmware.several_images import about_last_image
from hht.journeys.firmware.standing import SAID, TO_DO, standing_of
from hht.journeys.firmware.still_awaited import AWAITED, may_still_report
from hht.journeys.firmware.transfers import CCS08, CS09
from hht.journeys.move.standing import open_items as open_moves
from hht.journeys.plan.later_outcomes import failed_later
from hht.store import JobRow, Store

_VERIFICATIONS = 0x00CE, 0x00CF
_OF_FIRMWARE = sorted({*LATER_OUTCOMES, *_VERIFICATIONS, CCS08, CS09})


def owed(store: Store, job: JobRow) -> list[tuple[str, str]]:
    """Return what each open item is about, and in words why it is open and what to do."""
    return [("Channel", each) for each in open_moves(store, job)] + [*failures(store, job)]


def open_items(store: Store, job: JobRow, clock: Clock) -> list[str]:
    """Return the same in a line each and whether firmware is awaited, as lists of jobs have it."""
    moves, later = open_moves(store, job), failures(store, job)
    awaited = [AWAITED] if may_still_report(store, job, clock) else []
    return [*moves, *(f"{about}: {words}" for about, words in later), *awaited]


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
