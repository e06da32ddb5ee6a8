"""A play is judged by what happened on the visit and what the hub saw: points, checks, advice."""

import json
from dataclasses import replace
from typing import Any

import pytest

from hht.store import CommandEvent, CommandState
from hht.training.debrief import debrief, to_json, to_lines
from hht.training.played import CommandStand, Played
from hht.training.scenario.load import load_scenario
from hht.training.scenario.spec import ExpectedAlert
from hht.training.scoring import FULL_MARKS, findings, points
from screens.debrief.text import debrief_text

SCENARIO = load_scenario("interpan-window-expired")
REFUSED = load_scenario("join-refused")
RIGHT, WRONG = str(SCENARIO.site.hub.gpf), "00-DB-00-00-00-00-99-A3"
CUT = {"what": "fault", "fault": "power-cut", "by": "trainee"}
FAILURE = {
    "event": "failed",
    "what": "The hub does not answer over inter-PAN",
    "code": "HUB-03",
}


def stand(
    state: str = "answered", counter: int = 1, last: CommandEvent = CommandEvent.POSITIVE
) -> CommandStand:
    return CommandStand("Set the clock", CommandState(state), last, counter)


def response(counter: int) -> dict[str, object]:
    return {"what": "response", "device": "ESME", "counter": counter}


GOOD = Played(
    outcome="complete",
    minutes=8.5,
    events=(FAILURE, {"event": "hub_chosen", "gpf": RIGHT}),
    commands=(stand(counter=1), stand(counter=2)),
    alerts=frozenset(),
    hub_log=(CUT, response(1), response(2)),
)


CHOSEN = {"event": "hub_chosen", "gpf": str(REFUSED.site.hub.gpf)}
SENT_AWAY = replace(
    GOOD,
    outcome="failed",
    events=(CHOSEN, {"event": "failed", "what": "The hub did not let it join", "code": "HUB-07"}),
    commands=tuple(stand("waiting", number) for number in (7, 8, 9)),
    hub_log=(),
)
NO_DONGLE = {"event": "failed", "what": "There is no dongle here", "code": "RAD-02"}


def lost(**changes: Any) -> dict[str, int]:
    """What each finding costs in the good play, changed as given."""
    found = findings(SCENARIO, replace(GOOD, **changes))
    return {each.what: each.points for each in found if each.count}


def test_a_play_without_fault_has_full_marks() -> None:
    debriefed = debrief(SCENARIO, GOOD)
    assert (debriefed.points, debriefed.as_expected, debriefed.advice) == (100, True, ())
    assert all(check.met for check in debriefed.checks)


def test_each_hint_costs() -> None:
    assert lost(hints=2) == {"hint": 10}


@pytest.mark.parametrize(("minutes", "cost"), [(10, None), (10.2, 2), (13, 6)])
def test_each_minute_over_par_costs(minutes: float, cost: int | None) -> None:
    assert lost(minutes=minutes).get("minute_over_par") == cost


def test_each_wrong_pick_costs_and_the_same_hub_again_does_not() -> None:
    picks = tuple({"event": "hub_chosen", "gpf": gpf} for gpf in (WRONG, RIGHT, RIGHT, WRONG))
    assert lost(events=picks) == {"wrong_pick": 20}


def test_each_question_of_the_visit_costs_whose_last_answer_nobody_looked_for() -> None:
    answers = [
        ("wan", "from the job, not seen"),
        ("wan", "seen"),
        ("MPxN", "from the job, not seen"),
        ("lights", "not yet looked at"),
        ("notes", "skipped"),
    ]
    rows = [{"event": "install_answered", "question": q, "answered": how} for q, how in answers]
    assert lost(events=tuple(rows)) == {"not_seen": 2}


def test_only_the_trainees_power_cycles_beyond_those_needed_cost() -> None:
    trainers = {**CUT, "by": "trainer"}
    scenarios = {**CUT, "by": "scenario"}
    assert lost(hub_log=(CUT, trainers, scenarios, response(1), response(2))) == {}
    assert lost(hub_log=(CUT, CUT, CUT, response(1), response(2))) == {"power_cycle": 20}


