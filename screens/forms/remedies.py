"""What can be done about a failure, by its code, and what can be said about a doubt."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from hht.errors import HhtError
from hht.texts import has_text, text


class Remedy(StrEnum):
    """What can be done about a failure."""

    SWITCH_HUB = "switch_hub"
    RETRY = "retry"
    HUBS = "hubs"
    RECONNECT = "reconnect"
    DONGLE = "dongle"
    IDENTITY = "identity"
    PROFILE = "profile"
    GATEWAY = "gateway"
    ELSEWHERE = "elsewhere"
    OTHER_FILE = "other_file"
    OTHER_DATA = "other_data"
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
    "HHT-02": (_R.CLOSE,),
    "HHT-03": (_R.CLOSE,),
    "HHT-04": (_R.CLOSE,),
    "HHT-05": (_R.IDENTITY, _R.CLOSE),
    "HHT-06": (_R.CLOSE,),
    "HHT-07": (_R.CLOSE,),
    "HHT-08": (_R.CLOSE,),
    "HHT-09": (_R.CLOSE,),
    "HHT-10": (_R.CLOSE,),
    "HHT-12": (_R.CLOSE,),
    "HHT-13": (_R.PROFILE, _R.RETRY, _R.CLOSE),
    "GBCS-01": (_R.CLOSE,),
    "DUIS-01": (_R.CLOSE,),
    "DUIS-02": (_R.CLOSE,),
    "DUIS-03": (_R.OTHER_DATA, _R.CLOSE),
    "RAD-01": (_R.RETRY, _R.DONGLE, _R.CLOSE),
    "RAD-02": (_R.RETRY, _R.DONGLE, _R.CLOSE),
    "RAD-03": (_R.RETRY, _R.DONGLE, _R.CLOSE),
    "RAD-04": (_R.RETRY, _R.DONGLE, _R.CLOSE),
    "RAD-05": (_R.RETRY, _R.DONGLE, _R.CLOSE),
    "RAD-06": (_R.RETRY, _R.DONGLE, _R.CLOSE),
    "RAD-10": (_R.HUBS, _R.CLOSE),
    "RAD-13": (_R.HUBS, _R.CLOSE),
    "RAD-14": (_R.DONGLE, _R.RETRY, _R.CLOSE),
    "RAD-15": (_R.DONGLE, _R.RETRY, _R.CLOSE),
    "RAD-16": (_R.RETRY, _R.DONGLE, _R.CLOSE),
    "HUB-03": (_R.SWITCH_HUB, _R.RETRY, _R.HUBS),
    "HUB-04": (_R.HUBS, _R.CLOSE),
    "HUB-05": (_R.RETRY, _R.HUBS, _R.IDENTITY, _R.CLOSE),
    "HUB-06": (_R.HUBS, _R.IDENTITY, _R.CLOSE),
    "HUB-07": (_R.HUBS, _R.RETRY, _R.IDENTITY, _R.CLOSE),
    "HUB-08": (_R.RETRY, _R.SWITCH_HUB, _R.HUBS),
    "HUB-09": (_R.RETRY, _R.CLOSE),
    "HUB-10": (_R.RETRY, _R.HUBS, _R.CLOSE),
    "HUB-11": (_R.RETRY, _R.SWITCH_HUB, _R.HUBS),
    "HUB-12": (_R.HUBS, _R.RETRY, _R.CLOSE),
    "HUB-13": (_R.RETRY, _R.SWITCH_HUB, _R.HUBS),
    "HUB-15": (_R.RETRY, _R.HUBS),
    "DB-02": (_R.CLOSE,),
    "DB-03": (_R.CLOSE,),
    "DB-08": (_R.CLOSE,),
    "DB-10": (_R.CLOSE,),
    "DB-12": (_R.OTHER_DATA, _R.CLOSE),
    "OUT-01": (_R.RETRY, _R.CLOSE),
    "OUT-03": (_R.GATEWAY, _R.RETRY, _R.CLOSE),
    "OUT-04": (_R.CLOSE,),
    "OUT-05": (_R.CLOSE,),
}
"""What is offered for a failure code, the first one under the cursor; DETAILS always follows.

RETRY is where another try may end otherwise: what was refused for what it is stays refused.
"""

COMMANDS = ("'hht ", "chmod", "--data-dir", "--radio", "--training")
"""What a remedy for a shell has in it: a command, or an option of one."""
_HUB_REMEDIES = (_R.RETRY, _R.HUBS, _R.CLOSE)
_OTHER_REMEDIES = (_R.RETRY, _R.CLOSE)
_NEEDS_A_RETRY = (_R.RETRY, _R.SWITCH_HUB, _R.HUBS)
"""What goes on with the work that failed, and leads nowhere without any."""
LIVE_ONLY = (_R.DONGLE, _R.IDENTITY, _R.PROFILE, _R.GATEWAY)
"""Settings of a live handheld: an exercise has its own."""
TECHNICAL = ("RAD", "HUB")
"""Families of codes whose own words are the stack's: they are under the details alone."""


def remedies_for(
    code: str,
    *,
    can_retry: bool,
    retry_as: Remedy = Remedy.RETRY,
    can_go_elsewhere: bool = False,
    is_anothers: bool = False,
    training: bool = False,
    fenced: bool = False,
) -> tuple[Remedy, ...]:
    """Return what is offered for a failure; nothing that would lead nowhere.

    `retry_as` is what trying again comes to, where that is another thing, such as a new connection:
    then it is offered whatever failed. What was to be written may find its place elsewhere: that
    comes before closing. Where the hub `is_anothers` the way back to the job's comes first, and
    its power is its household's. From a `fenced` seat of a class no way leads to other data.
    """
    usual = _HUB_REMEDIES if code.startswith("HUB") else _OTHER_REMEDIES
    offered = list(REMEDIES.get(code, usual))
    if can_retry and retry_as is not _R.RETRY and _R.RETRY not in offered:
        offered.insert(0, _R.RETRY)
    if is_anothers:
        kept = (each for each in offered if each not in (_R.HUBS, _R.SWITCH_HUB))
        offered = [_R.HUBS, *kept]
    left_out = (() if can_retry else _NEEDS_A_RETRY) + (LIVE_ONLY if training else ())
    left_out += (_R.OTHER_DATA,) if fenced else ()
    offered = [each for each in offered if each not in left_out] or [_R.CLOSE]
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
