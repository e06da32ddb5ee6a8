"""A Device that is not back is looked for until it is heard, whatever the hub does meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from visit_stage import Scene, scene

from hht.duis.job.device import JobDevice
from hht.entity_id import EntityId
from hht.journeys.auto.play import play
from hht.journeys.events import CommandSent
from hht.journeys.move import events
from hht.journeys.move.standing import open_items
from hht.journeys.move.states import Move, MoveEvent, MoveKind, MoveState
from hht.journeys.move.ways_back import WayBack, ways_back

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ESME, GSME = (EntityId.parse(f"00-DB-00-00-00-30-10-A{n}") for n in (0, 1))
IN_ORDER = (events.MoveExpected, CommandSent, events.MoveAsked)
DEVICES = (
    JobDevice("ESME", ESME, "ESME", band="2.4 GHz"),
    JobDevice("GSME", GSME, "GSME", band="sub-GHz"),
)
SILENT = Move(MoveState.WATCHING, since=AT, hub_at=AT, looked_at=AT + timedelta(hours=2))


@asynccontextmanager
async def after_a_move(tmp_path: Path, *commands: str, hub: str = "") -> AsyncIterator[Scene]:
    """The HHT back at a hub that moved without its display, with more Commands to deliver."""
    source = files("assets").joinpath("scenarios/channel-move-device-missing.toml").read_text()
    first = '    "set mask 15 20 25",\n'
    listed = "".join(f'    "{each}",\n' for each in commands)
    source = source.replace(first, first + listed).replace("[hub]\n", f"[hub]\n{hub}")
    path = tmp_path / "more.toml"
    path.write_text(source)
    async with scene(tmp_path, scenario=str(path)) as on:
        await on.connect()
        await on.visit.deliver_next()
        await on.visit.connect(on.site.spec.hub.gpf)
        yield on


async def test_a_mask_that_moves_nothing_does_not_end_the_look_for_who_is_missing(
    tmp_path: Path,
) -> None:
    async with after_a_move(tmp_path, "set mask 15 20 25 26") as on:
        await on.visit.deliver_next()
        assert on.of(events.MoveAsked)[-1].said.endswith("the hub stays")
        await on.visit.leave()
        assert "PPMID: unknown" in on.of(events.SecondLook)[0].devices
        assert "PPMID unknown" in open_items(on.store, on.store.jobs.get(1))[0]


async def test_a_scan_of_the_sub_ghz_leg_does_not_end_the_look_for_who_is_missing(
    tmp_path: Path,
) -> None:
    radio = "quieter_channel = 2\nscans_with_hht = true\n"
    async with after_a_move(tmp_path, "read channel", "scan channels", hub=radio) as on:
        await on.visit.deliver_next()
        await on.visit.deliver_next()
        await on.until(lambda: "scan" in on.visit.move.move.said)
        assert {way.label for way in on.visit.move.view.not_back} >= {"ESME", "PPMID"}
        await on.visit.leave()
        assert "PPMID unknown" in open_items(on.store, on.store.jobs.get(1))[0]


def test_where_the_sub_ghz_leg_stays_the_earlier_watch_goes_on() -> None:
    asked = Move(MoveState.ASKED, MoveKind.SUB_GHZ, noted=9, earlier=SILENT.watch)
    assert [each.state for each in ways_back(asked, DEVICES)] == [WayBack.UNKNOWN] * 2
    assert asked.stayed("kept its channel") == replace(SILENT, noted=9)


def test_where_the_sub_ghz_leg_moves_its_devices_are_watched_again_and_the_others_still() -> None:
    again = SILENT.hub_at and SILENT.hub_at + timedelta(hours=2)
    moved = Move(MoveState.ASKED, MoveKind.SUB_GHZ, earlier=SILENT.watch).after(MoveEvent.CHANGED)
    moved = replace(moved, hub_at=again, looked_at=again, earlier=moved.watch_of_all)
    found = {each.label: each.state for each in ways_back(moved, DEVICES)}
    assert found == {"GSME": WayBack.UNKNOWN, "ESME": WayBack.SILENT}
    assert moved.watch_of_all == SILENT


def test_what_somebody_saw_counts_for_both() -> None:
    seen = Move(MoveState.ASKED, MoveKind.SUB_GHZ, earlier=SILENT).saw(ESME, "its display")
    assert seen.stayed("").seen == {ESME: "its display"}
    assert Move.restore(seen.snapshot()) == seen


async def test_a_play_asks_no_device_before_the_hub_has_said_whether_it_moves(
    tmp_path: Path,
) -> None:
    """A Response that is later than is waited for leaves it open whether the hub moves."""
    async with scene(tmp_path, scenario="sub-ghz-scan-accepted", late_seconds=1) as on:
        await play(on.arrive(), stop_after=3)
        said = [type(each) for each in on.published if isinstance(each, IN_ORDER)]
        at = said.index(events.MoveExpected)
        assert tuple(said[at : at + 3]) == IN_ORDER
