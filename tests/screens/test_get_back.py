"""A Response that was not kept: B on the plan says what can be done for it, and does it."""

import pytest
from duis_samples import GPF
from screen_bench import BOTH
from screen_steps import at_the_plan
from store_samples import CCS01_COMMAND, open_store, pack

from hht.journeys.plan.lost_response import LostResponse, WayBack
from hht.session.errors import MembershipEnded
from screens.commission.lost import Get, lost_form
from screens.commission.screen import CommissionScreen

# The scripted visit keeps no Response, so each that comes is a lost one.


async def test_where_nothing_is_lost_the_key_is_not_offered(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        assert "Get it back" not in bench.text
        await bench.press("b")
        assert isinstance(bench.app.screen, CommissionScreen)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_one_that_is_gone_goes_into_the_summary_for_the_supplier(
    open_bench, script, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("Response lost (B)")
        await bench.press("b")
        await bench.until("! Response not kept: 1", "▌1 Write the summary", "2 Back to the plan")
        await bench.press("enter")
        await bench.until("Where should the summary go?")


async def test_from_a_hub_that_was_not_left_enter_connects_again(open_bench, script) -> None:
    script.may_repeat = True
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("Deliver 1/2")
        script.lose(MembershipEnded(GPF))
        await bench.until("the hub may repeat it")
        await bench.press("b")
        await bench.until("▌1 Connect to the hub again")
        await bench.press("enter")
        await bench.until("On the HAN")


async def test_esc_changes_nothing(open_bench, script) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("enter")
        await bench.until("Response lost (B)")
        await bench.press("b")
        await bench.until("! Response not kept: 1")
        await bench.press("escape")
        await bench.until("Enter  Deliver 2")


def test_a_read_that_shows_it_can_be_read(tmp_path) -> None:
    with open_store(tmp_path) as store:
        store.jobs.add(pack(CCS01_COMMAND))
        form = lost_form(store.commands.get(1), LostResponse(WayBack.SHOWN, 7))
    assert [choice.value for choice in form.choices] == [Get.READ, Get.WRITE, Get.LATER]
    assert form.choices[0].words == "Read the Response to number 7"
