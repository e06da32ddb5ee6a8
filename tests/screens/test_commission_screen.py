"""The commission screen: the plan, one delivery after another, doubt settled, the HAN left."""

import asyncio

import pytest
from duis_samples import GPF
from screen_bench import BOTH, WIDE, Bench
from screen_visit import READING

from hht.radio.errors import DongleLost, NotDelivered
from hht.session.errors import HubSilent, MembershipEnded
from hht.store import CommandState
from screens.home.screen import HomeScreen
from screens.message.screen import MessageScreen


async def at_the_plan(bench: Bench) -> None:
    """Open the first job and connect to its hub."""
    await bench.until("Install without WAN")
    await bench.press("1")
    await bench.until("Connect to this hub")
    await bench.press("enter")
    await bench.until("0/2 answered")


@pytest.mark.parametrize("size", BOTH)
async def test_every_command_has_its_state_in_words_and_the_button_says_what_is_next(
    open_bench, script, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        assert bench.line_with("1 Command 0").endswith("○ waiting")
        await bench.until("[ D ]  Deliver 1: Command 0")
        assert "hub " in bench.lines[0]
        assert "LQI 212" in bench.lines[0]
        assert "stay 18:00:00" in bench.lines[1] or "stay 17:59:5" in bench.lines[1]


@pytest.mark.parametrize("size", BOTH)
async def test_d_delivers_the_next_one_and_its_response_is_told_in_plain_words(
    open_bench, script, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("d")
        await bench.until("1/2 answered")
        assert bench.line_with("1 Command 0").endswith("✓ answered")
        await bench.until(READING)
        await bench.until("[ D ]  Deliver 2: Command 1")
        assert bench.lines[-1].endswith("F1 Help")


async def test_a_delivers_all_that_is_left_and_l_then_leaves_the_han(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("a")
        await bench.until("2/2 answered")
        await bench.until("[ L ]  All done: leave the HAN")
        await bench.press("l")
        await bench.until("[ Q ]  See what is to be returned")
        assert ("leave",) in script.calls


async def test_while_delivering_the_button_cancels_and_nothing_else_is_offered(
    open_bench, script
) -> None:
    async def never_answers(name: str) -> None:
        if name == "deliver":
            await asyncio.sleep(3600)

    script.hold = never_answers
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("d")
        await bench.until("▶ sending")
        await bench.until("[ C ]  Cancel")
        await bench.press("d", "a", "l")
        assert [call[0] for call in script.calls].count("deliver") == 1
        await bench.press("c")
        await bench.until("F1 Help")
        assert "[ C ]  Cancel" not in bench.text


@pytest.mark.parametrize("size", BOTH)
async def test_doubt_stops_the_plan_until_the_engineer_settles_it(open_bench, script, size) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("a")
        await bench.until("? unknown")
        await bench.until("[ S ]  Settle 1: Command 0")
        await bench.press("s")
        await bench.until("must not be done twice", "The Device did it", "It never arrived")
        await bench.until("▲ TRAINING")
        await bench.press("1")
        await bench.until("1/2 answered")
        assert any(call[0] == "settle" and call[2] == "answered-not-seen" for call in script.calls)


async def test_esc_leaves_a_doubt_as_it_is(open_bench, script) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("d")
        await bench.until("? unknown")
        await bench.press("s", "escape")
        assert not any(call[0] == "settle" for call in script.calls)


async def test_a_delivery_that_fails_says_why_and_can_be_tried_again(open_bench, script) -> None:
    script.failures["deliver"] = NotDelivered("hub", "DELIVERY_FAILED")
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("d")
        await bench.until("The message was not acknowledged")
        assert "RAD-08" in bench.text
        await bench.press("escape")
        await bench.until("Command 0")


@pytest.mark.parametrize("size", BOTH)
async def test_leaving_with_work_left_is_asked_about_esc_stays_and_enter_leaves(
    open_bench, script, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("l")
        await bench.until("Leave the HAN?", "Not done: 2 of 2", "Enter  Leave     Esc  Stay")
        await bench.press("escape")
        await bench.until("[ D ]  Deliver 1: Command 0")
        assert ("leave",) not in script.calls
        await bench.press("l")
        await bench.until("Leave the HAN?")
        await bench.press("enter")
        await bench.until("[ H ]  Connect to the hub")
        assert ("leave",) in script.calls


async def test_leaving_with_nothing_to_deliver_but_one_in_doubt_is_asked_about(
    open_bench, script
) -> None:
    script.answers[1] = CommandState.UNKNOWN
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("a")
        await bench.until("1/2 answered", "? unknown", "[ S ]  Settle 2")
        await bench.press("l")
        await bench.until("Leave the HAN?", "Not done: 1 of 2")
        assert ("leave",) not in script.calls


async def test_a_number_opens_the_message_of_its_row_and_esc_comes_back(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("2")
        await bench.until("Command 2: Command 1")
        assert isinstance(bench.app.screen, MessageScreen)
        await bench.press("escape")
        await bench.until("0/2 answered")


async def test_the_hht_stays_on_the_han_while_the_jobs_are_looked_at(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("escape")
        await bench.until("Open the job")
        assert isinstance(bench.app.screen, HomeScreen)
        assert "LQI 212" in bench.lines[0]
        await bench.press("1")
        await bench.until("0/2 answered")


async def test_the_timeline_tells_the_whole_visit_where_there_is_room(open_bench, script) -> None:
    async with open_bench(WIDE) as bench:
        await at_the_plan(bench)
        await bench.press("d")
        await bench.until("1/2 answered")
        await bench.until("Join the HAN: 0.4 s", "▶ 1 Command 0", f"✓ {READING}")


@pytest.mark.parametrize("size", BOTH)
@pytest.mark.parametrize(
    "error",
    [
        DongleLost("/dev/ttyUSB0", "unplugged"),
        HubSilent(GPF, "tunnel"),
        MembershipEnded(GPF),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_lost_connection_says_what_happened_what_it_means_and_what_to_do(
    open_bench, script, size, error
) -> None:
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        script.lose(error)
        await bench.until("✗ Connection lost:", "No Local Command was under way")
        said = " ".join(bench.text.split())
        assert error.what in said
        assert error.remedy in said
        assert "H Connect" in said
        await bench.until("[ H ]  Connect to the hub")
        await bench.press("h")
        await bench.until("[ D ]  Deliver 1: Command 0")
        assert "Connection lost" not in bench.text


@pytest.mark.parametrize("size", BOTH)
async def test_what_was_under_way_when_the_connection_was_lost_is_said_to_be_in_doubt(
    open_bench, script, size
) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("d")
        await bench.until("? unknown")
        script.lose(DongleLost("/dev/ttyUSB0", "unplugged"))
        await bench.until("✗ Connection lost:", "'Command 0' may or may not have arrived")
        await bench.until("[ H ]  Connect to the hub")


async def test_a_connection_lost_behind_another_screen_is_told_there(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("q")
        await bench.until("To return to the DCC")
        script.lose(MembershipEnded(GPF))
        await bench.until("✗ The hub ended the HHT's membership")
        await bench.press("escape")
        await bench.until("✗ Connection lost:")
