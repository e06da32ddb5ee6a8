"""What can be done about a failure, by its code, and what can be said about a doubt."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from hht.errors import HhtError
from screens.catalogue import has_text, text


class Remedy(StrEnum):
    """What can be done about a failure."""

    SWITCH_HUB = "switch_hub"
    RETRY = "retry"
    HUBS = "hubs"
    RECONNECT = "reconnect"
    DONGLE = "dongle"
    IDENTITY = "identity"
    QUEUE = "queue"
    ELSEWHERE = "elsewhere"
    CLOSE = "close"
    DETAILS = "details"


class Verdict(StrEnum):
    """What the engineer says of it; the last four are words of hht.journeys.doubts.SETTLEMENTS."""

    ASK = "ask"
    LATER = "later"
    DONE = "answered-not-seen"
    NEVER = "not-delivered"
    AGAIN = "retry"
    SKIP = "skip"


_R = Remedy

REMEDIES: Mapping[str, tuple[Remedy, ...]] = {
    "HHT-05": (_R.IDENTITY, _R.RETRY, _R.CLOSE),
    "RAD-02": (_R.RETRY, _R.DONGLE, _R.CLOSE),
    "RAD-03": (_R.RETRY, _R.DONGLE, _R.CLOSE),
    "RAD-04": (_R.RETRY, _R.DONGLE, _R.CLOSE),
    "RAD-16": (_R.RETRY, _R.DONGLE, _R.CLOSE),
    "HUB-03": (_R.SWITCH_HUB, _R.RETRY, _R.HUBS),
    "HUB-04": (_R.HUBS, _R.CLOSE),
    "HUB-08": (_R.RETRY, _R.SWITCH_HUB, _R.HUBS),
    "HUB-09": (_R.RETRY, _R.CLOSE),
    "HUB-10": (_R.RETRY, _R.HUBS, _R.CLOSE),
    "HUB-11": (_R.RETRY, _R.SWITCH_HUB, _R.HUBS),
    "HUB-13": (_R.RETRY, _R.SWITCH_HUB, _R.HUBS),
    "HUB-15": (_R.RETRY, _R.HUBS),
    "OUT-01": (_R.RETRY, _R.CLOSE),
}
"""What is offered for a failure code, the first one under the cursor; DETAILS always follows."""

COMMANDS = ("'hht ", "chmod", "--data-dir", "--radio", "--training")
"""What a remedy for a shell has in it: a command, or an option of one."""
_HUB_REMEDIES = (_R.RETRY, _R.HUBS, _R.CLOSE)
_OTHER_REMEDIES = (_R.RETRY, _R.CLOSE)
TECHNICAL = ("RAD", "HUB")
"""Families of codes whose own words are the stack's: they are under the details alone."""


def remedies_for(
    code: str,
    *,
    can_retry: bool,
    retry_as: Remedy = Remedy.RETRY,
    can_go_elsewhere: bool = False,
    is_anothers: bool = False,
) -> tuple[Remedy, ...]:
    """Return what is offered for a failure; nothing that would lead nowhere.

    `retry_as` is what trying again comes to, where that is a new connection. What was to be written
    may find its place elsewhere: that comes before closing. Where the hub `is_anothers` the way
    back to the job's comes first, and its power is its household's.
    """
    usual = _HUB_REMEDIES if code.startswith("HUB") else _OTHER_REMEDIES
    offered = list(REMEDIES.get(code, usual) if can_retry else (_R.CLOSE,))
    if can_retry and is_anothers:
        kept = (each for each in offered if each not in (_R.HUBS, _R.SWITCH_HUB))
        offered = [_R.HUBS, *kept]
    if can_go_elsewhere:
        offered.insert(offered.index(_R.CLOSE), _R.ELSEWHERE)
    return (*(retry_as if each is _R.RETRY else each for each in offered), _R.DETAILS)


def in_the_app(remedy: str, key: str) -> str:
    """Return a remedy as it is, and for one that is a command of a shell the text of that key."""
    if not any(sign in remedy for sign in COMMANDS):
        return remedy
    return text(key if has_text(key) else "failure_remedy.other")


def in_a_line(error: HhtError) -> str:
    """Return a whole error, with what to do about it in the app."""
    own = in_the_app(error.remedy, f"failure_remedy.{error.code}")
    return str(error).removesuffix(error.remedy) + own
