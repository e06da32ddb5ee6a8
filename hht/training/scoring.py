"""The score of an exercise: findings counted from the journey's events and the hub's log.

Pure: the same exercise has the same score.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hht.store import CommandEvent, CommandState
from hht.store.command_states import has_arrived, is_done, is_open
from hht.training.checks import checks_of
from hht.training.played import Played
from hht.training.scenario.spec import Scenario

FULL_MARKS = 100  # so that a score reads as per cent


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that costs points: how often it was found, and what that costs."""

    what: str
    count: int
    points: int


def findings(scenario: Scenario, played: Played) -> tuple[Finding, ...]:
    """Count everything that is scored, found or not, in the order of the table."""
    found = []
    for what, count in _COUNTED.items():
        times = count(scenario, played)
        found.append(Finding(what, times, times * getattr(scenario.score, what)))
    return tuple(found)


def points(found: tuple[Finding, ...]) -> int:
    """Return what is left of a hundred."""
    return max(0, FULL_MARKS - sum(finding.points for finding in found))


def _minutes_over_par(scenario: Scenario, played: Played) -> int:
    return max(0, math.ceil(played.minutes - scenario.par_minutes))


def _wrong_picks(scenario: Scenario, played: Played) -> int:
    right = str(scenario.site.hub.gpf)
    chosen = [row["gpf"] for row in played.events if row["event"] == "hub_chosen"]
    return sum(gpf != right for gpf in chosen)


def _power_cycles(scenario: Scenario, played: Played) -> int:
    """Count the trainee's own beyond those that the scenario needs."""
    own = (e for e in played.hub_log if e.get("fault") == "power-cut" and e.get("by") == "trainee")
    return max(0, len(list(own)) - scenario.score.needed_power_cycles)


def _undelivered(scenario: Scenario, played: Played) -> int:
    """Count the undelivered beyond those that cannot be delivered in this scenario."""
    return max(0, _open_still(played) - scenario.score.unavoidable)


def _open_still(played: Played) -> int:
    executed = _executed(played)
    open_still = (c for c in played.commands if is_open(c.state) and not has_arrived(c.state))
    return sum(command.counter not in executed for command in open_still)


def _unsafe_skips(scenario: Scenario, played: Played) -> int:
    """Count what was skipped, or settled by word of mouth, without a Device's answer.

    To skip one that cannot be delivered in this scenario is as good as to leave it open.
    """
    executed = _executed(played)
    unanswered = [each for each in played.commands if each.counter not in executed]
    skipped = sum(each.state is CommandState.SKIPPED for each in unanswered)
    allowed = max(0, scenario.score.unavoidable - _open_still(played))
    said = CommandEvent.SETTLED_DONE
    by_word = sum(is_done(each.state) and each.last_event is said for each in unanswered)
    return max(0, skipped - allowed) + by_word


def _not_seen(scenario: Scenario, played: Played) -> int:
    """Count the visit's questions that were not looked at: taken from the job, or passed over."""
    last: dict[str, str] = {}
    for row in played.events:
        if row["event"] == "install_answered":
            last[row["question"]] = row["answered"]
        elif row["event"] == "power_on":
            last |= dict.fromkeys(("InstallDateTime", "power_certainty"), "seen")
    return sum(answer in _UNSEEN for answer in last.values())


def _hints(scenario: Scenario, played: Played) -> int:
    return played.hints


def _not_reached(scenario: Scenario, played: Played) -> int:
    return int(not has_reached_hub(played))


def _missed(scenario: Scenario, played: Played) -> int:
    """Count what the exercise is about and did not come about; a failure avoided costs nothing."""
    return sum(check.is_missed for check in checks_of(scenario, played))


def has_reached_hub(played: Played) -> bool:
    """Return whether a hub was chosen, or a Local Command got to its Device in another way.

    True of a job about its hub alone, which may need no HAN.
    """
    if not played.commands or any(has_arrived(command.state) for command in played.commands):
        return True
    return any(row["event"] == "hub_chosen" for row in played.events)


def _executed(played: Played) -> set[int]:
    """Collect the counters of the Commands that a Device has answered."""
    return {entry["counter"] for entry in played.hub_log if entry["what"] == "response"}


_UNSEEN = ("from the job, not seen", "not yet looked at")
"""What a question's last answer is where nothing was looked at."""

_COUNTED: Mapping[str, Callable[[Scenario, Played], int]] = {
    "minute_over_par": _minutes_over_par,
    "wrong_pick": _wrong_picks,
    "power_cycle": _power_cycles,
    "undelivered": _undelivered,
    "unsafe_skip": _unsafe_skips,
    "not_seen": _not_seen,
    "hint": _hints,
    "not_reached": _not_reached,
    "missed": _missed,
}
"""By the name that the scenario's [score] has for it."""
