"""One entry of a numbered list: two lines, drawn across the whole width."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

ROW_HEIGHT = 2
NOTHING = Content("")


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: what it stands for, its first line with something at the right, its second."""

    key: object
    head: Content
    detail: Content
    right: Content = NOTHING


def fitted(text: Content, width: int) -> Content:
    """Cut with an ellipsis, or fill with spaces, to exactly `width` cells."""
    cut = text.truncate(max(0, width), ellipsis=True)
    return cut.pad_right(max(0, width - cut.cell_length))


def lit(line: Content) -> Content:
    """Draw a line as the cursor's: its own colours would not stand out on the cursor's ground."""
    return Content.styled(line.plain, "bold $cursor-text on $cursor")
