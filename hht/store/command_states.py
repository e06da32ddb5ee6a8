"""What may become of a Local Command: its states, what can happen to it, and the one table of both.

A Local Command is never sent again after a Response. Where nothing shows whether it arrived it is
UNKNOWN, until a Response, a read-back or the engineer settles it.
"""

from enum import StrEnum
from typing import Final

from hht.state_machine import OutOfStep, allows, follow
from hht.store.errors import StateRefused


class CommandState(StrEnum):
    """The state of a Local Command."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    ANSWERED = "answered"  # a Response that reports success: final
    REFUSED = "refused"  # a Response that reports failure
    UNKNOWN = "unknown"  # it may or may not have arrived
    HEARD = "heard"  # never sent from here, and a Response came whose maker nothing proves
    SKIPPED = "skipped"


class CommandEvent(StrEnum):
    """What can happen to a Local Command."""

    SEND = "send"
    NOT_SENT = "not-sent"
    DELIVERED = "delivered"
    LOST_SIGHT = "lost-sight"
    POSITIVE = "positive-response"
    NEGATIVE = "negative-response"
    UNREADABLE = "unreadable-response"
    UNPROVEN = "unproven-response"
    READ_BACK = "read-back"
    SETTLED_DONE = "settled-as-done"
    SETTLED_NOT_DELIVERED = "settled-as-not-delivered"
    SKIP = "skip"
    TAKEN_BACK = "taken-back"


_S, _E = CommandState, CommandEvent

TABLE: Final = {
    (_S.WAITING, _E.SEND): _S.SENDING,
    (_S.WAITING, _E.POSITIVE): _S.ANSWERED,
    (_S.WAITING, _E.NEGATIVE): _S.REFUSED,
    (_S.WAITING, _E.UNREADABLE): _S.UNKNOWN,
    (_S.WAITING, _E.UNPROVEN): _S.HEARD,
    (_S.WAITING, _E.SKIP): _S.SKIPPED,
    # Somebody else may have delivered it, or made its Response up: it may be sent all the same.
    (_S.HEARD, _E.SEND): _S.SENDING,
    (_S.HEARD, _E.POSITIVE): _S.ANSWERED,
    (_S.HEARD, _E.NEGATIVE): _S.REFUSED,
    (_S.HEARD, _E.UNREADABLE): _S.UNKNOWN,
    (_S.HEARD, _E.UNPROVEN): _S.HEARD,
    (_S.HEARD, _E.READ_BACK): _S.ANSWERED,
    (_S.HEARD, _E.SETTLED_DONE): _S.ANSWERED,
    (_S.HEARD, _E.SETTLED_NOT_DELIVERED): _S.WAITING,
    (_S.HEARD, _E.SKIP): _S.SKIPPED,
    # Only what certainly did not leave goes back to waiting; the rest is unknown.
    (_S.SENDING, _E.NOT_SENT): _S.WAITING,
    (_S.SENDING, _E.DELIVERED): _S.DELIVERED,
    (_S.SENDING, _E.LOST_SIGHT): _S.UNKNOWN,
    (_S.SENDING, _E.POSITIVE): _S.ANSWERED,
    (_S.SENDING, _E.NEGATIVE): _S.REFUSED,
    (_S.SENDING, _E.UNREADABLE): _S.UNKNOWN,
    (_S.DELIVERED, _E.LOST_SIGHT): _S.UNKNOWN,
    (_S.DELIVERED, _E.POSITIVE): _S.ANSWERED,
    (_S.DELIVERED, _E.NEGATIVE): _S.REFUSED,
    (_S.DELIVERED, _E.UNREADABLE): _S.UNKNOWN,
    (_S.UNKNOWN, _E.POSITIVE): _S.ANSWERED,
    (_S.UNKNOWN, _E.NEGATIVE): _S.REFUSED,
    (_S.UNKNOWN, _E.UNREADABLE): _S.UNKNOWN,
    (_S.UNKNOWN, _E.READ_BACK): _S.ANSWERED,
    (_S.UNKNOWN, _E.SETTLED_DONE): _S.ANSWERED,
    (_S.UNKNOWN, _E.SETTLED_NOT_DELIVERED): _S.WAITING,
    (_S.UNKNOWN, _E.SKIP): _S.SKIPPED,
    # The connection may end during the sending: what that came to is heard only afterwards.
    (_S.UNKNOWN, _E.NOT_SENT): _S.UNKNOWN,
    (_S.UNKNOWN, _E.DELIVERED): _S.UNKNOWN,
    (_S.UNKNOWN, _E.LOST_SIGHT): _S.UNKNOWN,
    # A Response may overtake the radio's acknowledgement: late news does not unsettle it.
    (_S.ANSWERED, _E.DELIVERED): _S.ANSWERED,
    (_S.ANSWERED, _E.LOST_SIGHT): _S.ANSWERED,
    (_S.ANSWERED, _E.POSITIVE): _S.ANSWERED,
    (_S.ANSWERED, _E.NEGATIVE): _S.ANSWERED,
    (_S.ANSWERED, _E.UNREADABLE): _S.ANSWERED,
    # The Device has used up its counter: only a Response that came late can better it.
    (_S.REFUSED, _E.DELIVERED): _S.REFUSED,
    (_S.REFUSED, _E.LOST_SIGHT): _S.REFUSED,
    (_S.REFUSED, _E.NEGATIVE): _S.REFUSED,
    (_S.REFUSED, _E.UNREADABLE): _S.REFUSED,
    (_S.REFUSED, _E.POSITIVE): _S.ANSWERED,
    (_S.SKIPPED, _E.SETTLED_NOT_DELIVERED): _S.WAITING,
    (_S.SKIPPED, _E.POSITIVE): _S.ANSWERED,
    (_S.SKIPPED, _E.NEGATIVE): _S.REFUSED,
    (_S.SKIPPED, _E.UNREADABLE): _S.UNKNOWN,
    # What its Device certainly did not make changes nothing of what is known.
    (_S.SENDING, _E.UNPROVEN): _S.SENDING,
    (_S.DELIVERED, _E.UNPROVEN): _S.DELIVERED,
    (_S.ANSWERED, _E.UNPROVEN): _S.ANSWERED,
    (_S.REFUSED, _E.UNPROVEN): _S.REFUSED,
    (_S.UNKNOWN, _E.UNPROVEN): _S.UNKNOWN,
    (_S.SKIPPED, _E.UNPROVEN): _S.SKIPPED,
}

_BY_WORD: Final = {
    (_S.ANSWERED, _E.SETTLED_DONE),
    (_S.WAITING, _E.SETTLED_NOT_DELIVERED),
    (_S.SKIPPED, _E.SKIP),
}
"""States, each with what brought it there, that rest on the engineer's word alone.

