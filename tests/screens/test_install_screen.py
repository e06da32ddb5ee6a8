"""The visit on the screen: questions with the job's answers, labels, changes, the summary."""

from dataclasses import replace
from pathlib import Path

import pytest
from duis_samples import CHF, ESME, GPF
from install_steps import NO_WAN, asked, given, with_visit
from screen_bench import BOTH, Bench, OpenBench
from screen_steps import at_the_jobs
from screen_visit import Judged, Script
from store_samples import open_store

from hht.duis.job.walk_in import walk_in_pack
from hht.duis.visit_questions import question
from hht.journeys.install.answers import Source
from hht.store import Store
from screens.context import HhtContext
from screens.forms.form import FormScreen
from screens.forms.typed import TypedScreen
from screens.install.labels import fault_of
from screens.summary.screen import SummaryScreen
from screens.summary.text import standing_words

BEFORE_THE_HUB = 15  # questions of an install without WAN that come before the commissioning


@pytest.fixture
def job(context: HhtContext, script: Script, tmp_path: Path) -> HhtContext:
    """A job about a hub without WAN, in live work."""
    return with_visit(context, tmp_path)


async def at_the_first_question(bench: Bench) -> None:
    await at_the_jobs(bench)
    await bench.press("enter")
    await asked(bench, "visit")


async def answer_by_enter(bench: Bench, until: str) -> None:
    """Press nothing but Enter until this question is asked."""
    while (current := now_asked(bench)) != until:
        await asked(bench, current)
        await bench.press("enter")
        await until_another_is_asked(bench, current)


async def at_the_answers(bench: Bench) -> None:
    """Answer until the hub's surroundings are asked for, then look at all answers."""
    await at_the_first_question(bench)
    await answer_by_enter(bench, "ConnectivityObstructionCheck")
    await bench.press("o")
    await bench.until("WAN found")


async def until_another_is_asked(bench: Bench, question: str) -> None:
    await bench.until_it_holds(lambda: now_asked(bench) not in ("", question))


async def until_it_changes(bench: Bench, before: str) -> None:
    await bench.until_it_holds(lambda: bench.text != before)


def ask_again(bench: Bench, question: str) -> None:
    screen = bench.app.screen
    assert isinstance(screen, SummaryScreen)
    screen.action_again(question)


def now_asked(bench: Bench) -> str:
    at = getattr(bench.app.screen, "asked", None)
    return at.id if at else ""


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_enter_takes_the_jobs_answer_as_not_seen_and_its_number_as_seen(
    open_bench: OpenBench, job: HhtContext, size: tuple[int, int]
) -> None:
    async with open_bench(size, job) as bench:
        await at_the_first_question(bench)
        await bench.until("▌1 It is installed")
        assert "◇ job" in bench.line_with("It is installed")
        assert "Enter  ◇ It is installed" in bench.text
        await bench.press("enter")
        await asked(bench, "DeviceID")
        assert given(bench)["visit"].source is Source.JOB
        await bench.press("b")
        await asked(bench, "visit")
        await bench.press("1")
        await asked(bench, "DeviceID")
        assert given(bench)["visit"].source is Source.SEEN


async def test_a_question_without_an_answer_has_not_yet_looked_at_under_enter(
    open_bench: OpenBench, context: HhtContext, script: Script, tmp_path: Path
) -> None:
    async with open_bench(given=with_visit(context, tmp_path, {})) as bench:
        await at_the_first_question(bench)
        assert "Enter  Not yet looked at" in bench.text
        await bench.press("enter")
        await bench.until_it_holds(lambda: now_asked(bench) != "visit")
        assert given(bench)["visit"].source is Source.NOT_LOOKED


async def test_skipping_takes_a_reason(open_bench: OpenBench, job: HhtContext) -> None:
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        await bench.press("5")
        await bench.until("Why is it left out?", "▌1 Back to the question")
        await bench.press("enter")
        await asked(bench, "visit")
        assert not given(bench)
        await bench.press("5")
        await bench.until("Why is it left out?")
        await bench.scan(str(CHF))
        await bench.until("answer this first")
        await bench.press("2")
        await asked(bench, "DeviceID")
        noted = given(bench)["visit"]
        assert (noted.source, noted.reason) == (Source.SKIPPED, "There is none here")


