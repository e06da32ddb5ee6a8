"""The connect screen: hubs heard, the job's first, every step watched, stopped, tried again."""

import asyncio
import threading
from dataclasses import replace
from itertools import count

import pytest
from duis_samples import GPF
from patience import PATIENCE
from screen_bench import BOTH, SMALLEST, WIDE
from screen_steps import TO_THE_PLAN, at_the_hubs, at_the_jobs
from screen_visit import NEIGHBOUR, THIRD, Script

from hht.clock import ManualClock
from hht.journeys.connect import Step, WindowCertainty
from hht.radio.errors import DongleAbsent, DongleLost
from hht.session.errors import JoinRefused, WindowClosed
from hht.session.identity import IdentityUnusable
from screens.commission.screen import CommissionScreen
from screens.connect.screen import ConnectScreen
from screens.home.screen import HomeScreen
from screens.widgets.step_list import StepList


def was_connected_to(script: Script) -> list[object]:
    return [call[1] for call in script.calls if call[0] == "connect"]


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_the_jobs_hub_comes_first_with_its_star_whatever_its_strength(
    open_bench, script, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_hubs(bench)
        assert bench.line_with(f"1 {GPF}").rstrip("│").endswith("★ this job")
        assert bench.line_with(f"2 {NEIGHBOUR}").rstrip("│").endswith("not this job's hub")
        assert "▂▄▆▁ good · channel 20" in bench.text
        assert "this job: ★ …90-A3" in bench.lines[2]


async def test_two_that_show_one_identifier_are_both_there_and_each_can_be_picked(
    open_bench, script
) -> None:
    mine = next(hub for hub in script.hubs if hub.gpf == GPF)
    script.hubs = (*script.hubs, replace(mine, channel=11, pan_id=0x6666))
    async with open_bench() as bench:
        await at_the_hubs(bench)
        assert bench.line_with(f"1 {GPF}").rstrip("│").endswith("! shown twice")
        assert bench.line_with(f"2 {GPF}").rstrip("│").endswith("! shown twice")
        await bench.press("2")
        await bench.until("7 of 7 done")
        assert [call[1:] for call in script.calls if call[0] == "connect"] == [(GPF, (11, 0x6666))]


async def test_enter_connects_to_the_jobs_hub_and_goes_on_to_the_plan(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until(TO_THE_PLAN)
        await bench.press("enter")
        await bench.until("Deliver 1 ")
        assert was_connected_to(script) == [GPF]
        assert isinstance(bench.app.screen, CommissionScreen)


async def test_the_plan_comes_by_itself_once_every_tick_was_seen(
    open_bench, context, script
) -> None:
    clock = ManualClock()
    async with open_bench(given=replace(context, clock=clock)) as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until(TO_THE_PLAN, "7 of 7 done")
        clock.advance(bench.app.context.pace.see_seconds)
        await bench.until("Deliver 1 ")


def test_a_step_that_begins_has_those_before_it_behind_and_those_after_it_to_come() -> None:
    """On a HAN that still has the HHT three are not needed: they seemed to be left open."""
    steps = StepList(ManualClock())
    steps.finish(Step.SCAN, 2.0)
    for at in (Step.HAN_KEY, Step.LINK_KEY):
        steps.start(at)
        behind = [step for step, time in steps.steps.items() if time.seconds is not None]
        assert behind == list(Step)[: list(Step).index(at)]
    assert steps.steps[Step.SCAN].seconds == 2.0


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_every_step_is_watched_with_its_time_and_what_it_is_about(
    open_bench, script, size
) -> None:
    held = threading.Event()

    async def hold_at_join(name: str) -> None:
        if name == "join":
            await asyncio.to_thread(held.wait, PATIENCE)

    script.hold = hold_at_join
    async with open_bench(size) as bench:
        await at_the_hubs(bench)
        await bench.press("1")
        await bench.until("4 of 7 done", "trust centre lets the HHT")
        assert "Without an answer it gives up after 20 s." in bench.text
        assert "✓ Agree a link key (inter-PAN CBKE)" in bench.text
        assert bench.line_with("Be added to the Device Log").rstrip(" │").endswith("0.4 s")
        assert bench.line_with("Join the HAN").lstrip(" │")[0] in "◐◓◑◒"
        assert "○ Open the tunnel" in bench.text
        await bench.until("Connecting · ", "window ~49m")
        held.set()
        await bench.until("7 of 7 done")


async def test_a_connection_lost_before_the_plan_comes_can_be_made_again(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until("7 of 7 done", TO_THE_PLAN)
        script.lose(DongleLost("/dev/ttyUSB0", "unplugged"))
        await bench.until("✗ Connection lost:", "Enter  Connect again")
        await bench.press("enter")
        await bench.until("7 of 7 done", TO_THE_PLAN)
        assert "Connection lost" not in bench.text


async def test_back_to_the_hubs_connects_to_none_even_where_one_has_this_hht_in_its_log(
    open_bench, script
) -> None:
    script.failures["join"] = JoinRefused(GPF, "JOIN_FAILED")
    async with open_bench() as bench:
        await at_the_hubs(bench)
        script.residency, script.known_hub = 60_000, GPF  # it was added before it was refused
        await bench.press("enter")
        await bench.until("HUB-07", "▌1 Back to the hubs")
        await bench.press("1")
        await bench.until("Enter  Connect to ★", f"▌1 {GPF}")
        assert was_connected_to(script) == []


async def test_an_exercise_whose_hub_refuses_has_its_debrief_beside_the_hubs(
    open_bench, script, judged
) -> None:
    script.failures["join"] = JoinRefused(GPF, "JOIN_FAILED")
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until("HUB-07", "▌1 Back to the hubs")
        await bench.press("1")
        await bench.until("Enter  Connect to ★", "D Debrief")
        await bench.press("d")
        await bench.until("╭─ Debrief", "Radio noise", "Enter  Back to the exercise")
        await bench.press("enter")
        await bench.until("Enter  Connect to ★")


@pytest.mark.parametrize("back", ["enter", "1", "escape"])
async def test_another_hub_than_the_jobs_is_asked_about_and_the_star_is_under_the_cursor_again(
    open_bench, script, back
) -> None:
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("2")
        await bench.until("That is not this job's hub", "▌1 Back to the hubs")
        await bench.press(back)
        await bench.until("Enter  Connect to ★", f"▌1 {GPF}")
        assert was_connected_to(script) == []


async def test_who_insists_gets_another_hub_with_a_warning_that_stays(open_bench, script) -> None:
    held = threading.Event()

    async def hold_at_join(name: str) -> None:
        if name == "join":
            await asyncio.to_thread(held.wait, PATIENCE)

    script.hold = hold_at_join
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("2")
        await bench.until("That is not this job's hub")
        await bench.press("2")
        await bench.until("NOT THIS JOB'S HUB")
        held.set()
        await bench.until(TO_THE_PLAN)
        assert was_connected_to(script) == [NEIGHBOUR]


async def test_the_same_digit_twice_neither_answers_twice_nor_ends_the_app(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("2")
        await bench.until("That is not this job's hub")
        bench.press_at_once("1", "1", "1")
        await bench.until("Enter  Connect to ★")
        await bench.idle()
        assert isinstance(bench.app.screen, ConnectScreen)
        assert was_connected_to(script) == []


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (str(GPF), "✓ …90-A3 is this job's hub."),
        (str(NEIGHBOUR), "✗ …99-01 is not this job's hub (★ …90-A3)"),
        ("00-00-00-00-00-00-00-01", "✗ …00-01 is not this job's hub"),
        ("1234567890123", "1234567890123 is no hub's label."),
    ],
)
async def test_a_scanned_label_is_answered_at_once(open_bench, script, label, words) -> None:
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.scan(label)
        await bench.until(words, f"▌1 {GPF}")
        assert was_connected_to(script) == []


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_closed_window_offers_to_switch_the_simulated_hub_and_waits_for_it(
    open_bench, script, judged, size
) -> None:
    script.failures["inter-pan-cbke"] = WindowClosed(GPF, 60)
    async with open_bench(size) as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until("HUB-03", "The hub does not answer", "▌1 Switch the hub off and on")
        assert "over inter-PAN." not in bench.text
        await bench.press("enter")
        await bench.until(TO_THE_PLAN)
        assert judged.cycles == 1
        assert script.calls.index(("power_cycle",)) < len(script.calls)


async def test_a_neighbours_hub_that_fails_leads_back_to_the_hubs_and_is_never_switched_off(
    open_bench, script, judged
) -> None:
    script.failures["inter-pan-cbke"] = WindowClosed(NEIGHBOUR, 60)
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("2")
        await bench.until("2 Connect to it all the same")
        await bench.press("2")
        await bench.until("HUB-03", "▌1 Back to the hubs", "2 Try again")
        assert "Switch the hub off" not in bench.text
        script.certainty = WindowCertainty.CLOSED
        await bench.press("enter")
        await bench.until_offered("connect_this")
        await bench.until("no hub", "window ?", "Connect to ★ …90-A3")
        assert "CLOSED" not in bench.text


async def test_in_live_work_a_closed_window_asks_when_the_hub_got_its_power(
    open_bench, script
) -> None:
    script.failures["inter-pan-cbke"] = WindowClosed(GPF, 60)
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until("▌1 I have switched the hub off and on")
        await bench.press("1")
        await bench.until("When did the hub get its power?", "▌1 Just now")
        await bench.press("1")
        await bench.until("7 of 7 done", "window ~")
        assert script.window == 3600


@pytest.mark.parametrize("way", ["3", "escape"])
async def test_a_failure_can_be_left_and_nothing_is_lost(open_bench, script, way) -> None:
    script.failures["inter-pan-cbke"] = WindowClosed(GPF, 60)
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until("HUB-03")
        await bench.press(way)
        await bench.until(f"1 {GPF}" if way == "3" else "Enter  Connect again")


async def test_what_the_radio_does_is_stopped_by_its_key(open_bench, script) -> None:
    async def never_ends(name: str) -> None:
        if name == "join":
            await asyncio.Event().wait()

    script.hold = never_ends
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until("4 of 7 done")
        await bench.press("c")
        await bench.until("Enter  Connect again", "stopped")
        script.hold = None
        await bench.press("enter")
        await bench.until(TO_THE_PLAN)


async def test_esc_goes_back_to_the_jobs_and_the_connection_goes_on(open_bench, script) -> None:
    held = threading.Event()

    async def hold_at_join(name: str) -> None:
        if name == "join":
            await asyncio.to_thread(held.wait, PATIENCE)

    script.hold = hold_at_join
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until("4 of 7 done")
        await bench.press("escape")
        await bench.until("Jobs")
        assert isinstance(bench.app.screen, HomeScreen)
        held.set()
        await bench.until("on HAN")


async def test_a_dongle_that_is_elsewhere_by_now_is_found_at_once(
    open_bench, context, script
) -> None:
    equip, asked = context.equip, count(1)
    context.equip = lambda job_id: equip(next(asked))
    script.failures["scan"] = DongleAbsent("Nothing listens here", where="socket://job-1")
    async with open_bench() as bench:
        await at_the_hubs(bench)
        assert ("equip", "socket://job-2") in script.calls


async def test_connecting_without_an_identity_leads_to_importing_one(open_bench, script) -> None:
    script.failures["connect"] = IdentityUnusable("The HHT's identity file is not there")
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until("HHT-05", "▌1 Import the HHT's identity", "2 Close")
        await bench.press("1")
        await bench.until("╭─ Import the HHT's identity")


async def test_a_dongle_that_is_not_there_can_be_looked_for_again(open_bench, script) -> None:
    script.failures["scan"] = DongleAbsent("There is no such device", where="/dev/ttyUSB0")
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await bench.until("RAD-02", "There is no dongle", "▌1 Try again")
        assert "/dev/ttyUSB0" not in bench.text
        await bench.press("4")
        await bench.until("/dev/ttyUSB0")
        await bench.press("1")
        await bench.until("Connect to ★")


async def test_a_hub_that_still_has_this_hht_is_gone_back_to_without_a_scan(
    open_bench, script: Script
) -> None:
    script.known_hub, script.residency = GPF, 60_000
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await bench.until(TO_THE_PLAN)
        assert not any(call[0] == "scan" for call in script.calls)


async def test_a_second_enter_on_the_job_starts_nothing_twice(open_bench, context, script) -> None:
    equip, asked = context.equip, count(1)

    def slow(job_id: int):
        next(asked)
        return equip(job_id)

    context.equip = slow
    async with open_bench() as bench:
        await at_the_jobs(bench)
        bench.press_at_once("enter", "enter", "enter")
        await bench.until("Connect to ★")
        assert next(asked) == 2
        assert [call[0] for call in script.calls].count("scan") == 1


async def test_when_the_hub_got_its_power_can_be_said(open_bench, script) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_hubs(bench)
        await bench.press("p")
        await bench.until("Switch the hub off and on?", "opens again for 60")
        await bench.press("3")
        await bench.until("When did the hub get its power?")
        await bench.press("3")
        await bench.until("window ~50m", "Clock set: on since", "U  Undo")
        await bench.press("u")
        await bench.until("window ?", "When did this hub get its power?")


async def test_a_power_cycle_that_is_watched_makes_the_clock_certain(open_bench, script) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_hubs(bench)
        await bench.press("p")
        await bench.until("▌1 Leave it on")
        await bench.press("2")
        await bench.until("window 59m")


async def test_the_log_stands_at_the_side_where_there_is_room(open_bench, script) -> None:
    async with open_bench(WIDE) as bench:
        await at_the_hubs(bench)
        await bench.until("Listening on channels 11 to 26")


async def test_only_the_hub_under_the_cursor_is_connected_to(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("down", "down")
        await bench.until("Connect to …99-02: not this job's hub", f"▌3 {THIRD}")
