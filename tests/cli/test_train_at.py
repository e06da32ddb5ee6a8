"""An exercise that begins at a step: played there by itself, and judged from there on."""

import pytest

pytestmark = pytest.mark.whole_program


def test_the_trainee_begins_where_so_many_are_delivered(hht) -> None:
    ran = hht("train", "no-window-limit", "--at", "2", "--auto", "--json", "--seed", "3")
    summary, debrief = ran.rows[-1], ran.rows[-2]
    assert (ran.code, summary["outcome"]) == (0, "complete")
    sent = {row["position"] for row in ran.rows if row["event"] == "command_sent"}
    assert len(sent) == summary["delivered"] - 2
    assert not any(row["event"] == "hub_chosen" for row in ran.rows)
    assert debrief["points"] == 100


@pytest.mark.parametrize("step", ["99", "4.5", "４"])
def test_a_step_that_there_is_not_is_one_line(hht, step: str) -> None:
    ran = hht("train", "join-refused", "--at", step, "--auto")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
    assert "is no step" in ran.err


def test_an_exercise_that_never_comes_so_far_says_so(hht) -> None:
    ran = hht("train", "join-refused", "--at", "connected", "--auto")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert "did not come to the step" in ran.err


def test_a_malformed_radio_address_ends_a_play_before_it_begins(hht):
    ran = hht("--radio", "usage://x", "train", "--auto")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "begins no address of a dongle" in ran.err
