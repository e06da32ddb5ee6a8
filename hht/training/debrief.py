"""The debrief after an exercise: the outcome, the points, and what to do better."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hht.training.checks import Check, checks_of
from hht.training.exercise.trainer_marks import TrainerMark
from hht.training.happenings import Happening, happenings
from hht.training.played import Played
from hht.training.scenario.spec import Scenario
from hht.training.scoring import FULL_MARKS, Finding, findings, has_reached_hub, points


@dataclass(frozen=True, slots=True)
class Debrief:
    """The end of an exercise.

    `as_expected` is about the outcome and about every check: another reason ends a visit in the
    same way, and one that is complete may have missed what it was about. `is_over` is False of a
    play that goes on.
    """

    scenario: str
    title: str
    outcome: str
    as_expected: bool
    points: int
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    advice: tuple[str, ...]
    is_outcome_expected: bool = False
    happened: tuple[Happening, ...] = ()
    marks: tuple[TrainerMark, ...] = ()
    is_over: bool = True


TITLES: Mapping[str, str] = {
    "minute_over_par": "Minutes over par",
    "wrong_pick": "Hubs picked that are not the job's",
    "power_cycle": "Power cycles that were not needed",
    "undelivered": "Local Commands not delivered",
    "unsafe_skip": "Local Commands skipped or called done unseen",
    "not_seen": "Questions of the visit that nobody looked at",
    "hint": "Hints asked for",
    "not_reached": "Visits that never reached a hub",
    "missed": "What the exercise is about and did not come about",
}

_ADVICE: Mapping[str, str] = {
    "minute_over_par": "The window and the customer wait: deliver all, then look at details.",
    "wrong_pick": "Compare the GPF Entity Identifier with the label before you confirm a hub.",
    "power_cycle": (
        "Switching the hub off throws the HHT out and costs the joining: do it only when the "
        "inter-PAN window has closed."
    ),
    "undelivered": (
        "Before leaving, see why a Local Command waits: another must come first, its Device is "
        "off or asleep, or it may or may not have arrived."
    ),
    "unsafe_skip": (
        "Call a Local Command done only when a log or the Device itself shows it; one that "
        "is skipped leaves the meter as it was."
    ),
    "not_seen": (
        "Look at the hub yourself: the DCC gets what you note, and the job only says what was "
        "expected."
    ),
    "hint": "Play it once more without a hint: nothing is lost for one then.",
    "not_reached": (
        "See before the visit that the dongle works, have the hub switched on, then scan for it."
    ),
    "missed": "Read in the briefing what to wait for, and stay until it is there.",
}


def debrief(scenario: Scenario, played: Played) -> Debrief:
    """Judge a play."""
    found = findings(scenario, played)
    checks = checks_of(scenario, played)
    as_expected = _ends_as_expected(scenario, played, checks)
    advice = [_ADVICE[finding.what] for finding in found if finding.count]
    if not as_expected:
        advice += scenario.hints
    return Debrief(
        scenario.name,
        scenario.title,
        played.outcome,
        as_expected,
        points(found),
        found,
        checks,
        tuple(advice),
        played.outcome == scenario.expects,
        happenings(played.events),
    )


def _ends_as_expected(scenario: Scenario, played: Played, checks: tuple[Check, ...]) -> bool:
    reached = scenario.expects == "complete" or has_reached_hub(played)
    return reached and played.outcome == scenario.expects and all(each.met for each in checks)


def to_json(debrief: Debrief) -> dict[str, Any]:
    """Convert the debrief to the event that comes before the summary."""
    return {
        "event": "debrief",
        "scenario": debrief.scenario,
        "outcome": debrief.outcome,
        "as_expected": debrief.as_expected,
        "points": debrief.points,
        "findings": [
            {"what": each.what, "count": each.count, "points": each.points}
            for each in debrief.findings
        ],
        "checks": [{"text": each.text, "met": each.met} for each in debrief.checks],
        "advice": list(debrief.advice),
    }


def _check_line(check: Check) -> str:
    if check.met or check.is_missed:
        return f"  {'yes ' if check.met else 'no  '} {check.text}"
    return f"  -    {check.text} (did not come up)"


def to_lines(debrief: Debrief) -> list[str]:
    """Write the debrief as lines of text."""
    verdict = "as expected" if debrief.as_expected else "not as expected"
    score = f"{debrief.points} of {FULL_MARKS} points"
    lines = [f"{debrief.title}: {debrief.outcome}, {verdict}. {score}."]
    lines += [
        f"  -{each.points:<3} {TITLES[each.what]}: {each.count}"
        for each in debrief.findings
        if each.count
    ]
    lines += [_check_line(each) for each in debrief.checks]
    return lines + [f"  Next time: {advice}" for advice in debrief.advice]
