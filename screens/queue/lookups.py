"""What the queue screen looks up, as plain functions that run in the working thread."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from hht.outbox.compose813 import return_item
from hht.store import ReturnState, StoreDamaged
from hht.texts import text
from screens.alerts.text import change_title
from screens.service.lookups import Titled
from screens.visit.device_names import Names, names_of

if TYPE_CHECKING:
    from hht.store import Capture, ReturnRow, Store

UNASKED = "unasked"
"""Beside the states of an item: captures that the DCC did not ask for."""

NamesOfJob = Callable[[int | None], Names]


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """An item: what was captured, from whom, its state, when, for which job, and a note.

    `id` is the item's number, a held capture's own where there is no item. `original` is the
    RequestID of the Local Command that it answers.
    """

    id: int
    title: str
    sender: str
    state: str
    at: datetime
    job: str = ""
    original: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """A stretch of what was asked for, its whole length, and how many there are of each state.

    `names_jobs` says whether each row has to name its job: there are several.
    """

    lines: list[ReturnLine]
    total: int
    counts: dict[str, int]
    names_jobs: bool = False


def return_page(store: Store, show: str, offset: int, count: int) -> ReturnPage:
    """Return a stretch, oldest first: of all items, of those in the state `show`, or of what is
    held."""
    counts = {str(state): number for state, number in store.returns.counts().items()}
    everything = sum(counts.values())
    counts[UNASKED] = store.captures.held_count()
    total = counts.get(show, 0) if show else everything
    several = len(store.jobs.numbers()) > 1
    return ReturnPage(_lines(store, show, offset, count), total, counts, several)


def _lines(store: Store, show: str, offset: int, count: int) -> list[ReturnLine]:
    """Return the rows of the stretch."""
    names, jobs = _names_by_job(store), _references(store)
    if show == UNASKED:
        held = store.captures.held(offset=offset, limit=count)
        return [_held_line(store, one, names, jobs) for one in held]
    state, lines = ReturnState(show) if show else None, list[ReturnLine]()

    def add_damaged(number: int, error: StoreDamaged) -> None:
        title = text("queue.damaged_item", number=number)
        held, now = ReturnState.HELD.value, store.clock.now()
        lines.append(ReturnLine(number, title, "", held, now, note=error.what))

    rows = store.returns.all(state, offset=offset, limit=count, on_damaged=add_damaged)
    lines += [_return_line(store, row, names, jobs) for row in rows]
    return sorted(lines, key=lambda line: line.id)


def _held_line(
    store: Store, held: Capture, names: NamesOfJob, jobs: Callable[[int | None], str]
) -> ReturnLine:
    """Describe what no item returns."""
    title, sender = _about(store, held, names)
    return ReturnLine(held.id, title, sender, UNASKED, held.received_at, jobs(held.job_id))


def _return_line(
    store: Store, row: ReturnRow, names: NamesOfJob, jobs: Callable[[int | None], str]
) -> ReturnLine:
    """Describe one item with what it returns, or say that its record is damaged.

    One that is damaged hides no other.
    """
    try:
        return _whole_line(store, row, names, jobs)
    except StoreDamaged as error:
        title = f"SR {row.service}"
        return ReturnLine(row.id, title, "", str(row.state), row.created_at, note=error.what)


def _whole_line(
    store: Store, row: ReturnRow, names: NamesOfJob, jobs: Callable[[int | None], str]
) -> ReturnLine:
    capture = _returned_by(store, row.id)
    title, sender = (
        _about(store, capture, names) if capture else (f"SR {row.service}", text("queue.report"))
    )
    return ReturnLine(
        row.id,
        title,
        sender,
        str(row.state),
        capture.received_at if capture else row.created_at,
        jobs(row.job_id),
        row.original_request_id or "",
        row.note,
    )


def _references(store: Store) -> Callable[[int | None], str]:
    """Return the references of jobs, by their number; each job is read once."""

    @cache
    def of_job(job_id: int | None) -> str:
        return "" if job_id is None else store.jobs.get(job_id).reference

    return of_job


def return_messages(store: Store, show: str, number: int) -> tuple[list[Titled], Names]:
    """Return the message of a row and what its Devices are called; none where it is a report."""
    if show == UNASKED:
        capture: Capture | None = store.captures.get(number)
    else:
        capture = _returned_by(store, number)
    if capture is None:
        return [], Names()
    names = _names_by_job(store)
    asked = store.commands.get(capture.command_id).raw if capture.command_id else b""
    return [Titled(_about(store, capture, names)[0], capture.raw, asked)], names(capture.job_id)


def report_text(store: Store, number: int) -> str:
    """Return what an item without a message says, a line for each field of its Service Request."""
    from hht.duis.envelope import parse_xml

    root = parse_xml(return_item(store, number).xml, f"item {number}")
    leaves = [each for each in root.iterfind("{*}Body//{*}*") if not len(each)]
    return "\n".join(f"{_spaced(str(leaf.tag))}: {leaf.text or '-'}" for leaf in leaves)


def _spaced(tag: str) -> str:
    """Return an element's name in words: `InstallationDate` is `Installation Date`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", tag.rpartition("}")[2])


def _returned_by(store: Store, return_id: int) -> Capture | None:
    """Return the capture that an item returns.

    None for a report and for another handheld's item.
    """
    heard_here = return_item(store, return_id).message
    return store.captures.returned_by(return_id) if heard_here else None


def _names_by_job(store: Store) -> NamesOfJob:
    """Return what Devices are called, by the number of the job; each job is read once."""

    from hht.journeys.premises.handheld import handheld_of

    @cache
    def of_job(job_id: int | None) -> Names:
        if job_id is None:
            return Names()
        return names_of(store.jobs.get(job_id), handheld_of(store, job_id))

    return of_job


def _title_of_command(store: Store, command_id: int) -> str:
    """Return what the job calls a Local Command; "" where its own record is damaged."""
    try:
        return store.commands.get(command_id).title
    except StoreDamaged:
        return ""


def _about(store: Store, capture: Capture, names: NamesOfJob) -> tuple[str, str]:
    """Return what a capture is, and from whom."""
    from hht.gbcs.alerts import alert_name
    from hht.gbcs.use_cases import use_case
    from hht.journeys.premises.alerts import change_of

    if capture.cra is None or capture.originator is None or capture.message_code is None:
        return text("queue.no_message"), ""
    known, case = names(capture.job_id), use_case(capture.message_code)
    title = f"{case.name} {case.title}"
    if about := change_of(store, capture):
        title = change_title(capture.originator, about.device, about.change, known)
    elif capture.alert_code is not None:
        title = alert_name(capture.alert_code)
    elif capture.command_id is not None:
        title = _title_of_command(store, capture.command_id) or title
    return title, known.short(capture.originator)
