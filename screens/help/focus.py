"""What F1 says of the thing that has the focus: what Enter does, and the row or field it is on."""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, TextArea

from hht.texts import has_text, text
from screens.widgets.action_bar import ActionBar
from screens.widgets.numbered_list import NumberedList
from screens.widgets.panel import Panel
from screens.widgets.row import Row


def focus_words(screen: Screen[Any]) -> list[Content]:
    """Say in lines what Enter does, what is under the cursor, what that means, how to move."""
    lines = [_main_action(screen)]
    focused = screen.focused
    if isinstance(focused, NumberedList):
        lines += _row_words(focused.current) if focused.current else []
        lines.append(Content.styled(text("focus.list"), "$text-muted"))
    elif isinstance(focused, Input | TextArea):
        wanted = focused.border_title or getattr(screen, "question", "") or focused.placeholder
        field = text("focus.field", wanted=wanted) if wanted else text("focus.secret_field")
        lines.append(Content(field))
    elif isinstance(focused, Panel):
        lines.append(Content.styled(text("focus.panel"), "$text-muted"))
    return [line for line in lines if line]


def _main_action(screen: Screen[Any]) -> Content:
    for bar in screen.query(ActionBar):
        if bar.offered.words:
            key = "Enter  " if bar.offered.action else ""
            return Content.assemble((key, "bold $accent"), (bar.offered.words, "bold"))
    return Content("")


def _row_words(row: Row) -> list[Content]:
    """Return the row in full, uncut, and what its state means."""
    parts = [part.plain.strip() for part in (row.lead, row.head, row.detail, row.right)]
    lines = [Content.assemble(("▌", "bold $accent"), " · ".join(filter(None, parts[1:])))]
    if has_text(f"explain.{row.about}"):
        lines.append(Content(text(f"explain.{row.about}")))
    return lines
