"""The rubric: marks per competency from events alone, and none where there was no occasion."""

from dataclasses import replace
from typing import Any

import pytest

from hht.store import CommandEvent, CommandState
from hht.training.classroom.rubric import COMPETENCIES, rubric
from hht.training.played import CommandStand, Played
from hht.training.scenario.load import load_scenario

SCENARIO = load_scenario("no-wan-install")
GPF = str(SCENARIO.site.hub.gpf)


def stand(position: int, state: str = "answered", **more: Any) -> CommandStand:
    counter = position + 1
    return CommandStand(
        "", CommandState(state), CommandEvent.POSITIVE, counter, position=position, **more
    )


def event(name: str, elapsed: float = 0, **facts: Any) -> dict[str, Any]:
    return {"event": name, "elapsed": elapsed, **facts}


def sent(position: int, at: float = 5) -> dict[str, Any]:
    return event("command_sent", at, position=position)


def changed(position: int, state: str = "answered", at: float = 6) -> dict[str, Any]:
    return event("command_changed", at, position=position, state=state)


ASKED = event("install_answered", question="wan", answered="seen")
CONNECTED = event("step_done", 3, step="tunnel", seconds=1)
GOOD = (
    event("power_on", at="", certainty="seen"),
    ASKED,
    event("report_ready", service="8.14.2"),
    event("window_clock", seconds_left=3599),
    event("hub_chosen", gpf=GPF),
    CONNECTED,
    *(sent(0), changed(0), sent(1), changed(1)),
    event("left", 9, gpf=GPF),
)
PLAYED = Played(
    outcome="complete",
    minutes=8,
    events=GOOD,
    commands=(stand(0), stand(1, after=(0,))),
    alerts=frozenset(),
    hub_log=({"what": "response", "counter": 1}, {"what": "response", "counter": 2}),
)


def marks(**changes: Any) -> dict[str, int | None]:
    return {each.name: each.marks for each in rubric(SCENARIO, replace(PLAYED, **changes))}


def without(name: str) -> tuple[dict[str, Any], ...]:
    return tuple(row for row in GOOD if row["event"] != name)


def test_a_good_play_has_full_marks_in_all_that_there_was_occasion_for() -> None:
    full = dict.fromkeys(COMPETENCIES, 100)
    assert marks() == {**full, "failures": None}


def test_before_anything_has_happened_only_what_is_still_to_be_done_is_missing() -> None:
    waiting = (stand(0, "waiting"), stand(1, "waiting"))
    assert marks(events=(), commands=waiting, hub_log=(), minutes=0, outcome="failed") == {
        "connect": 0,
        "order": 0,
        "clock": 100,
        "failures": None,
        "return": None,
        "paperwork": 0,
    }


@pytest.mark.parametrize(
    ("name", "changes", "left"),
    [
        ("connect", {"events": (*GOOD, event("hub_chosen", gpf="another"))}, 67),
        ("order", {"commands": (stand(0, after=(1,)), stand(1))}, 67),
        ("order", {"commands": (stand(0, "refused"), stand(1))}, 67),
        ("clock", {"minutes": 30}, 83),
        ("clock", {"events": without("power_on")}, 67),
        (
            "clock",
            {"events": (*GOOD, event("clock_warning", clock="window", minutes=0))},
            67,
        ),
        ("return", {"events": without("left")}, 50),
        ("return", {"events": (*GOOD, {**CONNECTED, "elapsed": 12})}, 50),
        ("return", {"commands": (stand(0), stand(1, is_uncaptured=True))}, 75),
        ("paperwork", {"events": without("report_ready")}, 50),
        (
            "paperwork",
            {"events": (*GOOD, {**ASKED, "question": "lights", "answered": "not yet looked at"})},
            75,
        ),
    ],
)
def test_what_was_done_badly_costs_marks_in_its_own_competency(
    name: str, changes: dict[str, Any], left: int
) -> None:
    assert marks(**changes)[name] == left


def test_failures_are_judged_by_what_was_made_of_them() -> None:
    lost = event("connection_lost", 7, what="gone", remedy="")
    again = {**CONNECTED, "elapsed": 8}
    open_still = (stand(0), stand(1, "waiting"))
    assert marks(events=(*GOOD, lost, again))["failures"] == 100
    assert marks(events=(*GOOD, lost), commands=open_still)["failures"] == 67
    doubt = (stand(0), stand(1, "unknown"))
    assert marks(events=(*GOOD, changed(1, "unknown")), commands=doubt)["failures"] == 50


def test_an_exercise_that_cannot_be_connected_is_not_marked_down_for_it() -> None:
    scenario = load_scenario("join-refused")
    refused = event("failed", what="The hub refuses", code="HUB-07")
    played = replace(PLAYED, events=(refused,), commands=(), hub_log=(), outcome="failed")
    found = {each.name: each.marks for each in rubric(scenario, played)}
    assert (found["connect"], found["failures"]) == (None, 100)


@pytest.mark.parametrize("name", ["fault-return", "no-fault-return", "wrong-hub-variant"])
def test_a_hub_that_goes_back_is_neither_joined_nor_switched_on(name: str) -> None:
    scenario = load_scenario(name)
    queued = event("report_ready", service=scenario.expected.report)
    played = replace(PLAYED, events=(ASKED, queued), commands=(), hub_log=())
    found = {each.name: each.marks for each in rubric(scenario, played)}
    assert (found["connect"], found["clock"], found["paperwork"]) == (None, 100, 100)