async def test_the_hubs_label_is_scanned_and_another_ones_refused(
    open_bench: OpenBench, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        await bench.press("enter")
        await asked(bench, "DeviceID")
        await bench.scan(str(GPF))
        await bench.until("This is the hub's GPF", "Scan the CHF")
        await bench.press("enter")
        await asked(bench, "DeviceID")
        await bench.scan("00-DB-00-00-00-00-99-A2")
        await bench.until("00-DB-00-00-00-00-99-A2 is not the job's hub")
        await bench.scan(f"Z:{str(CHF).replace('-', '')}$I:0123456789AB5C3F")
        await asked(bench, "variant")
        assert (given(bench)["DeviceID"].value, given(bench)["DeviceID"].source) == (
            str(CHF),
            Source.SEEN,
        )


async def test_a_label_of_several_lines_is_one_answer(
    open_bench: OpenBench, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        await bench.scan("Hub\n00-DB-00-00-00-00-99-A2\nof site 7 in the north")
        await bench.until("00-DB-00-00-00-00-99-A2 is not the job's hub")
        await bench.press("enter")
        await bench.settled()
        assert not isinstance(bench.app.screen, FormScreen), bench.text
        assert now_asked(bench) == "visit"


async def test_a_job_without_a_pack_asks_whose_label_was_scanned(
    open_bench: OpenBench, context: HhtContext, script: Script, tmp_path: Path
) -> None:
    def begun() -> Store:
        store = open_store(tmp_path)
        store.jobs.add(walk_in_pack("JOB-0001", "Install without WAN"))
        return store

    async with open_bench(given=replace(context, open_store=begun)) as bench:
        await at_the_first_question(bench)
        await bench.scan(str(CHF))
        await bench.until("Whose label is this?", str(CHF))
        await bench.press("2")
        await bench.until_it_holds(lambda: "DeviceID" in given(bench))
        assert given(bench)["DeviceID"].value == str(CHF)
        await bench.scan(str(ESME))
        await bench.until("Whose label is this?", "A load switch's (HCALCS)")
        await bench.press("4")
        await bench.until(f"{ESME} is a Device of this job")


async def test_in_training_scanning_is_the_main_action_and_reads_the_simulated_label(
    open_bench: OpenBench, job: HhtContext, judged: Judged
) -> None:
    job.exercise = judged
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        await bench.press("enter")
        await asked(bench, "DeviceID")
        assert "Enter  Scan the label" in bench.text
        await bench.press("enter")
        await asked(bench, "variant")
        assert given(bench)["DeviceID"].source is Source.SEEN


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("83FED3407A939723A5C639B26916D505", "Install Code"),
        ("JOB-0001 ", "is this job's order"),
        ("JOB-0007 ", "This is not the order JOB-0001"),
        ("00-DB-00-00-00-00-99-A2", "00-DB-00-00-00-00-99-A2 is not the job's hub"),
        (f"EUI {GPF}", "This is the hub's GPF"),
        ("!!!!!!!!!!!!", "Scan or type it again"),
        ("JOB-7 ", "This is not the order JOB-0001"),
    ],
)
async def test_a_label_that_nothing_asks_for_is_named_and_its_install_code_not_shown(
    open_bench: OpenBench, job: HhtContext, label: str, words: str
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        await bench.scan(label)
        await bench.until_it_holds(lambda: words in " ".join(bench.text.split()))
        assert "83FED3407A939723" not in bench.text
        assert not given(bench)


async def test_what_is_typed_wrongly_is_said_as_it_was_typed(
    open_bench: OpenBench, context: HhtContext, tmp_path: Path
) -> None:
    """Square brackets in it ended the app: it was read as markup."""
    async with open_bench(given=with_visit(context, tmp_path, {})) as bench:
        await at_the_first_question(bench)
        bench.app.ask(TypedScreen("MPAN?", check=fault_of(question("MPxN"))), lambda typed: None)
        await bench.press(*"[/b]", "enter")
        await bench.until("'[/b]' is no MPAN")


async def test_a_meter_point_may_be_scanned_at_any_time_of_the_visit(
    open_bench: OpenBench, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        await bench.press("enter")
        await asked(bench, "DeviceID")
        await bench.scan("2000000000015")
        await bench.until_it_holds(lambda: "MPxN" in given(bench))
        assert given(bench)["MPxN"].source is Source.SEEN
        await asked(bench, "DeviceID")


async def test_a_key_that_comes_twice_answers_one_question(
    open_bench: OpenBench, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        bench.press_at_once("1", "1", "enter", "enter", "enter")
        await asked(bench, "DeviceID")
        await bench.settled()
        assert list(given(bench)) == ["visit"]


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_after_the_questions_comes_the_hub_and_after_leaving_the_report(
    open_bench: OpenBench, job: HhtContext, judged: Judged, size: tuple[int, int]
) -> None:
    job.exercise = judged
    async with open_bench(size, job) as bench:
        await at_the_first_question(bench)
        await answer_by_enter(bench, "ConnectivityObstructionCheck")
        await bench.press("enter")
        await bench.until_offered("connect_this")
        assert len(given(bench)) == BEFORE_THE_HUB
        await bench.press("enter")
        await bench.until_offered("go_on")
        await bench.press("enter")
        await bench.until_offered("deliver_next")
        await bench.press("a")
        await bench.until_offered("leave")
        await bench.press("enter")
        await asked(bench, "MPxN")
        await bench.press("enter")
        await asked(bench, "notes")
        await bench.press("enter")
        await bench.until("Queue the status update")
        assert "2 of 2 delivered" in bench.text
        await bench.press("enter")
        await bench.until("SR 8.14.2 is queued", "Enter  See the debrief", "complete: 0 open")
        view = bench.app.view
        assert view
        assert view.install
        absent = replace(view, not_joined={view.commands[0].id: ESME})
        assert "1 not joined" in standing_words(absent, view.install).plain
        await bench.press("1")
        await bench.until("The status update is queued: nothing can be")
        await bench.press("enter")
        await bench.until("Debrief")


async def test_the_place_is_held_when_the_screen_is_left(
    open_bench: OpenBench, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        await answer_by_enter(bench, "CHFLocation")
        await bench.press("escape")
        await at_the_jobs(bench)
        await bench.press("enter")
        await asked(bench, "CHFLocation")


async def test_an_answer_that_takes_others_back_says_which_and_asks(
    open_bench: OpenBench, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_answers(bench)
        ask_again(bench, "wan")
        await asked(bench, "wan")
        await bench.press("1")
        await bench.until("3 other answers are taken back", "▌1 Keep it", "Is there metal around")
        await bench.press("enter")
        await asked(bench, "wan")
        assert given(bench)["wan"].value is False
        await bench.press("1")
        await bench.until("▌1 Keep it")
        await bench.press("2")
        await bench.until_it_holds(lambda: given(bench)["wan"].value is True)
        await bench.until("The visit")


async def test_leaving_an_answer_open_again_says_what_that_takes_back_and_asks(
    open_bench: OpenBench, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_answers(bench)
        ask_again(bench, "wan")
        await asked(bench, "wan")
        await bench.press("3")
        await bench.until("3 other answers are taken back", "▌1 Keep it")
        await bench.press("enter")
        await asked(bench, "wan")
        assert given(bench)["wan"].value is False
        await bench.press("3")
        await bench.until("▌1 Keep it")
        await bench.press("2")
        await bench.until_it_holds(lambda: given(bench)["wan"].source is Source.NOT_LOOKED)


async def test_a_number_whose_check_digit_does_not_fit_is_asked_about(
    open_bench: OpenBench, context: HhtContext, script: Script, tmp_path: Path
) -> None:
    job = with_visit(context, tmp_path, {**NO_WAN, "MPxN": "2000000000016"})
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        bench.app.job.finish()
        await bench.until_it_holds(lambda: now_asked(bench) == "visit")
        await answer_by_enter(bench, "notes")
        await asked(bench, "notes")
        await bench.press("enter")
        await bench.until("Enter  Look once more: MPAN or MPRN")
        await bench.press("enter")
        await bench.until("The check digit of 2000000000016", "▌1 Look at it again")
        await bench.press("2")
        await bench.until("Why is it right?")
        await bench.press(*"label", "enter")
        await bench.until("Enter  Queue the status update", "can be changed")


async def test_lights_are_values_seen_one_by_one(open_bench: OpenBench, job: HhtContext) -> None:
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        await answer_by_enter(bench, "lights")
        for key in ("1", "1", "3", "3", "3", "3"):
            before = bench.text
            await bench.press(key)
            await until_it_changes(bench, before)
        await bench.until_it_holds(lambda: bench.line_with("3 MESH").endswith("fast flash│"))
        assert bench.line_with("1 SW").endswith("on│")
        await bench.press("6")
        await asked(bench, "wan")
        assert given(bench)["lights"].value == "SW: on, MESH: fast flash"


async def test_the_hubs_window_begins_where_the_engineer_says_it_got_its_power(
    open_bench: OpenBench, job: HhtContext, script: Script
) -> None:
    script.window = None
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        await answer_by_enter(bench, "InstallDateTime")
        await bench.press("3")
        await asked(bench, "lights")
        assert given(bench)["power_certainty"].value == "told"
        assert script.window == 50 * 60
        await bench.until_it_holds(lambda: "~50m" in bench.text or "~49m" in bench.text)


async def test_what_the_report_lacks_is_asked_first(
    open_bench: OpenBench, context: HhtContext, script: Script, tmp_path: Path
) -> None:
    answers = {name: value for name, value in NO_WAN.items() if name != "CHFLocation"}
    async with open_bench(given=with_visit(context, tmp_path, answers)) as bench:
        await at_the_first_question(bench)
        bench.app.job.finish()
        await bench.until_it_holds(lambda: now_asked(bench) == "visit")
        await answer_by_enter(bench, "notes")
        await asked(bench, "notes")
        await bench.press("enter")
        await bench.until("Enter  Answer first: Location")
        assert given(bench)["DeviceID"].source is Source.JOB
        await bench.scan(str(CHF))
        await bench.until_it_holds(lambda: given(bench)["DeviceID"].source is Source.SEEN)
        await bench.until("Enter  Answer first: Location")
        await bench.press("enter")
        await asked(bench, "CHFLocation")
        await bench.press("3")
        await bench.until("Enter  Queue the status update")


async def test_esc_goes_from_the_answers_to_the_question_and_from_one_opened_again_to_them(
    open_bench: OpenBench, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        await answer_by_enter(bench, "CHFLocation")
        await bench.press("o")
        await bench.until("12 open", "▌○  6 Location")
        await bench.press("1")
        await asked(bench, "visit")
        await bench.press("escape")
        await bench.until("12 open")
        await bench.press("1")
        await asked(bench, "visit")
        await bench.press("1")
        await bench.until_it_holds(lambda: bench.app.screen.HELP == "summary")
        assert given(bench)["visit"].source is Source.SEEN
        await bench.press("escape")
        await asked(bench, "CHFLocation")


async def test_what_is_scanned_on_the_answers_leaves_them_on_show(
    open_bench: OpenBench, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_answers(bench)
        behind = bench.app.screen_stack[-2]
        behind.action_take("ConnectivityObstructionCheck")  # type: ignore[attr-defined]
        await bench.until_it_holds(lambda: len(given(bench)) == BEFORE_THE_HUB)
        await bench.settled()
        assert isinstance(bench.app.screen, SummaryScreen)
        await bench.press("escape")
        await bench.until_offered("connect_this")


async def test_what_cannot_be_done_with_a_question_is_not_offered(
    open_bench: OpenBench, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_first_question(bench)
        await bench.until("S I saw it")
        assert "B Before" not in bench.text
        await bench.press("down", "down", "down")
        await bench.until("▌4 Not yet looked at")
        await bench.settled()
        assert "S I saw it" not in bench.text
        await bench.press("4")
        await asked(bench, "DeviceID")
        await bench.until("B Before")
