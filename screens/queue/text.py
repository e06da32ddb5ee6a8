"""The queue screen's words: the tabs, an item's row, and the question how to return what is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from hht.store import ReturnState
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.queue.lookups import UNASKED
from screens.widgets.row import Row, numbered

if TYPE_CHECKING:
    from screens.queue.lookups import ReturnLine, ReturnPage

SIGNS: Mapping[str, tuple[str, str]] = {
    ReturnState.DRAFT: ("○", "$text-muted"),
    ReturnState.READY: ("●", "$primary"),
    ReturnState.WRITTEN: ("▤", "$primary"),
    ReturnState.SENT: ("▶", "$primary"),
    ReturnState.RECEIVED: ("✓", "$success"),
    ReturnState.REFUSED: ("✗", "$error"),
    ReturnState.HELD: ("!", "$error"),
    UNASKED: ("◌", "$text-muted"),
}
BELOW = (ReturnState.WRITTEN, ReturnState.SENT)
"""States whose notes are mostly all the same: one is said below the list, of the row there."""
UPLOAD, WRITE, OTHER_FOLDER, NOT_NOW = "upload", "write:", "other", ""


def return_rows(page: ReturnPage, offset: int, now: datetime) -> list[Row]:
    """Return the rows of a stretch; where there are several jobs, the first of each names it."""
    above = [None, *(line.job for line in page.lines)]
    return [
        _return_row(number, line, now, with_job=page.names_jobs and line.job != before)
        for number, (line, before) in enumerate(zip(page.lines, above, strict=False), offset + 1)
    ]


def _return_row(number: int, line: ReturnLine, now: datetime, *, with_job: bool) -> Row:
    """Describe an item: from whom, what, and when; below it a refusal's reason, and its job."""
    sign, style = SIGNS[line.state]
    at, today = line.at.astimezone(), now.astimezone()
    when = f"{at:%H:%M}" if at.date() == today.date() else text("date.short", at=at)
    note = "" if line.state in (*BELOW, ReturnState.RECEIVED) else line.note
    details = [part for part in (note, _job_words(line) if with_job else "") if part]
    sender = "" if line.title.startswith(line.sender) else f"{line.sender}  "
    head = Content.assemble((sender, "$primary"), line.title)
    return Row(
        line.id,
        head,
        Content.styled(" · ".join(details), "$text-muted"),
        Content.assemble((f"{sign} ", f"bold {style}"), (when, "$text-muted")),
        numbered(number, 2),
        about=f"return_{line.state}",
        unseen=_note_below(line, with_job=True),
    )


def notes_below(page: ReturnPage) -> dict[object, str]:
    """Return by the rows' keys what is said of each below the list."""
    return {line.id: _note_below(line, with_job=page.names_jobs) for line in page.lines}


def _note_below(line: ReturnLine, *, with_job: bool) -> str:
    note = line.note if line.state in BELOW else ""
    return " · ".join(filter(None, (note, _job_words(line) if with_job else "")))


def _job_words(line: ReturnLine) -> str:
    return text("queue.of_job", job=line.job) if line.job else ""


def tab_names(counts: Mapping[str, int]) -> list[str]:
    """Return all, then each state that has any: `Ready 21`."""
    everything = sum(number for state, number in counts.items() if state != UNASKED)
    names = [f"{text('queue.all')} {everything}"]
    return names + [f"{text(f'queue.{state}')} {counts[state]}" for state in _present(counts)]


def tab_states(counts: Mapping[str, int]) -> list[str]:
    """Return the states behind the tabs; the first stands for all items."""
    return ["", *_present(counts)]


def _present(counts: Mapping[str, int]) -> list[str]:
    return [state for state in SIGNS if counts.get(state)]


def return_form(
    count: int, folders: list[Path], *, has_gateway: bool, training: bool
) -> FormScreen:
    """Ask how to return what is due, the harmless answer first; say why there is no upload."""
    body = text("return.body")
    choices = [Choice(NOT_NOW, text("return.not_now"))]
    if has_gateway:
        choices.append(Choice(UPLOAD, text("return.upload")))
    else:
        body += " " + text("return.no_upload_training" if training else "return.no_gateway")
    choices += [
        Choice(f"{WRITE}{folder}", text("return.write", folder=folder)) for folder in folders
    ]
    choices.append(Choice(OTHER_FOLDER, text("return.other_folder")))
    title = text("return.title_training" if training else "return.title", count=count)
    return FormScreen(title, body, choices)


def report_form(said: str) -> FormScreen:
    """Show what a report says; `y` copies it."""
    close = Choice(NOT_NOW, text("form.close"))
    return FormScreen(text("queue.a_report"), said, [close], copy=said)
