"""A label scanner known by its burst: it types a whole label and Enter at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hht.entity_id import EntityId

if TYPE_CHECKING:
    from textual.events import Key

GAP_SECONDS = 0.03  # scanners send a character every 1 to 20 ms; no thumb in a glove does
LEAST_LABEL = 6  # as the shortest MPRN; a key and an Enter on a slow line stay keys

_ENTITY_ID = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[-: ]?){7}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])")


@dataclass(slots=True)
class ScannerGate:
    """A gate that holds printable keys for a moment, until it is clear whether a burst follows.

    `take` says which bursts are over, in order; a key by itself is one, too. An Enter belongs to
    the keys that it follows at once: a label, or a paste, may have several lines. Its owner calls
    `release` when `gap_seconds` went by without a key.
    """

    gap_seconds: float = GAP_SECONDS
    held: list[Key] = field(default_factory=list)

    def take(self, key: Key) -> list[list[Key]]:
        """Look at one key; answer with the bursts that are over now."""
        over = [] if self._follows_at_once(key) else [self.release()]
        if key.is_printable or (self.held and key.key == "enter"):
            self.held.append(key)
            return over
        return [*over, self.release(), [key]]

    def release(self) -> list[Key]:
        """Give up what is held: the burst is over."""
        held, self.held = self.held, []
        return held

    def is_last(self, key: Key) -> bool:
        """Say whether nothing came after this key."""
        return bool(self.held) and self.held[-1] is key

    def _follows_at_once(self, key: Key) -> bool:
        """Say whether the key comes as fast after the last one as a scanner types."""
        return not self.held or key.time - self.held[-1].time <= self.gap_seconds


def text_of(burst: list[Key]) -> str:
    """Return what a scanner typed, or a terminal pasted as keys; empty where fingers did."""
    if sum(key.is_printable for key in burst) < LEAST_LABEL:
        return ""
    return "".join((key.is_printable and key.character) or "\n" for key in burst)


def entity_id_in(text: str) -> EntityId | None:
    """Find the Entity Identifier on a scanned label, whatever is printed around it."""
    found = _ENTITY_ID.search(text)
    return EntityId.parse(found.group()) if found else None


def shown(label: str, most: int = 40) -> str:
    """Return a scanned label as it may be shown: its Install Code masked, on one line.

    One of several lines has a space for each line's end, and a longer one ends in a mark.
    """
    from hht.errors import on_one_line
    from hht.label import read_label

    words = on_one_line(" ".join(read_label(label).text.split()))
    return words if len(words) <= most else f"{words[: most - 1]}…"
