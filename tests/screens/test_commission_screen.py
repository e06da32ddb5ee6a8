"""The plan: one delivery after another, doubt settled, the HAN left, and nothing done twice."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from duis_samples import GPF
from screen_bench import BOTH, NORMAL, SMALLEST, WIDE, Bench
from screen_steps import at_the_plan
from screen_visit import READING

from hht.journeys.plan.not_ready import NotReady
from hht.radio.errors import DongleLost, NotDelivered
from hht.session.errors import HubSilent, MembershipEnded
from hht.store import CommandState
from hht.store.errors import StoreFull
from screens.commission.course import Course
from screens.commission.next_step import offer_words
from screens.commission.screen import CommissionScreen
from screens.commission.side import command_words
from screens.commission.text import plan_rows, strip_words
from screens.forms.doubt import doubt_form
from screens.home.screen import HomeScreen
from screens.message.screen import MessageScreen
from screens.visit.radio_work import Work, WorkKind
from screens.widgets.numbered_list import NumberedList


def times(script, name: str) -> int:
    """How often the visit was asked for that."""
    return [call[0] for call in script.calls].count(name)


async def at_the_doubt(bench: Bench) -> None:
    """Deliver what is then in doubt, and open the question where a read could show it."""
    await at_the_plan(bench)
    await bench.press("enter")
    await bench.until("Did it arrive? 1")
    await bench.press("enter")
    await bench.until("▌1 Ask the Device")


async def never_answers(name: str) -> None:
    if name == "deliver":
        await asyncio.Event().wait()


def hold_the_delivery(script: Any) -> asyncio.Event:
    """Let no delivery end until the event is set."""
    going_on = asyncio.Event()

    async def held(name: str) -> None:
        if name == "deliver":
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(going_on.wait(), loop))

    loop = asyncio.get_running_loop()
    script.hold = held
    return going_on


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_every_command_has_its_sign_and_its_number_and_the_bar_says_what_enter_does(
    open_bench, script, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        assert "▌○  1 Command 0" in bench.text
        assert "Enter  Deliver 1  Command 0" in bench.text
        assert "▂▄▆▁" in bench.lines[0]
        assert "● Deliver 0/2" in bench.lines[1]


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_enter_delivers_the_next_one_and_its_count_stands_in_the_stepper(
    open_bench, script, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("Deliver 1/2", "✓  1 Command 0", "Enter  Deliver 2")


async def test_a_delivers_all_that_is_left_and_enter_then_leaves_the_han(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("a")
        await bench.until("Deliver 2/2", "Enter  Leave the HAN")
        await bench.press("escape")
        await bench.until("Enter  Go on with JOB-0001: leave the HAN")
        await bench.press("enter")
        await bench.until("Deliver 2/2", "Enter  Leave the HAN")
        await bench.press("enter")
        await bench.until("See what is to be returned")
        assert times(script, "leave") == 1


async def test_what_was_answered_for_a_device_that_has_not_joined_is_not_ticked(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("a")
        await bench.until("Deliver 2/2", "Enter  Leave the HAN")
        first = bench.app.view.commands[0]
        view = replace(bench.app.view, not_joined={first.id: first.device})
        row, well = plan_rows(view, bench.app.service.names, lambda _: None)
        assert "◐" in str(row.lead)
        assert str(row.detail).endswith(": added, not joined yet")
        assert "✓" in str(well.lead)
        words = str(command_words(view, first, bench.app.service.names, None))
        assert "The hub lets it join, but nothing shows that it has." in words
        card = str(strip_words(view, Course(), 80))
        assert card.startswith(" ! 2 of 2 answered · 1 not joined")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_while_delivering_the_row_counts_the_seconds_and_no_second_delivery_begins(
    open_bench, script, size
) -> None:
    script.hold = never_answers
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("0 s of 30", "waiting for", "◐ 1  Command 0")
        await bench.press("a", "o", "l")
        assert times(script, "deliver") == 1
        assert times(script, "leave") == 0


async def test_esc_stops_no_delivery_and_the_status_line_goes_on_saying_so(
    open_bench, script
) -> None:
    script.hold = never_answers
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("◐ 1  Command 0")
        await bench.press("escape")
        await bench.until("Jobs", "◐ 0/2")
        assert isinstance(bench.app.screen, HomeScreen)
        assert bench.app.work is not None
        await bench.press("enter")
        await bench.until("◐ 1  Command 0")


async def test_the_jobs_show_how_far_a_delivery_is_that_goes_on_behind_them(
    open_bench, script
) -> None:
    going_on = hold_the_delivery(script)
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("a", "escape")
        await bench.until("Jobs", "0/2", "◐ 0/2")
        going_on.set()
        await bench.until("Jobs", "! leave the HAN")
        assert isinstance(bench.app.screen, HomeScreen)


@pytest.mark.parametrize("over", [(), ("f3",)], ids=["the plan", "the glance view"])
async def test_c_stops_after_the_one_under_way_and_says_so(open_bench, script, over) -> None:
    going_on = hold_the_delivery(script)
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("a", *over)
        await bench.until("C Stop after it")
        await bench.press("c")
        await bench.until("stops after it")
        going_on.set()
        await bench.until("Deliver 1/2", "Enter  Deliver 2")
        assert times(script, "deliver") == 1


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_doubt_is_asked_about_and_the_first_answer_changes_nothing(
    open_bench, script, size
) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("Enter  Did it arrive? 1  Command 0")
        await bench.press("enter")
        await bench.until("must not be done twice", "▌1 Not sure yet", "Done: I saw it")
        assert "go on with others" not in bench.text  # the other has to wait for it
        await bench.press("enter")
        await bench.until("Enter  Did it arrive? 1  Command 0", "L Leave")
        await bench.press("l")
        await bench.until("▌1 Stay", "3 Stay, and say what became of no. 1…")
        await bench.press("3")
        await bench.until("must not be done twice", "▌1 Not sure yet")
        assert times(script, "settle") == 0


async def test_a_doubt_that_was_put_off_does_not_hold_up_the_others_and_comes_back_after_them(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        view = bench.app.view
        first, second = view.commands
        doubt = replace(first, state=CommandState.UNKNOWN)
        view = replace(view, commands=(doubt, second), next_command=second)
        assert offer_words(view, None, put_off=()).action == "settle"
        assert offer_words(view, None, put_off={doubt.id}).action == "deliver_next"
        view = replace(view, commands=(doubt,), next_command=None)
        offered = offer_words(view, None, put_off={doubt.id})
        assert (offered.action, offered.aside) == ("settle", "L Leave")


async def test_others_are_promised_only_where_one_can_go_before_the_doubt_is_settled(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        row = bench.app.view.commands[0]

        def first_answer(*, others: bool) -> str:
            return doubt_form(row, read=None, connected=True, others=others).choices[0].words

        assert first_answer(others=True) == "Not sure yet: go on with others"
        assert "others" not in first_answer(others=False)


async def test_while_a_device_sleeps_that_has_to_answer_the_way_out_is_named(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        view = bench.app.view
        assert view
        asleep = tuple(replace(row, state=CommandState.DELIVERED) for row in view.commands)
        waiting = replace(view, commands=asleep, next_command=None)
        offered = offer_words(waiting, None, ())
        assert (offered.words, offered.aside) == ("Waiting for no. 1  Command 0", "L Leave")
        assert offer_words(waiting, None, (), 150).words == "Waiting 2:30 for 1  Command 0"
        until = datetime(2026, 11, 28, 15, 32).astimezone()
        known = replace(waiting, asleep={asleep[0].device: until})
        assert offer_words(known, None, (), 150).words == "Asleep until 15:32: 1  Command 0"
        rows = plan_rows(waiting, bench.app.service.names, lambda _: None)
        assert "answers when it wakes" in str(rows[0].detail)


async def test_while_a_command_waits_at_the_hub_the_one_in_hand_is_named(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        view = bench.app.view
        assert view
        sent = tuple(replace(row, state=CommandState.DELIVERED) for row in view.commands)
        both, work = replace(view, commands=sent), Work(WorkKind.DELIVER, 0.0)
        assert offer_words(both, work, ()).words == "◐ 2  Command 1"
        assert offer_words(both, work, (), None, sent[0].id).words == "◐ 1  Command 0"


async def test_the_engineers_word_settles_a_doubt(open_bench, script) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("Did it arrive? 1")
        await bench.press("enter")
        await bench.until("Done: I saw it")
        await bench.press("2")
        await bench.until("Deliver 1/2")
        assert ("settle", 1, "answered-not-seen") in script.calls


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_skipping_asks_for_a_reason_which_its_row_then_shows(
    open_bench, script, size
) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until_offered("settle")
        await bench.press("enter")
        await bench.until("5 Skip, with a reason…")
        await bench.press("5")
        await bench.until("Why is it skipped?", "▌1 Back to the plan")
        await bench.press("2")
        await bench.until("The Device is not there")
        await bench.until("–  1 Command 0")
        assert ("settle", 1, "skip", "The Device is not there") in script.calls


async def test_esc_at_the_question_for_a_reason_skips_nothing(open_bench, script) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until_offered("settle")
        await bench.press("enter")
        await bench.until("5 Skip, with a reason…")
        await bench.press("5")
        await bench.until("Why is it skipped?")
        await bench.press("escape")
        await bench.until_offered("settle")
        assert times(script, "settle") == 0


@pytest.mark.parametrize("answer", ["2", "3"])
async def test_u_takes_back_what_was_said_of_the_one_under_the_cursor(
    open_bench, script, answer
) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until_offered("settle")
        await bench.press("u")
        await bench.press("enter")
        await bench.until("Done: I saw it")
        await bench.press(answer)
        await bench.until("U Take it back")
        await bench.press("u")
        await bench.until("?  1 Command 0")
        await bench.until_offered("settle")
        assert times(script, "take_back") == 1
        assert "U Take it back" not in bench.text


async def test_a_device_can_be_asked_where_the_job_has_a_read_for_it(open_bench, script) -> None:
    script.answers[0] = CommandState.UNKNOWN
    script.can_read_back = True
    async with open_bench() as bench:
        await at_the_doubt(bench)
        await bench.press("enter")
        await bench.until_it_holds(lambda: ("read_back", 1) in script.calls)


@pytest.mark.parametrize(("answer", "call"), [("1", "read_back"), ("5", "settle")])
async def test_what_failed_as_a_doubt_was_settled_is_said_and_can_be_tried_again(
    open_bench, script, answer, call
) -> None:
    script.answers[0] = CommandState.UNKNOWN
    script.can_read_back = True
    script.failures[call] = StoreFull("The disk is full", remedy="Make room.")
    async with open_bench() as bench:
        await at_the_doubt(bench)
        await bench.press(answer)
        await bench.until("The disk is full")
        await bench.until("▌1 Try again")
        await bench.press("enter")
        await bench.until_it_holds(lambda: times(script, call) == 2)


async def test_esc_leaves_a_doubt_as_it_is(open_bench, script) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("Did it arrive? 1")
        await bench.press("enter")
        await bench.until("Done: I saw it")
        await bench.press("escape")
        await bench.until("Enter  Did it arrive? 1  Command 0", "L Leave")
        assert times(script, "settle") == 0


async def test_what_may_have_arrived_is_asked_about_and_not_offered_again_as_a_failure(
    open_bench, script
) -> None:
    script.failures["deliver"] = NotDelivered("hub", "DELIVERY_FAILED")
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("Not sure yet", "? Did it arrive?")
        assert "RAD-08" not in bench.text


async def test_a_delivery_that_failed_for_sure_can_be_tried_again(open_bench, script) -> None:
    script.failures["deliver"] = NotDelivered("hub", "DELIVERY_FAILED")
    script.put_back = True
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("RAD-08", "▌1 Try again")
        assert "DELIVERY_FAILED" not in bench.text
        await bench.press("enter")
        await bench.until("Deliver 1/2")


async def test_out_of_turn_is_offered_only_on_what_can_still_be_sent(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("Deliver 1/2", "Enter  Deliver 2")
        first, second = bench.app.view.commands
        rows = bench.app.screen.query_one(NumberedList)
        rows.highlight(first.id)
        assert bench.app.screen.check_action("deliver_this", ()) is False
        rows.highlight(second.id)
        assert bench.app.screen.check_action("deliver_this", ())


async def test_what_something_else_comes_before_is_not_to_be_tried_again(
    open_bench, script
) -> None:
    script.failures["deliver"] = NotReady("'Command 1' must be answered first")
    script.put_back = True
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("o")
        await bench.until("HHT-04", "▌1 Close")
        assert "Try again" not in bench.text


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_leaving_with_work_left_is_asked_about_and_enter_stays(
    open_bench, script, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("l")
        await bench.until("Leave the HAN with 2 not done?", "▌1 Stay")
        await bench.press("enter")
        await bench.until("Enter  Deliver 1")
        assert times(script, "leave") == 0
        await bench.press("l")
        await bench.until("▌1 Stay")
        await bench.press("2")
        await bench.until("Enter  Connect to")
        assert times(script, "leave") == 1


async def test_three_enters_in_one_write_answer_the_leave_question_once(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("l")
        await bench.until("▌1 Stay")
        bench.press_at_once("enter", "enter", "enter")
        await bench.until("Enter  Deliver 1")
        await bench.idle()
        assert isinstance(bench.app.screen, CommissionScreen)
        assert times(script, "deliver") == 0


@pytest.mark.parametrize("key", ["2", "space"])
async def test_a_number_or_space_reads_the_message_and_enter_comes_back(
    open_bench, script, key
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press(key)
        await bench.until("●Words │ Fields", "Enter  Back")
        assert isinstance(bench.app.screen, MessageScreen)
        await bench.press("enter")
        await bench.until("Enter  Deliver 1")


async def test_the_hht_stays_on_the_han_while_the_jobs_are_looked_at(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("escape")
        await bench.until("Jobs")
        assert "▂▄▆▁" in bench.lines[0]
        await bench.press("enter")
        await bench.until("Enter  Deliver 1")


async def test_the_log_shows_the_whole_visit_where_there_is_room(open_bench, script) -> None:
    async with open_bench(WIDE) as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("Deliver 1/2")
        await bench.until("Join the HAN: 0.4 s", "▶ 1 Command 0", f"✓ {READING[:30]}")


AS_OF = {SMALLEST: (), NORMAL: ("Devices ─ as last seen",), WIDE: ("as last seen",)}
"""What the Devices beside the plan say of a HAN that nothing is heard of now."""


@pytest.mark.parametrize("size", [SMALLEST, NORMAL, WIDE])
@pytest.mark.parametrize(
    "error",
    [
        DongleLost("/dev/ttyUSB0", "unplugged"),
        HubSilent(GPF, "tunnel"),
        MembershipEnded(GPF),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_lost_connection_is_an_alarm_and_enter_connects_again(
    open_bench, script, size, error
) -> None:
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        assert "as last seen" not in bench.text
        script.lose(error)
        await bench.until("✗ Connection lost:", "no Local Command was under way")
        await bench.until("Enter  Connect to …", *AS_OF[size])
        await bench.press("enter")
        await bench.until("On the HAN")
        await bench.press("enter")
        await bench.until("Enter  Deliver 1")
        assert "Connection lost" not in bench.text


async def test_what_was_under_way_when_the_connection_was_lost_waits_for_the_next_one(
    open_bench, script
) -> None:
    script.answers[0] = CommandState.UNKNOWN
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("Did it arrive? 1")
        script.lose(DongleLost("/dev/ttyUSB0", "unplugged"))
        await bench.until("✗ Connection lost:", "the hub may have its Response.")
        await bench.until("Enter  Connect to …")


async def test_a_connection_lost_in_a_delivery_offers_to_connect_again(open_bench, script) -> None:
    script.failures["deliver"] = MembershipEnded(GPF)
    script.lose_with_failure = True
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("HUB-10", "What was answered stays answered", "▌1 Connect again")
        assert "at step" not in bench.text  # it was connected
        await bench.press("1")
        await bench.until("On the HAN")


async def test_a_connection_lost_behind_another_screen_is_an_alarm_there(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("t")
        await bench.until("To return to the DCC")
        script.lose(MembershipEnded(GPF))
        await bench.until("✗ Connection lost: The hub ended")
