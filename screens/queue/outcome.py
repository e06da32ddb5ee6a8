"""What came of an export, an upload or a change of one item, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from hht.texts import text

if TYPE_CHECKING:
    from hht.outbox.upload import UploadSummary


def outcome(*said: str, is_well: bool = True) -> Content:
    """Return what came of a change: with a tick where nothing is left to be looked at."""
    sign, style = ("✓", "bold $success") if is_well else ("!", "bold $warning")
    return Content.styled(" ".join((sign, *filter(None, said))), style)


def written_words(count: int, held: int, out: Path) -> Content:
    """Return what an export has written, and how many it has not."""
    said = text("queue.written_to", count=count, folder=out)
    return outcome(_held_words(held), said, is_well=not held)


def _held_words(count: int) -> str:
    return text("return.held", count=count) if count else ""


def upload_words(summary: UploadSummary, left: int) -> Content:
    """Return how an upload ended."""
    said = text("return.uploaded", received=summary.received, refused=summary.refused, left=left)
    is_well = not (summary.refused or summary.held or summary.stopped)
    return outcome(said, _held_words(summary.held), summary.stopped, is_well=is_well)