TAKEN_BACK makes UNKNOWN of them. It is in no row of the table, since what a Response has brought
to the same state stays there.
"""


def rests_on_word(state: CommandState, event: CommandEvent | None) -> bool:
    """Return whether its state rests on the engineer's word, so that it can be taken back."""
    return (state, event) in _BY_WORD


def is_done(state: CommandState) -> bool:
    """Return whether the Device has carried it out."""
    return state is _S.ANSWERED


def is_settled(state: CommandState) -> bool:
    """Return whether nothing more is to be done with it."""
    return state in (_S.ANSWERED, _S.REFUSED, _S.SKIPPED)


def is_open(state: CommandState) -> bool:
    """Return whether it is still to be delivered, or what became of it is still to be found out."""
    return not is_settled(state)


def is_in_doubt(state: CommandState) -> bool:
    """Return whether it is unknown what became of it, or nothing proves it."""
    return state in (_S.UNKNOWN, _S.HEARD)


def is_under_way(state: CommandState) -> bool:
    """Return whether its Response may come at any moment.

    A process that dies then leaves it in doubt.
    """
    return state in (_S.SENDING, _S.DELIVERED)


def has_reply(state: CommandState) -> bool:
    """Return whether its Device has answered, with success or failure."""
    return state in (_S.ANSWERED, _S.REFUSED)


def has_arrived(state: CommandState) -> bool:
    """Return whether it is certain that the hub has had it."""
    return state is _S.DELIVERED or has_reply(state)


def may_happen(state: CommandState, event: CommandEvent) -> bool:
    """Return whether the table has a place for the event."""
    return allows(TABLE, state, event)


def next_state(state: CommandState, event: CommandEvent, title: str = "") -> CommandState:
    """Return what the event makes of it; StateRefused, with what to do, for an unknown pair."""
    try:
        return follow(TABLE, state, event)
    except OutOfStep:
        raise _refused(state, event, title) from None


def _refused(state: CommandState, event: CommandEvent, title: str) -> StateRefused:
    if event is _E.SEND and has_reply(state):
        what, remedy = f"is {state} and is never sent again", "Go on with the next."
    elif event is _E.SEND:
        what = f"is {state} and is not sent again as it stands"
        remedy = "Say first whether it arrived."
    else:
        what, remedy = f"is {state}: '{event}' cannot happen to it", "Look at its state again."
    return StateRefused(f"The Local Command {what}", where=title, remedy=remedy)
