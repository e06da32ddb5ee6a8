"""The unit's screen: its display as it is, and Enter does what the display asks for."""

import pytest
from msgspec.structs import replace
from screen_bench import BOTH
from screen_steps import at_the_jobs

from hht.facility.unit.display import LINES, Display, Stage
from screens.trainer.text import device_line

UNIT = "00-DB-00-00-00-61-10-A4"


def display(stage: Stage, captures: int = 0, reason: str = "") -> Display:
    return Display(UNIT, stage, LINES[stage], reason, done=1, total=3, captures=captures)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_enter_does_what_the_display_asks_for(open_bench, judged, script, size) -> None:
    judged.display = display(Stage.LOOKING)
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await bench.until("I am looking for the hub.", "Wait for the display")
        judged.display = display(Stage.POWER_CYCLE)
        await bench.until("Switch it off and on.", "60 minutes")
        await bench.until_offered("power")
        await bench.press("enter")
        await bench.until_it_holds(lambda: ("power_cycle",) in script.calls)
        judged.display = display(Stage.LETTING_IN, captures=4)
        await bench.until("1 of 3 done · 4 to collect", "Leave the hub")
        said = [entry.words for entry in bench.app.news.log]
        stages = (Stage.LOOKING, Stage.POWER_CYCLE, Stage.LETTING_IN)
        assert [each for each in said if each in LINES.values()] == [LINES[s] for s in stages]
        judged.display = display(Stage.IN, captures=8)
        await bench.until_offered("collect")
        await bench.press("enter")
        await bench.until_it_holds(lambda: ("collect",) in script.calls)


async def test_a_display_that_is_in_and_collected_says_so(open_bench, judged) -> None:
    judged.display = display(Stage.IN, captures=1)
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await bench.until("Until its messages", "Enter  Collect 1 message from")
        judged.display = display(Stage.IN)
        await bench.until("It is in, and nothing is left", "See the debrief")
        assert "Until" not in bench.text


@pytest.mark.parametrize(
    ("stage", "reason"),
    [
        (Stage.EMPTY, ""),
        (Stage.REFUSED, "The package's last day has passed"),
        (Stage.STOPPED, "The hub lets nobody join"),
    ],
)
async def test_a_unit_that_gave_up_says_why_and_enter_ends_the_exercise(
    open_bench, judged, stage, reason
) -> None:
    judged.display = replace(display(stage, reason=reason), remedy="Call the supplier.")
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await bench.until(LINES[stage], reason, "Call the supplier.")
        await bench.until_offered("debrief")
        await bench.press("enter")
        await bench.until("Debrief")


def test_the_trainer_sees_the_display_under_its_device() -> None:
    row = {"label": "PPMID", "on": True, "in_han": False, "sleeps": False, "waiting": 0, "log": []}
    shown = {"line": LINES[Stage.POWER_CYCLE], "reason": ""}
    assert "▯ The hub is closed" in device_line(1, {**row, "display": shown}).plain
    assert "▯" not in device_line(1, {**row, "display": None}).plain
