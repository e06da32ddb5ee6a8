"""The change of channel and the survey in the app: what is shown, offered and refused."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from duis_samples import GPF
from move_samples import moved, ways
from screen_bench import BOTH, NORMAL, SMALLEST, WIDE, Bench, OpenBench
from screen_steps import at_the_hubs, at_the_jobs, at_the_plan, choose_in_menu
from screen_visit import Script

from hht.journeys.move.events import OutsidePlan
from hht.journeys.move.expected import Expected
from hht.journeys.move.standing import MoveView
from hht.journeys.move.states import MoveKind, MoveState
from hht.journeys.plan.kinds import hub_not_back
from hht.radio.errors import DongleLost
from screens.commission.leaving import leave_form
from screens.commission.next_step import offer_words
from screens.commission.text import command_row, news_words
from screens.move.text import offer_of, words_of
from screens.shell import Place

OUTSIDE = OutsidePlan(11, (15, 20), "")
HUB_MOVES = Expected(MoveKind.HUB, 120, "", (), all_back=3600)
MOVES_IN_WORDS = (
    (replace(HUB_MOVES, all_back=0), "Hub away up to 2 minutes"),
    (Expected(MoveKind.SUB_GHZ, 30, "", ()), "Takes up to 30 s: no Device sleeps"),
    (
        Expected(MoveKind.SUB_GHZ, 5400, "", (), warns=True),
        "Takes up to 90 minutes: sleepers are warned",
    ),
)
LOST = MoveView(replace(moved(), state=MoveState.NOT_BACK), (), hub_not_back())


@pytest.mark.parametrize("state", [MoveState.AWAY, MoveState.NOT_BACK], ids=str)
def test_while_the_hub_is_not_heard_its_channel_is_where_it_was(state: MoveState) -> None:
    words = words_of(MoveView(replace(moved(), state=state, channel=11), (), ()))
    assert "The hub was on channel 11." in words
    assert "is on channel" not in words


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_every_device_is_there_with_its_way_back_and_a_silent_one_is_not_hidden(
    open_bench: OpenBench, script: Script, size: tuple[int, int]
) -> None:
    script.move = MoveView(moved(), ways(), ())
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("n")
        await bench.until("✓ 1 ESME", "✗ 2 PPMID", "silent", "The hub is on channel")
        await bench.until("▌✗ 2 PPMID", "I I saw it")
        await bench.press("up")
        await bench.until("▌✓ 1 ESME")
        assert "I I saw it" not in bench.text, "the ESME is back"


async def test_the_plan_warns_before_a_command_goes_to_a_device_that_is_not_back(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench((80, 24)) as bench:
        await at_the_plan(bench)
        assert script.visit
        assert "may not answer" not in bench.text
        assert bench.app.view
        outside = replace(bench.app.view, outside_plan=OUTSIDE, pairing=None)
        names = bench.app.service.names
        assert "on 11, outside the plan 15, 20" in news_words(outside, None, (), names).plain
        assert outside.next_command
        assert outside.next_command.device
        moving = MoveView(moved(), (), (), frozenset({outside.next_command.device}))
        before = news_words(replace(outside, move=moving), None, (), names).plain
        assert before.startswith("? The hub may still move: let ")
        first = outside.commands[0]
        for state, words in (
            (MoveState.AWAY, "changes its channel (N)"),
            (MoveState.NOT_BACK, "N says"),
        ):
            away = MoveView(replace(moved(), state=state), (), ())
            gone = replace(outside, move=away, connected=False)
            assert words in news_words(gone, None, (), names).plain
        expecting = replace(outside, expected={first.id: HUB_MOVES})
        row = command_row(expecting, first, names, None)
        assert "up to 2 min, Devices 60 min more" in str(row.detail)
        for moves, words in MOVES_IN_WORDS:
            expecting = replace(outside, expected={first.id: moves})
            row = command_row(expecting, first, names, None)
            assert str(row.detail) == words
        assert leave_form(outside) is not None
        done = replace(outside, commands=(), next_command=None, connected=True)
        assert offer_words(done, None, ()).words == "Leave the HAN: hub outside the plan"
        devices = {row.device for row in script.visit.view.commands if row.device}
        silent = tuple(replace(ways()[1], device=each) for each in devices)
        script.move = MoveView(moved(), silent, ())
        await bench.press("enter")
        await bench.until("? PPMID may not answer: not heard")


async def test_what_to_do_about_a_hub_that_is_not_back_is_a_numbered_list(
    open_bench: OpenBench, script: Script
) -> None:
    script.move = LOST
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("n")
        await bench.until("1 Scan again beside the hub", "4 Switch the hub off and on")
        assert "I saw it" not in bench.text  # there is no Device to be seen
        whole = LOST.steps[-1]
        await bench.press("end")
        assert " ".join(whole.split()) in " ".join(bench.text.split())


@pytest.mark.parametrize(
    ("state", "connected", "action"),
    [
        (MoveState.ASKED, True, "step_out"),
        (MoveState.AWAY, False, "find_again"),
        (MoveState.NOT_BACK, False, "find_again"),
        (MoveState.OPEN, False, "find_again"),
        (MoveState.WATCHING, True, "back"),
    ],
)
def test_enter_steps_out_finds_the_hub_again_or_goes_back(
    state: MoveState, connected: bool, action: str
) -> None:
    view = MoveView(replace(moved(), state=state, expects_leave=True), (), ())
    assert offer_of(view, connected=connected).action == action


async def test_the_hht_steps_out_once_however_often_enter_is_pressed(
    open_bench: OpenBench, script: Script
) -> None:
    async def never_ends(name: str) -> None:
        if name == "step_out":
            await asyncio.Event().wait()

    asked = replace(moved(), state=MoveState.ASKED, expects_leave=True)
    script.move, script.hold = MoveView(asked, ways(), ()), never_ends
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("n")
        await bench.until_offered("step_out")
        await bench.press("enter", "enter")
        await bench.until("Leaving the HAN")
        await bench.press("enter")
        assert script.calls.count(("step_out",)) == 1


async def at_the_survey(bench: Bench) -> None:
    bench.app.navigation.go(Place.SURVEY)
    await bench.until_offered("listen")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_survey_is_drawn_in_53_columns_with_its_advice(
    open_bench: OpenBench, script: Script, size: tuple[int, int]
) -> None:
    async with open_bench(size) as bench:
        await at_the_hubs(bench)
        await at_the_survey(bench)
        await bench.press("enter")
        await bench.until("11 12 13", "26", "▲", "channel 15", "sub-GHz is not heard")
        rows = [row for row in bench.text.splitlines() if "██" in row]
        assert {len(row[:53].rstrip()) for row in rows} == {52}  # none of them in two pieces


@pytest.mark.parametrize(
    ("size", "rows"),
    [
        (SMALLEST, ("15 …78-90-A3  -50 dBm ▲ here",)),
        (NORMAL, ("Networks", "…78-90-A3  -50 dBm ▲", "╌ worst")),
        (WIDE, ("Networks", "PAN 4321   -50 dBm our hub", "╌ worst")),
    ],
    ids=["below", "beside", "in full"],
)
async def test_the_networks_are_listed_beside_the_chart_or_below_it(
    open_bench: OpenBench, script: Script, size: tuple[int, int], rows: tuple[str, ...]
) -> None:
    async with open_bench(size) as bench:
        await at_the_hubs(bench)
        await at_the_survey(bench)
        await bench.press("enter")
        await bench.until_offered("listen")
        await bench.until("channel 15")
        heard = bench.app.screen.query_one("#heard")
        await bench.until_it_holds(lambda: size != SMALLEST or heard.max_scroll_y > 0)
        await bench.press("end")
        await bench.until(*rows)


async def test_spots_are_named_compared_and_kept_by_keys_alone(
    open_bench: OpenBench, script: Script, tmp_path: Path
) -> None:
    async with open_bench(BOTH[0]) as bench:
        await at_the_hubs(bench)
        await at_the_survey(bench)
        await bench.press("enter")
        await bench.until("11 12 13")
        await bench.until_offered("listen")
        await bench.press("p")
        await bench.until("Where are you standing?")
        await bench.press(*"kitchen", "enter")
        await bench.until("made at: kitchen")
        await bench.press("enter")
        await bench.until_offered("listen")
        await bench.until_it_holds(
            lambda: script.visit and len(script.visit.surveying.survey.spots) == 2
        )
        await bench.press("w")
        await bench.until("Where should the survey be kept?", "surveys/JOB-")
        await bench.press(*str(tmp_path / "s.json"), "enter")
        await bench.until_it_holds((tmp_path / "s.json").exists)


async def go_on_for_ever(step: str) -> None:
    if step == "survey":
        await asyncio.Event().wait()


async def at_an_endless_survey(bench: Bench, script: Script) -> None:
    """Listen on every channel, pass after pass."""
    script.hold = go_on_for_ever
    await at_the_hubs(bench)
    await at_the_survey(bench)
    await bench.press("enter")
    await bench.until("C Stop", "11 12 13")


async def test_a_survey_goes_on_behind_another_screen_until_c_stops_it(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench(BOTH[0]) as bench:
        await at_an_endless_survey(bench, script)
        await bench.press("escape")
        await bench.until("Hubs", "Enter  Stop the survey · Connect to ★ …90-A3")
        assert not bench.app.radio_work.is_on_the_han()  # the store locks behind it as ever
        await bench.press("c")
        await bench.until_offered("connect_this")
        await at_the_survey(bench)
        await bench.until("11 12 13")


async def test_at_the_hubs_enter_stops_the_survey_and_connects(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench(BOTH[0]) as bench:
        await at_an_endless_survey(bench, script)
        await bench.press("escape")
        await bench.until_offered("end_survey('connect_this')")
        await bench.press("enter")
        await bench.until("7 of 7 done")
        assert [call[1] for call in script.calls if call[0] == "connect"] == [GPF]


async def test_on_the_plan_enter_stops_the_survey_that_goes_on_behind_it_and_connects(
    open_bench: OpenBench, script: Script
) -> None:
    script.known_hub, script.residency = GPF, 3600
    async with open_bench(BOTH[0]) as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await bench.until_offered("go_on")
        script.lose(DongleLost("/dev/ttyUSB0", "unplugged"))
        await bench.until("Connection lost")
        script.hold = go_on_for_ever
        bench.app.go(Place.PLAN)
        await at_the_survey(bench)
        await bench.press("enter")
        await bench.until("C Stop")
        await bench.press("escape")
        await bench.until("Plan", "Enter  Stop the survey · Connect to …90-A3 again")
        script.hold = None
        await bench.press("enter")
        await bench.until("7 of 7 done")


async def test_a_hub_that_still_has_the_hht_is_gone_back_to_once_enter_has_stopped_the_survey(
    open_bench: OpenBench, script: Script
) -> None:
    script.known_hub, script.residency = GPF, 3600
    async with open_bench(BOTH[0]) as bench:
        script.hold = go_on_for_ever
        await at_the_jobs(bench)
        await bench.press("enter")
        await bench.until_offered("go_on")
        script.lose(DongleLost("/dev/ttyUSB0", "unplugged"))
        await bench.until("Connection lost")
        bench.app.go(Place.SURVEY)
        await bench.until_offered("listen")
        await bench.press("enter")
        await bench.until("C Stop")
        bench.app.navigation.home()
        await bench.until_offered("open")
        await bench.press("enter")
        await bench.until("Connect to 00-", "Enter  Stop the survey · Connect again")
        await bench.press("enter")
        await bench.until("7 of 7 done")


async def test_while_the_radio_listens_c_stops_help_opens_and_no_other_key_does_anything(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench(BOTH[0]) as bench:
        await at_an_endless_survey(bench, script)
        await bench.press("p", "w", "o", "s", "1", "enter", "down")
        assert "C Stop" in bench.text
        assert script.calls.count(("survey",)) == 1
        await bench.press("question_mark")
        await bench.until("Each pass measures")
        await bench.press("escape")
        await bench.until("C Stop")
        await bench.press("c")
        await bench.until_offered("listen")
        assert "11 12 13" in bench.text


async def test_a_survey_is_offered_where_a_job_is_open(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench((120, 40)) as bench:
        await at_the_jobs(bench)
        await bench.press("m")
        await bench.until("About hht")
        assert "Survey the channels" not in bench.text
        await bench.press("escape")
        await at_the_hubs(bench)
        await bench.press("escape")
        await at_the_jobs(bench)
        await choose_in_menu(bench, "survey", "Survey the channels")
        await bench.until_offered("listen")


async def test_a_survey_that_fails_is_at_no_step_to_the_han(
    open_bench: OpenBench, script: Script
) -> None:
    script.failures["survey"] = DongleLost("/dev/ttyUSB0", "unplugged")
    async with open_bench() as bench:
        await at_the_plan(bench)
        bench.app.navigation.go(Place.SURVEY)
        await bench.until_offered("leave_and_listen")
        await bench.press("enter")
        await bench.until("Leave the HAN for a survey?")
        await bench.press("2")
        await bench.until("The dongle went away", "Try again")
        assert "at step" not in bench.text


async def test_a_han_that_is_lost_while_the_survey_asks_is_not_left_again(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        bench.app.navigation.go(Place.SURVEY)
        await bench.until_offered("leave_and_listen")
        await bench.press("enter")
        await bench.until("Leave the HAN for a survey?")
        script.lose(DongleLost("/dev/ttyUSB0", "unplugged"))
        await bench.until("Connection lost")
        await bench.press("2")
        await bench.until("11 12 13")
        assert ("step_out",) not in script.calls


async def test_on_the_han_a_survey_asks_before_it_leaves_and_enter_stays(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        bench.app.navigation.go(Place.SURVEY)
        await bench.until_offered("leave_and_listen")
        await bench.press("enter")
        await bench.until("Leave the HAN for a survey?", "▌1 Stay", "To come back")
        await bench.press("enter")
        await bench.until_offered("leave_and_listen")
        assert ("step_out",) not in script.calls
        await bench.press("enter")
        await bench.until("Leave the HAN for a survey?")
        await bench.press("2")
        await bench.until("11 12 13")
        await bench.until_offered("listen")
        names = [call[0] for call in script.calls]
        assert names.index("step_out") < names.index("survey")
