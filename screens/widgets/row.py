"""One entry of a list: a line, and a second one only where there is more to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content

from hht.texts import text

NOTHING = Content("")
LAST_DIGIT = 9  # one key is one row: a second digit would be the key of another


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: what it stands for, its first line with something at the right, its second.

    `lead` is before the first line, such as a sign and a number; `about` names the text of
    the catalogue's `explain` in which F1 explains this entry. `unseen` is what a search finds it by
    beside what is drawn. The head of one that `flows` goes on in the second line.
    """

    key: object
    head: Content
    detail: Content = NOTHING
    right: Content = NOTHING
    lead: Content = NOTHING
    about: str = ""
    unseen: str = ""
    flows: bool = False

    @property
    def plain(self) -> str:
        """Everything that a search looks at, in small letters."""
        drawn = (each.plain for each in (self.lead, self.head, self.right, self.detail))
        return " ".join((*drawn, self.unseen)).lower()


def numbered(number: int, width: int = 1) -> Content:
    """Return the number before a row, which is the key that opens it; no key opens the tenth."""
    return Content.styled(f"{number if number <= LAST_DIGIT else '':>{width}} ", "bold $accent")


def entry_rows(family: str, entries: Iterable[str]) -> list[Row]:
    """Return a menu: for each entry the catalogue's name of it, and below that what it does."""
    return [
        Row(
            each,
            Content(text(f"{family}.{each}")),
            Content.styled(text(f"{family}.{each}_detail"), "$text-muted"),
            lead=numbered(number),
        )
        for number, each in enumerate(entries, 1)
    ]


def fitted(line: Content, width: int) -> Content:
    """Cut with an ellipsis, or fill with spaces, to exactly `width` cells."""
    cut = line.truncate(max(0, width), ellipsis=True)
    return cut.pad_right(max(0, width - cut.cell_length))


def spread(left: Content, right: Content, width: int) -> Content:
    """Put `left` and `right` at the two ends of a line; `left` is cut where both do not fit."""
    room = width - right.cell_length
    return fitted(left, room - 1 if right else room) + (" " if right else "") + right


def two_lines(row: Row, width: int) -> list[Content]:
    """Draw a row: its head with what is at the right, and below it the detail."""
    head, detail = row.lead + row.head, row.detail
    room = width - row.right.cell_length - 1
    if row.flows and head.cell_length > room:
        at = head.plain.rfind(" ", row.lead.cell_length, room + 1)
        if at > row.lead.cell_length:
            head, detail = head[:at], head[at + 1 :] + (" · " if detail else "") + detail
    indent = " " * max(2, row.lead.cell_length)
    return [spread_long(head, row.right, width), fitted(Content(indent) + detail, width)]


def spread_long(left: Content, right: Content, width: int) -> Content:
    """Put both on a line; so that a part of `left` is seen in any case, `right` loses its start."""
    seen = min(left.cell_length + 1, width // 5)
    return spread(left, end_of(right, width - seen), width)


def end_of(line: Content, width: int) -> Content:
    """Return a line, or its end behind an ellipsis: of a path that says the most."""
    if line.cell_length <= width:
        return line
    return Content("…") + line[len(line.plain) - max(0, width - 1) :]
