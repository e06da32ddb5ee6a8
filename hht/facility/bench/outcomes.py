"""What may come of a unit in a slot: a look, words, and what the operator does with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hht.facility.package.refusals import WORDS, Refusal


class Look(StrEnum):
    """How a slot shows: two that are well, one that waits by itself, two for the operator."""

    GOOD = "good"
    DONE = "done"
    WAIT = "wait"
    AGAIN = "again"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Words:
    """An outcome for the operator: what happened, and which bin or action."""

    look: Look
    what: str
    remedy: str


_MAKER = "Put it into 'return to maker'."
_SUPERVISOR = "Set it aside and ask a supervisor."
_AGAIN = "Unplug it and plug it in again."
_NEXT = "Unplug it; the next one, please."

OUTCOMES: Mapping[str, Words] = {
    "loaded": Words(Look.GOOD, "Loaded", _NEXT),
    "already-loaded": Words(Look.DONE, "Already loaded; nothing was done", _NEXT),
    "not-in-batch": Words(Look.BAD, "Not a unit of this batch", _SUPERVISOR),
    "held": Words(Look.BAD, "Held: its certificate is not there yet", "Put it into 'held'."),
    "rejected-before": Words(Look.BAD, "Was rejected before", _SUPERVISOR),
    "busy": Words(Look.WAIT, "Another slot has this unit", "Wait, or look for the other one."),
    "not-open": Words(Look.WAIT, "The batch is paused or closed", "Wait for the supervisor."),
    "books-away": Words(Look.WAIT, "The books can't be written", "Leave it plugged in."),
    "identity-unproven": Words(Look.BAD, "Does not prove that it is this unit", _MAKER),
    "carries-other": Words(Look.BAD, "Carries another package already", _SUPERVISOR),
    "lost-package": Words(Look.BAD, "Was loaded, and holds nothing now", _SUPERVISOR),
    "swapped": Words(Look.BAD, "Another unit is here, and none was unplugged", _SUPERVISOR),
    "not-changed": Words(Look.BAD, "Not the unit that was scanned", "Plug the scanned one in."),
    "bad-receipt": Words(Look.BAD, "Its receipt is not signed by its own key", _MAKER),
    "other-digest": Words(Look.BAD, "Holds something else than was written", _MAKER),
    "malformed": Words(Look.BAD, "Answers what no unit answers", _MAKER),
    "newer-protocol": Words(Look.BAD, "Speaks a newer protocol", "Update hht on this bench."),
    "failed-often": Words(Look.BAD, "Failed too often", _MAKER),
    "lost-claim": Words(Look.AGAIN, "Another bench took the unit over", _AGAIN),
    "no-answer": Words(Look.AGAIN, "Stopped answering", _AGAIN),
    "unplugged": Words(Look.AGAIN, "Was unplugged before it was done", "Plug it in again."),
    "port-refused": Words(Look.AGAIN, "The port can't be opened", "Check cable and rights."),
    "silent": Words(Look.WAIT, "Nothing answers at this port", "Plug a unit in."),
    "out-of-order": Words(Look.BAD, "Lost its place while it was written", _AGAIN),
    "no-room": Words(Look.BAD, "Has no room for its package", _MAKER),
    "occupied": Words(Look.BAD, "Carries a package already", _SUPERVISOR),
    "unknown-kind": Words(Look.BAD, "Does not know the bench's protocol", _MAKER),
    **{
        refusal.value: Words(Look.BAD, f"Refuses its package: {what[:1].lower()}{what[1:]}", remedy)
        for refusal, (what, remedy) in WORDS.items()
    },
}
DAMAGED_ON_THE_WAY = frozenset({Refusal.TORN, Refusal.ALTERED, Refusal.BAD_SIGNATURE})
"""Refusals that a second write may cure: the line has done it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one session; `detail` adds to the words, and is never a secret.

    `is_rejected` says whether the books reject the unit: not every one that is bad is.
    """

    code: str
    eui: str = ""
    detail: str = ""
    is_rejected: bool = False

    @property
    def words(self) -> Words:
        """The words of the code; a unit may send one that we do not know."""
        unknown = Words(Look.BAD, f"Refuses with {self.code!r}", _MAKER)
        return OUTCOMES.get(self.code, unknown)

    @property
    def line(self) -> str:
        """One line for the operator."""
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.words.what}{detail}"
