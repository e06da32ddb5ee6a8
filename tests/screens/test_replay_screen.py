"""The replay: a visit's events again, one by one or by themselves, found by words."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar, get_args, get_origin, get_type_hints

import pytest
from duis_samples import GPF
from screen_bench import BOTH, Bench, OpenBench
from screen_steps import at_the_jobs, at_the_plan
from screen_visit import Script
from store_samples import CCS01_COMMAND, pack

from hht.entity_id import EntityId
from hht.events import Record, Source, facts_of
from hht.journeys.events import ConnectionLost, HubChosen, Left, StepStarted, VisitEvent
from hht.journeys.playback import Moment
from hht.spans import Line
from screens.replay.screen import SPEEDS, ReplayScreen, event_row
from screens.shell import Place
from screens.visit.device_names import Names

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
HAPPENED = (
    HubChosen(GPF),
    StepStarted("ccs01"),
    ConnectionLost("The dongle went away", "Plug it in."),
    Left(GPF),
)
KINDS = sorted(
    {each.name: each for each in VisitEvent.__subclasses__()}.values(), key=lambda k: k.name
)
SAMPLES: dict[object, object] = {
    str: "words",
    int: 7,
    float: 7.5,
    bool: True,
    EntityId: GPF,
    Line: Line.of("words"),
}
SPECIAL: dict[str, dict[str, object]] = {
    "step_started": {"step": "scan"},
    "step_done": {"step": "scan"},
    "command_changed": {"state": "answered"},
    "clock_warning": {"clock": "window", "minutes": 5},
    "hub_power": {"power": "off"},
    "power_on": {"at": "2026-11-26T09:00:00Z"},
    "alert_captured": {"about": None, "change": ""},
    "label_compared": {"found": "no-code"},
    "device_way_back": {"state": "silent"},
}
"""Fields that take the words of a table."""


def made(kind: type[VisitEvent]) -> VisitEvent:
    """Return an event of a kind, with something in each of its fields."""
    given: dict[str, object] = {}
    for name, hint in get_type_hints(kind).items():
        if get_origin(hint) is ClassVar:
            continue
        kinds = get_args(hint) or (hint,)
        sample = next(SAMPLES[each] for each in kinds if each in SAMPLES)
        given[name] = (sample,) if get_origin(hint) is tuple else sample
    return kind(**{**given, **SPECIAL.get(kind.name, {})})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_event_of_a_visit_has_words_and_not_its_journals_fields(
    kind: type[VisitEvent],
) -> None:
    record = Record(Source.VISIT, NOW, kind.name, facts_of(made(kind)))
    row = event_row(1, Moment(record, 0.0), Names())
    assert row.head.plain
    assert kind.name not in row.head.plain.split()
    assert "=" not in row.head.plain


async def at_the_replay(bench: Bench) -> ReplayScreen:
    """Deliver something, then open the replay of that job."""
    await at_the_plan(bench)
    view = bench.app.view
    assert view
    store = bench.app.service.queries.store()

    def happen() -> None:
        for second, event in enumerate(HAPPENED):
            store.events.add(event, at=NOW, job_id=view.job_id, sitting=1, seconds=second)

    await bench.app.service.worker_loop.run(happen)
    bench.app.go(Place.REPLAY)
    await bench.until_it_holds(lambda: isinstance(bench.app.screen, ReplayScreen))
    screen = bench.app.screen
    assert isinstance(screen, ReplayScreen)
    await bench.until_it_holds(lambda: screen.moments)
    return screen


async def test_an_event_whose_row_is_cut_is_whole_below_the_list(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench() as bench:
        screen = await at_the_replay(bench)
        record = screen.moments[2].record
        facts = {**record.facts, "what": "The dongle went away (the connection was closed at last)"}
        screen.moments[2] = replace(screen.moments[2], record=replace(record, facts=facts))
        await bench.press("enter", "enter", "enter")
        await bench.until("✗ The dongle went away (the connection w…", " last)")


async def test_without_an_open_job_it_is_of_the_newest_that_was_begun(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        store = bench.app.service.queries.store()

        def happen() -> list[bool]:
            (begun,) = store.jobs.all()
            store.events.add(HAPPENED[2], at=NOW, job_id=begun.id, sitting=1, seconds=0)
            store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0002"))
            return [store.events.is_begun(each.id) for each in store.jobs.all()]

        assert await bench.app.service.worker_loop.run(happen) == [False, True]
        bench.app.go(Place.REPLAY)
        await bench.until(
            "Enter  Show the next event",
            "Replay JOB-0001",
            "0 of 1",
            "Enter shows the first event.",
        )
        assert isinstance(bench.app.screen, ReplayScreen)
        assert bench.app.screen.names.short(GPF) == "GPF", "its Devices have names all the same"


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_enter_shows_one_event_after_the_other(
    open_bench: OpenBench, script: Script, size: tuple[int, int]
) -> None:
    async with open_bench(size) as bench:
        screen = await at_the_replay(bench)
        await bench.until("Enter  Show the next event", f"0 of {len(screen.moments)}")
        await bench.press("enter", "enter", "enter")
        await bench.until("3 of 4", "✗ The dongle went away", "· Be added to the Device Log")
        await bench.press("b")
        await bench.until(f"0 of {len(screen.moments)}")


async def test_space_lets_all_come_and_then_it_begins_again(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench() as bench:
        screen = await at_the_replay(bench)
        screen.speed = 1_000_000  # nothing waits here
        await bench.press("space")
        await bench.until("Enter  Begin again", f"{len(screen.moments)} of {len(screen.moments)}")
        await bench.press("enter")
        await bench.until("Enter  Show the next event")


async def test_the_speed_goes_round(open_bench: OpenBench, script: Script) -> None:
    async with open_bench() as bench:
        screen = await at_the_replay(bench)
        seen = [screen.speed]
        for _ in SPEEDS:
            await bench.press("f")
            seen.append(screen.speed)
        assert sorted(seen[1:]) == sorted(SPEEDS)
        assert seen[0] == seen[-1]
        await bench.until(f"Replay {screen.reference} ", " 0 of 4 · speed 10 ")
        assert not bench.app.notices


async def test_words_find_an_event_that_has_not_been_shown_yet(
    open_bench: OpenBench, script: Script
) -> None:
    async with open_bench() as bench:
        screen = await at_the_replay(bench)
        last = screen.moments[-1].record.name
        await bench.press("slash")
        await bench.scan(last)
        await bench.until_it_holds(lambda: screen.shown > 0)
        assert screen.moments[screen.shown - 1].record.name == last
