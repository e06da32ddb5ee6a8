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

    `take` says what is to be done now: keys to let through, in order, and a label if one is
    complete. Its owner calls `release` when `gap_seconds` went by without a key.
    """

    gap_seconds: float = GAP_SECONDS
    held: list[Key] = field(default_factory=list)

    def take(self, key: Key) -> tuple[list[Key], str]:
        """Look at one key; answer with the keys that may pass now and the label just ended."""
        passing = [] if self._follows_at_once(key) else self.release()
        if key.is_printable:
            self.held.append(key)
            return passing, ""
        burst = self.release()
        if key.key == "enter" and len(burst) >= LEAST_LABEL:
            return passing, "".join(held.character or "" for held in burst)
        return [*passing, *burst, key], ""

    def release(self) -> list[Key]:
        """Give up what is held: it was fingers."""
        held, self.held = self.held, []
        return held

    def is_last(self, key: Key) -> bool:
        """Say whether nothing came after this key."""
        return bool(self.held) and self.held[-1] is key

    def _follows_at_once(self, key: Key) -> bool:
        """Say whether the key comes as fast after the last one as a scanner types."""
        return not self.held or key.time - self.held[-1].time <= self.gap_seconds


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