@pytest.mark.parametrize("state", ["waiting", "sending", "unknown"])
def test_what_is_not_delivered_costs_unless_a_device_has_answered_it(state: str) -> None:
    open_still = (stand(state, 1), stand(state, 7))
    assert lost(commands=open_still) == {"undelivered": 5}


def test_what_cannot_be_delivered_here_costs_nothing() -> None:
    assert points(findings(REFUSED, SENT_AWAY)) == 100
    four = (*SENT_AWAY.commands, stand("waiting", 10))
    assert points(findings(REFUSED, replace(SENT_AWAY, commands=four))) == 95


def test_to_leave_out_what_cannot_be_delivered_here_is_as_good_as_to_leave_it_open() -> None:
    for three in (("skipped",) * 3, ("waiting", "skipped", "skipped")):
        left_out = tuple(stand(state, number) for number, state in enumerate(three, 7))
        assert points(findings(REFUSED, replace(SENT_AWAY, commands=left_out))) == 100
        four = (*left_out, stand("skipped", 10))
        assert points(findings(REFUSED, replace(SENT_AWAY, commands=four))) == 90


def test_an_end_short_of_complete_is_as_expected_for_its_own_reason_alone() -> None:
    assert debrief(REFUSED, SENT_AWAY).as_expected
    other = replace(SENT_AWAY, events=(CHOSEN, FAILURE))
    assert not debrief(REFUSED, other).as_expected
    full = load_scenario("device-log-full")
    for refusals, is_expected in ((2, True), (1, False)):
        commands = tuple(stand("refused", number) for number in range(refusals))
        played = replace(GOOD, outcome="incomplete", commands=commands)
        assert debrief(full, played).as_expected is is_expected


def test_a_failure_that_the_scenario_does_not_name_is_expected_once_a_hub_is_chosen() -> None:
    scenario = replace(REFUSED, expected=replace(REFUSED.expected, failure=""))
    assert debrief(scenario, SENT_AWAY).as_expected
    assert not debrief(scenario, replace(SENT_AWAY, events=(NO_DONGLE,))).as_expected


def test_a_visit_that_never_reached_a_hub_has_no_points() -> None:
    judged = debrief(REFUSED, replace(SENT_AWAY, events=(NO_DONGLE,)))
    assert (judged.points, judged.as_expected) == (0, False)


def test_to_leave_out_or_settle_unseen_costs_where_no_device_has_answered() -> None:
    assert lost(commands=(stand("skipped", 7),)) == {"unsafe_skip": 10}
    assert lost(commands=(stand("answered", 7, CommandEvent.SETTLED_DONE),)) == {"unsafe_skip": 10}
    assert (
        lost(commands=(stand("skipped", 1), stand("answered", 2, CommandEvent.SETTLED_DONE))) == {}
    )


def test_points_never_fall_below_nothing() -> None:
    many = tuple(stand("waiting", number) for number in range(10, 60))
    assert points(findings(SCENARIO, replace(GOOD, commands=many))) == 0


def test_every_finding_has_its_advice_and_an_unexpected_end_the_hints() -> None:
    debriefed = debrief(
        SCENARIO,
        replace(GOOD, outcome="failed", minutes=99, events=(), commands=(stand("unknown", 9),)),
    )
    assert not debriefed.as_expected
    assert len(debriefed.advice) == 3 + len(SCENARIO.hints)
    assert [check.met for check in debriefed.checks] == [False]


def test_what_the_scenario_expects_is_checked() -> None:
    full = load_scenario("device-log-full")
    refused = tuple(stand("refused", n) for n in (3, 4))
    assert [c.met for c in debrief(full, replace(GOOD, commands=refused)).checks] == [True]
    assert [c.met for c in debrief(full, GOOD).checks] == [False]
    replay = load_scenario("replayed-command")
    heard = replace(GOOD, alerts=frozenset({(SCENARIO.site.hub.gpf, 0x8F3E)}))
    assert [c.met for c in debrief(replay, heard).checks] == [True]
    assert [c.met for c in debrief(replay, GOOD).checks] == [False]


