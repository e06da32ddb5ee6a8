"""The debrief after an exercise: the outcome, the points, and what to do better."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hht.gbcs.alerts import name_beside_code
from hht.spans import counted
from hht.store import CommandState
from hht.training.exercise.trainer_marks import TrainerMark
from hht.training.happenings import Happening, failure_words, happenings, words_of
from hht.training.scenario.spec import HAPPENS, Scenario
from hht.training.scoring import FULL_MARKS, Finding, Played, findings, has_reached_hub, points


@dataclass(frozen=True, slots=True)
class Check:
    """Something that the scenario expects, and whether it came about."""

    text: str
    met: bool


@dataclass(frozen=True, slots=True)
class Debrief:
    """The end of an exercise.

    `as_expected` is about the outcome; of one short of complete about its reason too, for another
    reason ends a visit in the same way. `is_over` is False of a play that goes on.
    """

    scenario: str
    title: str
    outcome: str
    as_expected: bool
    points: int
    findings: tuple[Finding, ...]
    checks: tuple[Check, ...]
    advice: tuple[str, ...]
    happened: tuple[Happening, ...] = ()
    marks: tuple[TrainerMark, ...] = ()
    is_over: bool = True


TITLES: Mapping[str, str] = {
    "minute_over_par": "Minutes over par",
    "wrong_pick": "Hubs picked that are not the job's",
    "power_cycle": "Power cycles that were not needed",
    "undelivered": "Local Commands not delivered",
    "unsafe_skip": "Local Commands skipped or settled unseen",
    "not_seen": "Questions of the visit that nobody looked at",
    "hint": "Hints asked for",
    "not_reached": "Visits that never reached a hub",
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
        "Settle a Local Command as done only when a log or the Device itself shows it; one that "
        "is skipped leaves the meter as it was."
    ),
    "not_seen": (
        "Look at the hub yourself: the DCC gets what you note, and the job only says what was "
        "expected."
    ),
    "hint": "Play it once more without a hint: nothing is lost for one then.",
    "not_reached": (
        "See that the dongle works before the visit, 'hht radio check', then scan for the hub."
    ),
}


def debrief(scenario: Scenario, played: Played) -> Debrief:
    """Judge a play."""
    found = findings(scenario, played)
    checks = _checks(scenario, played)
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
        happenings(played.events),
    )


def _ends_as_expected(scenario: Scenario, played: Played, checks: tuple[Check, ...]) -> bool:
    if played.outcome != scenario.expects:
        return False
    return scenario.expects == "complete" or (
        has_reached_hub(played) and all(check.met for check in checks)
    )


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
    lines += [f"  {'yes ' if each.met else 'no  '} {each.text}" for each in debrief.checks]
    return lines + [f"  Next time: {advice}" for advice in debrief.advice]


def _checks(scenario: Scenario, played: Played) -> tuple[Check, ...]:
    """Check what the scenario expects beside its outcome."""
    expected = scenario.expected
    checks = [
        Check(f"Alert {code:04X} heard ({name_beside_code(code)})", code in played.alerts)
        for code in expected.alerts
    ]
    for word, state, count in (
        ("answered", CommandState.ANSWERED, expected.answered),
        ("refused", CommandState.REFUSED, expected.failed),
        ("in doubt", CommandState.UNKNOWN, expected.unknown),
    ):
        if count is not None:
            text = f"{counted(count, 'Local Command')} {word}"
            checks.append(Check(text, _count(played, state) == count))
    if expected.report:
        queued = [row["service"] for row in played.events if row["event"] == "report_ready"]
        text = f"Status update SR {expected.report} queued once"
        checks.append(Check(text, queued == [expected.report]))
    if expected.failure:
        checks.append(_failure_check(expected.failure, played))
    checks += [Check(HAPPENS[name], _has_happened(name, played)) for name in expected.happens]
    return tuple(checks)


def _has_happened(name: str, played: Played) -> bool:
    """Look for what a change of channel came to, in its events."""
    ends = [row for row in played.events if row["event"] == "move_ended"]
    if name == "stayed":
        return any(not row["second_look"] and not row["back"] for row in ends)
    if name == "all_back":
        return any(row["back"] and not row["second_look"] for row in ends)
    wanted = "move_away" if name == "stepped_out" else name
    return any(row["event"] == wanted for row in played.events)


def _failure_check(wanted: str, played: Played) -> Check:
    """Look for the failure by its code, or by a part of its line."""
    failures = [row for row in played.events if row["event"] == "failed"]
    met = [row for row in failures if wanted == row.get("code") or wanted in row["what"]]
    shown = words_of(met[0]) if met else failure_words(wanted)
    return Check(f"Failure shown: {shown}", bool(met))


def _count(played: Played, state: CommandState) -> int:
    return sum(command.state is state for command in played.commands)
