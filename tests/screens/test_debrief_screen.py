"""After leaving in training: what the exercise was worth; after live work nothing of the kind."""

from dataclasses import replace

import pytest
from screen_bench import BOTH, OpenBench
from screen_visit import Script

from hht.store import Store
from hht.training.debrief import Check, Debrief
from hht.training.scoring import Finding
from screens.context import HhtContext

TOLD = Debrief(
    scenario="radio-noise",
    title="Radio noise",
    outcome="incomplete",
    as_expected=False,
    points=80,
    findings=(Finding("wrong_pick", 2, 20), Finding("undelivered", 0, 0)),
    checks=(Check("Alert 8F3E heard", True), Check("1 Local Commands in doubt", False)),
    advice=("Compare the label.",),
)


class Judged:
    """An exercise that notes what it is told."""

    def __init__(self) -> None:
        self.cycles = 0

    def briefing(self) -> tuple[str, str]:
        return "Radio noise", "Be patient."

    def job_id(self) -> int:
        return 1

    def power_cycle(self) -> None:
        self.cycles += 1

    def debrief(self, store: Store, job_id: int) -> Debrief:
        assert store.commands.of_job(job_id)
        return TOLD


@pytest.fixture
def exercise(context: HhtContext) -> Judged:
    context.exercise = Judged()
    return context.exercise


@pytest.mark.parametrize("size", BOTH)
async def test_leaving_brings_the_debrief(
    open_bench: OpenBench, script: Script, exercise: Judged, size: tuple[int, int]
) -> None:
    async with open_bench(size) as bench:
        await bench.until("Install without WAN")
        await bench.press("1")
        await bench.until("Connect to this hub")
        await bench.press("enter")
        await bench.until("0/2 answered")
        await bench.press("a")
        await bench.until("leave the HAN")
        await bench.press("l")
        await bench.until("Debrief: Radio noise", "80 of 100 points", "✗ incomplete")
        await bench.until("-20 Hubs picked", "✓ Alert 8F3E heard", "✗ 1 Local", "Next time: Comp")
        assert "not delivered" not in bench.text
        await bench.press("enter")
        await bench.until("2/2 answered")


async def test_in_training_the_hub_is_switched_off_and_on_by_a_key(
    open_bench: OpenBench, script: Script, exercise: Judged
) -> None:
    async with open_bench() as bench:
        await bench.until("Install without WAN")
        await bench.press("1")
        await bench.until("Connect to this hub")
        await bench.press("p")
        await bench.until("59:5")
        assert exercise.cycles == 1


async def test_after_live_work_there_is_no_debrief(
    open_bench: OpenBench, script: Script, context: HhtContext
) -> None:
    async with open_bench(given=replace(context, mode="live")) as bench:
        await bench.until("Install without WAN")
        await bench.press("1")
        await bench.until("Connect to this hub")
        await bench.press("enter")
        await bench.until("0/2 answered")
        await bench.press("a")
        await bench.until("leave the HAN")
        await bench.press("l")
        await bench.until("returned")
        assert "Debrief" not in bench.text
