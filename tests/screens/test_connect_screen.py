"""The connect screen: hubs heard, the job's marked, every step watched, cancelled, tried again."""

import asyncio
import threading
from itertools import count

import pytest
from duis_samples import GPF
from screen_bench import BOTH, SMALLEST, WIDE, Bench
from screen_visit import NEIGHBOUR, Script

from hht.radio.errors import DongleAbsent, DongleLost
from hht.session.errors import WindowClosed
from screens.commission.screen import CommissionScreen
from screens.connect.screen import ConnectScreen


async def at_the_hubs(bench: Bench) -> None:
    """Open the first job and wait for the hub list."""
    await bench.until("Install without WAN")
    await bench.press("1")
    await bench.until("Connect to this hub")


@pytest.mark.parametrize("size", BOTH)
async def test_hubs_are_listed_with_their_signal_and_the_jobs_hub_is_marked(
    open_bench, script, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_hubs(bench)
        assert f"This job's hub: {GPF}" in bench.text
        assert f"1 {NEIGHBOUR}" in bench.text
        assert bench.line_with(f"2 {GPF}").endswith("★ this job")
        assert "ch 20  ▂▄▆▁ good -61 dBm LQI 212" in bench.text


async def test_the_cursor_starts_on_the_jobs_hub_and_enter_goes_through_to_the_plan(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until("0/2 answered")
        assert ("connect", GPF) in script.calls
        assert isinstance(bench.app.screen, CommissionScreen)


@pytest.mark.parametrize("size", BOTH)
async def test_every_step_is_watched_with_its_time_while_the_window_clock_runs(
    open_bench, script, size
) -> None:
    held = threading.Event()

    async def hold_at_join(name: str) -> None:
        if name == "join":
            await asyncio.to_thread(held.wait, 5)

    script.hold = hold_at_join
    async with open_bench(size) as bench:
        await at_the_hubs(bench)
        await bench.press("2")
        await bench.until("4 of 7 done")
        assert bench.line_with("Agree a link key (inter-PAN CBKE)").lstrip().startswith("✓")
        assert bench.line_with("Be added to the Device Log (CCS01)").endswith("0.4 s")
        assert bench.line_with("Join the HAN").lstrip()[0] in "◐◓◑◒"
        assert bench.line_with("Open the tunnel").lstrip().startswith("○")
        await bench.until("window 49:5")
        held.set()
        await bench.until("0/2 answered")


@pytest.mark.parametrize("size", BOTH)
async def test_a_connection_lost_before_the_plan_comes_says_so_and_what_to_do(
    open_bench, script, size, monkeypatch
) -> None:
    monkeypatch.setattr("screens.connect.screen.SEE_SECONDS", 60)
    async with open_bench(size) as bench:
        await at_the_hubs(bench)
        await bench.press("enter")
        await bench.until("7 of 7 done", "[ Enter ]  On the HAN")
        script.lose(DongleLost("/dev/ttyUSB0", "unplugged"))
        await bench.until("✗ Connection lost:", "R  Connect", "[ R ]  Connect again")
        said = " ".join(bench.text.split())
        assert DongleLost("/dev/ttyUSB0", "unplugged").remedy in said
        assert "7 of 7 done" not in said
        await bench.press("r")
        await bench.until("7 of 7 done", "[ Enter ]  On the HAN")
        assert "Connection lost" not in bench.text


async def test_another_hub_than_the_jobs_is_asked_about_first(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("1")
        await bench.until("That is not this job's hub")
        await bench.press("1")
        assert not any(call[0] == "connect" for call in script.calls)
        await bench.press("1")
        await bench.until("That is not this job's hub")
        await bench.press("2")
        await bench.until("answered")
        assert ("connect", NEIGHBOUR) in script.calls


async def test_a_scanned_label_puts_the_cursor_on_its_hub(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.scan(str(NEIGHBOUR).replace("-", ""))
        await bench.until(f"Hub {NEIGHBOUR} found")
        assert bench.line_with(f"1 {NEIGHBOUR}").startswith("▌")
        assert not any(call[0] == "connect" for call in script.calls)


async def test_a_label_of_a_hub_that_was_not_heard_says_so(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.scan("00-00-00-00-00-00-00-01")
        await bench.until("not among those heard")


@pytest.mark.parametrize("size", BOTH)
async def test_a_closed_window_says_what_it_means_and_what_to_do(open_bench, script, size) -> None:
    script.failures["inter-pan-cbke"] = WindowClosed(GPF, 60)
    async with open_bench(size) as bench:
        await at_the_hubs(bench)
        await bench.press("2")
        await bench.until("Power-cycle the hub")
        assert "HUB-03" in bench.text
        await bench.press("r")
        await bench.until("0/2 answered")


async def test_what_the_radio_does_can_be_cancelled(open_bench, script) -> None:
    async def never_ends(name: str) -> None:
        if name == "join":
            await asyncio.sleep(3600)

    script.hold = never_ends
    async with open_bench() as bench:
        await at_the_hubs(bench)
        await bench.press("2")
        await bench.until("4 of 7 done")
        await bench.press("c")
        await bench.until("Connect again")
        assert bench.line_with("Join the HAN").endswith("stopped")
        script.hold = None
        await bench.press("r")
        await bench.until("0/2 answered")


async def test_a_dongle_that_is_elsewhere_by_now_is_found_at_once(
    open_bench, context, script
) -> None:
    equip, asked = context.equip, count(1)
    context.equip = lambda job_id: equip(next(asked))
    script.failures["scan"] = DongleAbsent("Nothing listens here", where="socket://job-1")
    async with open_bench() as bench:
        await bench.until("Install without WAN")
        await bench.press("1")
        await bench.until("Connect to this hub")
        assert ("equip", "socket://job-2") in script.calls


async def test_a_dongle_that_is_not_there_can_be_looked_for_again(open_bench, script) -> None:
    script.failures["scan"] = DongleAbsent("There is no such device", where="/dev/ttyUSB0")
    async with open_bench() as bench:
        await bench.until("Install without WAN")
        await bench.press("1")
        await bench.until("/dev/ttyUSB0")
        await bench.press("r")
        await bench.until("Connect to this hub")


async def test_a_hub_that_still_has_this_hht_is_gone_back_to_without_a_scan(
    open_bench, script: Script
) -> None:
    script.known_hub, script.residency = GPF, 60_000
    async with open_bench() as bench:
        await bench.until("Install without WAN")
        await bench.press("1")
        await bench.until("0/2 answered")
        assert not any(call[0] == "scan" for call in script.calls)


async def test_a_hub_that_was_switched_off_and_on_starts_its_window_again(
    open_bench, script
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_hubs(bench)
        await bench.press("p")
        await bench.until("window 59:5")


async def test_the_timeline_stands_at_the_side_where_there_is_room(open_bench, script) -> None:
    async with open_bench(WIDE) as bench:
        await at_the_hubs(bench)
        await bench.until("Listening on channels 11 to 26")


async def test_esc_goes_back_to_the_jobs(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_hubs(bench)
        assert isinstance(bench.app.screen, ConnectScreen)
        await bench.press("escape")
        await bench.until("Open the job")
