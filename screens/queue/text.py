"""The queue screen's words: an item's row, the counts, and what to do about what is under way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from hht.store import ReturnState
from screens.queue.lookups import UNASKED
from screens.widgets.row import Row

if TYPE_CHECKING:
    from hht.outbox.upload import UploadSummary
    from screens.queue.lookups import ReturnLine

STATES: Mapping[str, tuple[str, str, str]] = {
    ReturnState.DRAFT: ("○", "draft", "$text-muted"),
    ReturnState.READY: ("●", "ready", "$primary"),
    ReturnState.WRITTEN: ("▤", "written, not sent", "$primary"),
    ReturnState.SENT: ("▶", "sent, no answer yet", "$primary"),
    ReturnState.RECEIVED: ("✓", "received", "$success"),
    ReturnState.REFUSED: ("✗", "refused", "$error"),
    ReturnState.HELD: ("!", "held, for you to decide", "$error"),
    UNASKED: ("◌", "unasked", "$text-muted"),
}
TITLES: Mapping[str, str] = {
    "": "To return to the DCC",
    ReturnState.DRAFT: "Drafts: not finished yet",
    ReturnState.READY: "Ready to return",
    ReturnState.WRITTEN: "Written to files: not sent",
    ReturnState.SENT: "Sent: waiting for an answer",
    ReturnState.RECEIVED: "Received",
    ReturnState.REFUSED: "Refused: look at each",
    ReturnState.HELD: "Held: look what each answer means",
    UNASKED: "Not asked for: the DCC does not want these",
}


def return_row(line: ReturnLine) -> Row:
    """An item on two lines: what it is and its state, then what came back, and from whom."""
    sign, word, style = STATES[line.state]
    answers = f"answers {line.original}" if line.original else ""
    note = "" if line.state == ReturnState.RECEIVED else line.note
    details = [part for part in (note, line.sender, answers) if part]
    return Row(
        line.id,
        Content(line.title),
        Content.styled(" · ".join(details), "$text-muted"),
        Content.styled(f"{sign} {word.partition(',')[0]}", f"bold {style}"),
    )


def count_words(counts: dict[str, int], show: str) -> Content:
    """How many there are in each state, those with none left out; what is on show stands out."""
    words = [
        Content.styled(f"{sign} {counts[state]} {word}", "bold $accent" if state == show else style)
        for state, (sign, word, style) in STATES.items()
        if counts.get(state)
    ]
    return Content("   ").join(words)


def views(counts: dict[str, int]) -> list[str]:
    """What can be shown: everything, then each state that has any."""
    return ["", *(state for state in STATES if counts.get(state))]


def upload_words(summary: UploadSummary, left: int) -> str:
    """How an upload ended."""
    held = f", {summary.held} held" if summary.held else ""
    told = f"{summary.received} received, {summary.refused} refused{held}, {left} left"
    return f"{told}. {summary.stopped}".rstrip()