def test_an_alert_is_expected_of_each_device_named_before_the_end_is_as_expected() -> None:
    meters = load_scenario("firmware-meters-future-dated")
    esme, gsme = ((device.entity_id, 0x8F66) for device in meters.site.devices)
    good = replace(GOOD, events=(), hub_log=(response(1), response(2)))
    one = debrief(meters, replace(good, alerts=frozenset({esme})))
    assert [each.met for each in one.checks] == [True, False]
    assert (one.as_expected, one.points) == (False, 90)
    assert "from GSME" in one.checks[1].text
    assert "this exercise is about did not all come" in str(debrief_text(one))
    both = debrief(meters, replace(good, alerts=frozenset({esme, gsme})))
    assert (both.as_expected, both.points) == (True, 100)
    assert "as it should be" in str(debrief_text(both))


def test_who_avoids_a_failure_on_the_way_loses_no_points_and_gets_no_cross() -> None:
    avoided = debrief(SCENARIO, replace(GOOD, events=GOOD.events[1:]))
    assert (avoided.as_expected, avoided.points) == (False, FULL_MARKS)
    said = str(debrief_text(avoided))
    assert "✗" not in said
    assert "did not come up" in said
    assert any(line.endswith("(did not come up)") for line in to_lines(avoided))


def test_a_failure_that_is_the_reason_of_the_end_cannot_be_avoided() -> None:
    left_early = debrief(REFUSED, replace(SENT_AWAY, events=(CHOSEN,)))
    assert not left_early.as_expected
    assert [each.what for each in left_early.findings if each.count] == ["missed"]
    assert "✗" in str(debrief_text(left_early))


def test_the_debrief_is_one_json_event_and_short_lines() -> None:
    debriefed = debrief(SCENARIO, replace(GOOD, minutes=12))
    row = json.loads(json.dumps(to_json(debriefed)))
    assert list(row)[:5] == ["event", "scenario", "outcome", "as_expected", "points"]
    assert (row["event"], row["points"]) == ("debrief", 96)
    lines = to_lines(debriefed)
    assert "complete, as expected. 96 of 100 points." in lines[0]
    assert any("Minutes over par: 2" in line for line in lines)


@pytest.mark.parametrize(
    ("wanted", "met"), [("HUB-03", True), ("not answer over", True), ("HUB-07", False)]
)
def test_an_expected_failure_is_known_by_its_code_or_a_part_of_its_line(
    wanted: str, met: bool
) -> None:
    scenario = replace(SCENARIO, expected=replace(SCENARIO.expected, failure=wanted))
    (check,) = (c for c in debrief(scenario, GOOD).checks if "Failure" in c.text)
    assert check.met is met
    assert ("does not answer" in check.text) is met


@pytest.mark.parametrize("events", [(FAILURE,), ()])
def test_a_failure_is_named_in_words_and_never_by_its_code(events: tuple[Any, ...]) -> None:
    debriefed = debrief(SCENARIO, replace(GOOD, events=events))
    (check,) = debriefed.checks
    assert check.met is bool(events)
    assert "does not answer" in check.text
    assert "HUB-03" not in "\n".join(to_lines(debriefed))


def test_one_local_command_is_not_called_commands() -> None:
    one = replace(SCENARIO, expected=replace(SCENARIO.expected, failure="", answered=1))
    assert [each.text for each in debrief(one, GOOD).checks] == ["1 Local Command answered"]


def test_an_expected_alert_that_this_tool_does_not_know_is_said_once() -> None:
    expected = replace(SCENARIO.expected, alerts=(ExpectedAlert(0x9999),))
    debriefed = debrief(replace(SCENARIO, expected=expected), GOOD)
    assert debriefed.checks[0].text == "Alert 9999 heard (An Alert this tool does not know)"
