"""Jobs begun on site or fetched from the depot, their coverage, and a visit's summary as a page."""

from dataclasses import replace
from pathlib import Path

import pytest
from duis_samples import local_command_xml
from install_steps import asked, with_visit
from screen_bench import BOTH, SMALLEST, WIDE, Bench, OpenBench
from screen_steps import at_the_jobs
from store_samples import ECS70_COMMAND, open_store, pack
from wan_matrix_samples import COVERAGE

from hht.duis.job.brief import JobBrief
from hht.duis.job.head import PackVisit
from hht.outbox.errors import OutboxError
from hht.outbox.packs import Fetched
from hht.store import Mode, Store
from hht.store.errors import ForOtherData
from screens.context import HhtContext
from screens.forms.remedies import Remedy

pytestmark = pytest.mark.usefixtures("script")


async def in_more(bench: Bench, entry: str) -> None:
    await at_the_jobs(bench)
    await bench.press("m")
    await bench.until(entry)
    await bench.press(bench.line_with(entry).strip("│▌ ").split()[0])


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_a_job_without_a_pack_is_begun_with_the_number_of_its_order(
    open_bench: OpenBench, context: HhtContext, size: tuple[int, int]
) -> None:
    async with open_bench(size) as bench:
        await in_more(bench, "Begin a job here")
        await bench.until("Type or scan its number")
        await bench.press("J", "O", "B", "minus", "7", "7")
        await bench.press("enter")
        await asked(bench, "visit")


async def test_a_pack_is_imported_from_the_menu(
    open_bench: OpenBench, context: HhtContext, tmp_path: Path
) -> None:
    (tmp_path / "one.xml").write_bytes(local_command_xml(ECS70_COMMAND))
    async with open_bench() as bench:
        await in_more(bench, "Import a job pack")
        await bench.until("Another file or folder")
        await bench.press("1")
        await bench.until_it_holds(lambda: bench.app.screen.HELP == "path")
        bench.app.screen.scanned(str(tmp_path / "one.xml"))  # type: ignore[attr-defined]
        await bench.until("is here, with 1 Local Command")


async def test_a_pack_that_cannot_be_taken_in_is_chosen_again(
    open_bench: OpenBench, context: HhtContext, tmp_path: Path
) -> None:
    async with open_bench() as bench:
        await in_more(bench, "Import a job pack")
        await bench.until("Another file or folder")
        await bench.press("1")
        await bench.until_it_holds(lambda: bench.app.screen.HELP == "path")
        bench.app.screen.scanned(str(tmp_path / "not-there.zip"))  # type: ignore[attr-defined]
        await bench.until("DUIS-02", "No such file", "▌1 Choose another one…", "2 Close")
        await bench.press("1")
        await bench.until("Which job pack?", "▌1 Another file or folder…")


@pytest.mark.parametrize(
    ("training", "choice"),
    [(False, "Practise with a simulated hub"), (True, "Go to the live jobs")],
)
async def test_a_pack_of_other_data_leads_to_where_such_data_is(
    open_bench: OpenBench, training: bool, choice: str
) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        error = ForOtherData("The job pack is for the other mode")
        bench.app.failures.show(error, lambda: None, Remedy.OTHER_FILE, None, training=training)
        await bench.until("DB-12", "▌1 Choose another one…", f"2 {choice}", "3 Close")
        if not training:
            await bench.press("2")
            await bench.until_it_holds(lambda: bench.app.screen.HELP == "practise")


async def test_packs_are_fetched_and_what_failed_is_named(
    open_bench: OpenBench, context: HhtContext
) -> None:
    async def fetch(store: Store) -> list[Fetched]:
        job = store.jobs.add(replace(pack(), reference="JOB-9", title="Fetched"))
        bad = Fetched("two.zip", "failed", error="HTTP 404")
        return [Fetched("one.zip", "new", job.id, "JOB-9"), bad]

    context.fetch = fetch
    async with open_bench() as bench:
        await in_more(bench, "Fetch job packs")
        await bench.until("Not fetched: two.zip: HTTP 404")
        await bench.press("escape")
        await bench.until("JOB-9")


