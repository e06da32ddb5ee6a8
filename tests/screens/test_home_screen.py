"""The home screen: the jobs by address, what Enter does with each, or what to begin with."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest
from duis_samples import GPF
from painted import farewell_of, strips_of
from screen_bench import BOTH, NORMAL, SMALLEST, WIDE, Bench
from screen_steps import at_the_jobs, at_the_plan
from store_samples import CCS01_COMMAND, open_store, pack

from hht.cli.app import training_app
from hht.cli.context import Context
from hht.cli.start import start_run
from hht.entity_id import EntityId
from hht.label import Label, LabelKind
from hht.store import Mode, Store, StoreBusy
from hht.store.audit import trail
from hht.store.audit.fit import Fit
from screens.service.lookups import JobLine
from screens.shell import Place
from screens.widgets.numbered_list import NumberedList


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_it_shows_the_jobs_by_address_how_far_they_are_and_what_is_to_return(
    open_bench, size
) -> None:
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        assert "▌1 1 High Street" in bench.text
        assert "0/2" in bench.line_with("1 High Street")
        assert "JOB-0001 · today" in bench.text
        assert "Enter  Open JOB-0001" in bench.text
        assert bench.lines[0].endswith("↑0")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
@pytest.mark.parametrize(
    ("mode", "word"), [("live", "● LIVE"), ("training", "▲ TRAINING"), ("facility", "■ FACILITY")]
)
async def test_the_mode_stands_first_with_its_word_its_sign_and_a_block_of_its_colour(
    open_bench, context, size, mode, word
) -> None:
    async with open_bench(size, replace(context, mode=mode)) as bench:
        await bench.until(word)
        assert bench.lines[0].startswith(f" {word} ")
        first = next(iter(strips_of(bench.app)[0]))
        assert first.style.bgcolor.name == bench.app.theme_variables[f"mode-{mode}"]
        assert first.text == f" {word} "


async def test_the_first_paint_does_not_wait_for_the_store(open_bench, context) -> None:
    async with open_bench() as bench:
        assert "▲ TRAINING" in bench.text
        assert "Opening the job list" in bench.text
        await bench.until("Install without WAN")


@pytest.mark.parametrize("closed", [False, True], ids=["in the form", "after the form"])
async def test_a_store_that_cannot_be_opened_says_so_and_can_be_tried_again(
    open_bench, context, closed
) -> None:
    opened, failures = context.open_store, [StoreBusy("Another program holds the database")]

    def open_at_second_try():
        if failures:
            raise failures.pop()
        return opened()

    async with open_bench(SMALLEST, replace(context, open_store=open_at_second_try)) as bench:
        await bench.until("Another program holds the database", "DB-04", "▲ TRAINING")
        if closed:
            await bench.press("escape")
            await bench.until("Enter  Read the jobs again")
        await bench.press("enter")
        await bench.until("Install without WAN")


async def test_the_app_is_left_from_a_form_as_from_anywhere(open_bench, context) -> None:
    def refuse():
        raise StoreBusy("Another program holds the database")

    async with open_bench(SMALLEST, replace(context, open_store=refuse)) as bench:
        await bench.until("Another program holds the database")
        await bench.press("ctrl+q")
        await bench.until_it_holds(lambda: not bench.app.is_running)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_where_there_is_no_job_it_says_what_to_begin_with_and_offers_only_that(
    open_bench, context, size, tmp_path
) -> None:
    def empty() -> Store:
        return Store.open(tmp_path / "none.db", context.open_store().mode)

    async with open_bench(size, replace(context, open_store=empty)) as bench:
        await bench.until("Begin with", "▌1 Import a job pack", "2 Practise", "3 Choose the dongle")
        assert "Enter  Import a job pack" in bench.text
        await bench.press("down")
        await bench.until("Enter  Practise with a simulated hub")


class Exercise:
    """An exercise whose job is the first."""

    def briefing(self) -> tuple[str, str]:
        return "A hub that is deaf", "Find out\nwhy."

    def goes_on(self) -> bool:
        return True

    def job_id(self) -> int:
        return 1


async def test_in_training_the_exercise_is_explained_before_it_begins(open_bench, context) -> None:
    async with open_bench(SMALLEST, replace(context, exercise=Exercise())) as bench:
        await bench.until("Interrupted: it goes on where it was (P: others).", "Find out why.")


async def test_an_exercise_that_is_resumed_has_the_cursor_on_its_own_job_not_on_the_newest(
    open_bench, context
) -> None:
    def opened():
        store = context.open_store()
        store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0002"))
        return store

    given = replace(context, open_store=opened, exercise=Exercise())
    async with open_bench(SMALLEST, given) as bench:
        await bench.until("JOB-0001", "JOB-0002", "Enter  Open JOB-0001")
        await bench.press("up")
        await bench.until("Enter  Open JOB-0002")
        await bench.press("u")  # read again, the cursor stays where the person put it
        await bench.idle()
        assert "Enter  Open JOB-0002" in bench.text


async def test_training_that_resumes_an_older_run_opens_on_that_runs_job(tmp_path) -> None:
    settings = Context.make(tmp_path, None)
    start = partial(start_run, settings, seed=1, pcap=None, speed=None)
    for scenario in ("no-wan-install", "radio-noise"):
        start(scenario)
    app = training_app(settings, "no-wan-install", lambda: start("no-wan-install"))
    async with app.run_test(size=SMALLEST) as pilot:
        bench = Bench(app, pilot)
        own = "JOB-0001"
        await bench.until(f"Enter  Open {own}")
        assert app.screen.query_one(NumberedList).cursor == 1


@pytest.mark.parametrize("size", [NORMAL, WIDE])
async def test_where_there_is_room_the_job_under_the_cursor_is_described(open_bench, size) -> None:
    async with open_bench(size) as bench:
        await bench.until("Hub (GPF", str(GPF))


async def test_a_scanned_hub_label_finds_its_job(open_bench) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.scan(str(GPF))
        await bench.until("JOB-0001 is the job for that label.")
        await bench.scan("00-00-00-00-00-00-00-01")
        await bench.until("No job here is for 00-00-00-00-00-00-00-01")


@pytest.mark.parametrize("place", [None, Place.DEVICES, Place.MORE])
async def test_no_screen_shows_the_install_code_of_a_label(open_bench, place) -> None:
    """The screens on which nothing asks for a label said its first 40 characters."""
    async with open_bench() as bench:
        await at_the_jobs(bench)
        if place:
            bench.app.go(place)
        await bench.scan("[/b]I:83FED3407A939723A5C639B26916D505C3B5")
        await bench.until("******")
        assert "83FED340" not in bench.text


@pytest.mark.parametrize(
    ("label", "found"),
    [
        (Label(LabelKind.ENTITY_ID, entity_id=EntityId.parse("00-DB-00-00-00-00-10-A2")), True),
        (Label(LabelKind.ENTITY_ID, entity_id=EntityId.parse("00-DB-00-00-00-00-10-A0")), True),
        (Label(LabelKind.MPAN, mpxn="2000000000015"), True),
        (Label(LabelKind.ORDER, order="job-7"), True),
        (Label(LabelKind.ORDER, order="JOB-8"), False),
        (Label(LabelKind.UNKNOWN), False),
    ],
)
def test_a_job_is_found_by_its_hub_devices_meter_points_and_order(label, found) -> None:
    line = JobLine(
        id=1,
        reference="JOB-7",
        title="",
        premises="",
        hub=GPF,
        devices=(("ESME", "00-DB-00-00-00-00-10-A0", ""),),
        states=(),
        imported_at=datetime(2026, 11, 27, tzinfo=UTC),
        chf=EntityId.parse("00-DB-00-00-00-00-10-A2"),
        mpxns=("2000000000015",),
    )
    assert line.is_meant_by(label) is found


async def test_what_is_not_returned_is_said_in_the_last_line_on_the_terminal(
    open_bench, context, tmp_path
) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        bench.app.status = replace(bench.app.status, to_return=21)
        await bench.press("ctrl+q")
        await bench.until_it_holds(lambda: not bench.app.is_running)
        assert "21 items are not returned yet" in farewell_of(bench.app)


TROUBLES = {
    Fit.OLDER: "an older copy",
    Fit.MISSING: "is this another machine?",
    Fit.STALE: "older than the data",
    Fit.NOT_CHECKED: "not anchored",
}


@pytest.mark.parametrize("fit", TROUBLES)
async def test_what_the_anchor_shows_is_said_with_the_jobs_until_it_is_accepted(
    open_bench, context, fit, monkeypatch
) -> None:
    monkeypatch.setattr(trail, "fit_of", lambda database, anchor: fit)
    live = replace(
        context, mode="live", open_store=partial(open_store, context.data_dir, Mode.LIVE)
    )
    with live.open_store() as store:
        store.jobs.add(pack(CCS01_COMMAND, mode=None))
    async with open_bench(SMALLEST, live) as bench:
        await bench.until("Dongle")
        assert TROUBLES[fit] in " ".join(bench.text.split())
        assert "Enter  Open" in bench.text
    monkeypatch.undo()
    with live.open_store() as store:
        assert store.audit.trouble == ("" if fit is Fit.NOT_CHECKED else trail.ALARMS[fit])
        store.accept_as_it_is()
        assert store.audit.trouble == ""


async def test_when_another_exercise_is_begun_no_stage_of_the_one_before_is_behind(
    open_bench, script
) -> None:
    async with open_bench() as bench:
        await at_the_plan(bench)
        await bench.until("✓ Connect")
        bench.app.view = None
        bench.app.navigation.home()
        await bench.until("● Job › ○ Find › ○ Connect")
