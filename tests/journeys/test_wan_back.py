"""The WAN came back while the engineer worked: what the DCC delivered already is in doubt."""

from pathlib import Path

from visit_stage import CLOCK, scene

from hht.journeys.auto.play import play
from hht.store import CommandState


async def test_an_answer_to_the_wan_that_the_hht_hears_settles_its_own_command(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        row = on.rows()[0]
        on.hub.deliver_by_wan(row.raw)
        await visit.deliver(row.id)
        assert on.rows()[0].state is CommandState.ANSWERED


async def test_without_an_answer_it_is_unknown_until_the_engineer_settles_it(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, copies_to_hht=False) as on:
        visit = await on.connect()
        await visit.deliver_next()
        on.hub.deliver_by_wan(on.named(CLOCK).raw)
        await visit.deliver(on.named(CLOCK).id)
        assert on.named(CLOCK).state is CommandState.UNKNOWN
        await visit.doubts.settle(on.named(CLOCK).id, "answered-not-seen")
        assert on.named(CLOCK).state is CommandState.ANSWERED


async def test_a_read_back_shows_what_the_wan_has_done(tmp_path: Path) -> None:
    async with scene(tmp_path, copies_to_hht=False) as on:
        on.hub.deliver_by_wan(on.rows()[0].raw)
        summary = await play(on.arrive())
        row = on.rows()[0]
        assert (row.state, row.reason) == (
            CommandState.ANSWERED,
            "Seen by 'Read the CHF Device Log'",
        )
        assert (summary.outcome, summary.uncaptured) == ("incomplete", 1)