async def test_a_depot_that_does_not_answer_is_not_said_to_be_about_the_queue(
    open_bench: OpenBench, context: HhtContext
) -> None:
    async def fetch(store: Store) -> list[Fetched]:
        raise OutboxError("The depot does not answer", remedy="Try again later.")

    context.fetch = fetch
    async with open_bench() as bench:
        await in_more(bench, "Fetch job packs")
        await bench.until("The depot does not answer", "stays as it was")
        assert "queue" not in bench.text


async def test_without_a_depot_nothing_is_offered(open_bench: OpenBench) -> None:
    async with open_bench() as bench:
        await at_the_jobs(bench)
        await bench.press("m")
        await bench.until("Begin a job here")
        assert "Fetch" not in bench.text


async def test_more_offers_only_what_can_be_done(
    open_bench: OpenBench, context: HhtContext, tmp_path: Path
) -> None:
    none = replace(context, open_store=lambda: Store.open(tmp_path / "none.db", Mode.TRAINING))
    for given, there in ((none, False), (context, True)):
        async with open_bench(WIDE, given) as bench:
            await bench.until_offered("open")
            await bench.press("m")
            await bench.until("Begin a job here")
            assert ("Hub profile of a job" in bench.text) is there
            assert ("Replay a visit" in bench.text) is there
            assert "Lock now" not in bench.text


async def test_more_is_there_in_the_middle_of_a_visit_and_comes_back_to_it(
    open_bench: OpenBench, context: HhtContext, tmp_path: Path
) -> None:
    async with open_bench(given=with_visit(context, tmp_path)) as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await asked(bench, "visit")
        await bench.press("m")
        await bench.until("▌1 Import a job pack")
        await bench.press("escape")
        await asked(bench, "visit")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_the_coverage_of_the_job_is_read_at_any_question(
    open_bench: OpenBench, context: HhtContext, tmp_path: Path, size: tuple[int, int]
) -> None:
    def opened() -> Store:
        store = open_store(tmp_path)
        brief = JobBrief(coverage=COVERAGE)
        store.jobs.add(replace(pack(), visit=PackVisit({}), brief=brief))
        return store

    context.open_store = opened
    async with open_bench(size) as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await asked(bench, "visit")
        await bench.press("w")
        await bench.until("North: answered with code E120101 only", "Fit the Cellular+Mesh hub")
        await bench.press("down")
        await bench.until("over a mesh of hubs.")
        await bench.press("enter")
        await asked(bench, "visit")


async def test_an_answer_about_other_premises_is_said_above_the_regions(
    open_bench: OpenBench, context: HhtContext, tmp_path: Path
) -> None:
    def opened() -> Store:
        store = open_store(tmp_path)
        brief = JobBrief(uprn="100023336956", coverage=COVERAGE)
        store.jobs.add(replace(pack(), visit=PackVisit({}), brief=brief))
        return store

    context.open_store = opened
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await asked(bench, "visit")
        await bench.press("w")
        await bench.until("! This answer is about UPRN 1, and not about", "1 North")


def pages_in(folder: Path, end: str) -> list[Path]:
    return sorted(folder.glob(f"visit-*{end}"))


async def test_the_summary_is_written_as_a_page_and_as_text(
    open_bench: OpenBench, context: HhtContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with open_bench(SMALLEST, with_visit(context, tmp_path)) as bench:
        await at_the_jobs(bench)
        await bench.press("enter")
        await asked(bench, "visit")
        await bench.press("o")
        await bench.until("The visit")
        await bench.press("w")
        await bench.until("Where should the summary go?")
        await bench.press("enter")
        await bench.until_it_holds(lambda: pages_in(tmp_path, ".txt"))
        (path,) = pages_in(tmp_path, ".html")
        assert path.name.startswith("visit-JOB-")
        page = path.read_text(encoding="utf-8")
        assert "still open" in page
        assert "<script" not in page
        await bench.press("w")
        await bench.until("Where should the summary go?", "-2.html")
