"""Which state a Local Command may go to from which: the literal table."""

from hht.store.errors import StateRefused
from hht.store.rows import CommandState

_S = CommandState
_BY_RESPONSE = {_S.ANSWERED, _S.REFUSED, _S.UNKNOWN}

NEXT: dict[CommandState, set[CommandState]] = {
    _S.WAITING: {_S.SENDING, _S.SKIPPED} | _BY_RESPONSE,
    # Only what certainly did not leave goes back to waiting; the rest is unknown.
    _S.SENDING: {_S.DELIVERED, _S.FAILED, _S.WAITING} | _BY_RESPONSE,
    _S.DELIVERED: _BY_RESPONSE,
    # A read-back or the engineer settles it; only then may it wait to be sent again.
    _S.UNKNOWN: {_S.WAITING, _S.SKIPPED, _S.FAILED} | _BY_RESPONSE,
    _S.FAILED: {_S.WAITING, _S.SKIPPED} | _BY_RESPONSE,
    _S.SKIPPED: {_S.WAITING} | _BY_RESPONSE,
    # The Device has used up its counter: only a Response that came late can better it.
    _S.REFUSED: {_S.ANSWERED},
    _S.ANSWERED: set(),
}


def may_become(old: CommandState, new: CommandState) -> bool:
    """Whether the table allows it; staying where one is is always allowed."""
    return new is old or new in NEXT[old]


def check_transition(old: CommandState, new: CommandState, title: str) -> None:
    """StateRefused, with what to do, unless the table allows it."""
    if may_become(old, new):
        return
    if old is _S.ANSWERED:
        what, remedy = "has its positive Response and is never sent again", "Go on with the next."
    elif new is _S.SENDING:
        what, remedy = f"is {old} and is not sent again as it stands", "Settle it first."
    else:
        what, remedy = f"cannot go from {old} to {new}", "Look at its state again."
    raise StateRefused(f"The Local Command {what}", where=title, remedy=remedy)
