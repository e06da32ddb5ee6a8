"""What a scenario expects beside its outcome, each with whether it came about."""

from dataclasses import dataclass

from hht.gbcs.alerts import name_beside_code
from hht.store import CommandState
from hht.texts import texts_of
from hht.training.happenings import failure_words, words_of
from hht.training.played import Played
from hht.training.scenario.spec import ExpectedAlert, Scenario

_text = texts_of("check")


@dataclass(frozen=True, slots=True)
class Check:
    """Something that the scenario expects, and whether it came about.

    `is_avoidable` is a failure on the way to a visit that is complete all the same: who avoids it
    has missed nothing. Of a visit that is not, it is the reason.
    """

    text: str
    met: bool
    is_avoidable: bool = False

    @property
    def is_missed(self) -> bool:
        """Whether it is to the trainee's loss that it did not come about."""
        return not (self.met or self.is_avoidable)


def checks_of(scenario: Scenario, played: Played) -> tuple[Check, ...]:
    """Check what the scenario expects beside its outcome."""
    expected = scenario.expected
    checks = [_alert_check(alert, played) for alert in expected.alerts]
    for name, state, count in (
        ("answered", CommandState.ANSWERED, expected.answered),
        ("refused", CommandState.REFUSED, expected.failed),
        ("in_doubt", CommandState.UNKNOWN, expected.unknown),
    ):
        if count is not None:
            checks.append(Check(_text(name, count=count), _count(played, state) == count))
    if expected.report:
        queued = [row["service"] for row in played.events if row["event"] == "report_ready"]
        words = _text("report", service=expected.report)
        checks.append(Check(words, queued == [expected.report]))
    if expected.failure:
        checks.append(_failure_check(expected.failure, played, scenario.expects == "complete"))
    checks += [Check(_text(name), _has_happened(name, played)) for name in expected.happens]
    return tuple(checks)


def _alert_check(wanted: ExpectedAlert, played: Played) -> Check:
    """Look for an Alert, from its Device where the scenario names one."""
    heard = {originator for originator, code in played.alerts if code == wanted.code}
    met = bool(heard) if wanted.device is None else wanted.device in heard
    said = {"code": f"{wanted.code:04X}", "alert": name_beside_code(wanted.code)}
    if wanted.label:
        return Check(_text("alert_from", device=wanted.label, **said), met)
    return Check(_text("alert", **said), met)


def _has_happened(name: str, played: Played) -> bool:
    """Look for what a change of channel came to, in its events."""
    ends = [row for row in played.events if row["event"] == "move_ended"]
    if name == "stayed":
        return any(not row["second_look"] and not row["back"] for row in ends)
    if name == "all_back":
        return any(row["back"] and not row["second_look"] for row in ends)
    wanted = "move_away" if name == "stepped_out" else name
    return any(row["event"] == wanted for row in played.events)


def _failure_check(wanted: str, played: Played, is_avoidable: bool) -> Check:
    """Look for the failure by its code, or by a part of its line."""
    failures = [row for row in played.events if row["event"] == "failed"]
    met = [row for row in failures if wanted == row.get("code") or wanted in row["what"]]
    shown = words_of(met[0]) if met else failure_words(wanted)
    return Check(_text("failure", words=shown), bool(met), is_avoidable)


def _count(played: Played, state: CommandState) -> int:
    return sum(command.state is state for command in played.commands)
