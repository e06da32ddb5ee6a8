"""After leaving in training: what the exercise was worth; after live work nothing of the kind."""

from dataclasses import replace

import pytest
from duis_samples import GPF
from screen_bench import BOTH, SMALLEST, OpenBench
from screen_steps import at_the_jobs, at_the_plan
from screen_visit import DEBRIEF, Judged, Script

from hht.journeys.events import Failed
from hht.session.errors import WindowClosed
from screens.context import HhtContext
from screens.debrief.screen import DebriefScreen
from screens.widgets.action_bar import ActionBar


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_leaving_brings_the_debrief_what_happened_what_counted_and_what_next(
    open_bench: OpenBench, script: Script, judged: Judged, size: tuple[int, int]
) -> None:
    async with open_bench(size) as bench:
        await at_the_plan(bench)
        await bench.press("a")
        await bench.until("Enter  Leave the HAN")
        await bench.press("enter")
        await bench.until("Debrief ─", "Radio noise", "80 of 100 points", "✗ Not everything was")
        await bench.until("What happened", "3 hubs were heard.", "The hub does not answer")
        await bench.press("pagedown", "pagedown")
        await bench.until("✓ Alert 8F3E heard", "✗ 1 Local", "-20 2 hubs picked", "Compare the lab")
        assert "not delivered" not in bench.text
        assert "was delivered" not in bench.text, "one may have been delivered and refused"
        assert "Enter  Next exercise" in bench.text
        offered = {command.title for command in bench.app.get_system_commands(bench.app.screen)}
        assert "Training: Begin it again" in offered
        assert not offered & {"Training: Ask for a hint", "App: Search"}
        await bench.press("f7")  # a hint costs points, and it is over
        await bench.settled()
        assert isinstance(bench.app.screen, DebriefScreen)


async def test_the_debrief_can_be_seen_again_from_the_plan(
    open_bench: OpenBench, script: Script, judged: Judged
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.press("a")
        await bench.until("Enter  Leave the HAN")
        await bench.press("enter")
        await bench.until("Debrief ─", "Radio noise")
        await bench.press("escape")
        await bench.until("● Deliver 2/2")
        await bench.press("d")
        await bench.until_it_holds(lambda: isinstance(bench.app.screen, DebriefScreen))


async def test_a_debrief_that_is_longer_than_the_screen_names_the_key_that_reads_on_to_its_end(
    open_bench: OpenBench, script: Script, judged: Judged
) -> None:
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        bench.app.show(DebriefScreen(DEBRIEF))
        await bench.until("PgDn more")
        await bench.press("pagedown")
        await bench.until("Compare the label")
        await bench.until_it_holds(lambda: "PgDn" not in bench.text)


async def test_a_key_that_is_named_beside_enter_is_shown_once_and_is_what_a_tap_on_it_does(
    open_bench: OpenBench, script: Script, judged: Judged
) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        debrief = DebriefScreen(DEBRIEF)
        bench.app.show(debrief)
        await bench.until("A Again ▌", "T To return")
        assert bench.text.count("A Again") == 1
        await bench.pilot.click(ActionBar, offset=(bench.lines[-2].index("A Again"), 0))
        await bench.settled()
        assert bench.app.screen is debrief  # Enter would go on to the next exercise


async def test_failures_on_the_way_are_events_of_the_visit_for_the_debrief(
    open_bench: OpenBench, script: Script, judged: Judged
) -> None:
    script.failures["inter-pan-cbke"] = WindowClosed(GPF, 60)
    async with open_bench() as bench:
        await bench.until("Install without WAN", "Enter")
        await bench.press("enter")
        await bench.until("Connect to ★")
        await bench.press("enter")
        await bench.until("HUB-03")
        assert any(isinstance(event, Failed) for event in script.published)


async def test_after_live_work_there_is_no_debrief(
    open_bench: OpenBench, script: Script, context: HhtContext
) -> None:
    async with open_bench(given=replace(context, mode="live")) as bench:
        await at_the_plan(bench)
        await bench.press("a")
        await bench.until("Enter  Leave the HAN")
        await bench.press("enter")
        await bench.until("See what is to be returned")
        assert "Debrief" not in bench.text
