"""A job is switched to another hub profile in the app, by its name or by a file."""

from dataclasses import replace
from pathlib import Path

from screen_bench import SMALLEST, Bench
from screen_steps import at_the_jobs
from store_samples import CCS01_COMMAND, open_store, pack

from hht.hub_profile import DEFAULT


async def ask_for_the_profile(bench: Bench) -> None:
    await at_the_jobs(bench)
    await bench.press("m")
    await bench.until("Hub profile of a job")
    await bench.press(number_of(bench, "Hub profile of a job"))
    await bench.until("Which hub profile?", f"JOB-0001: {DEFAULT}.", "▌1 Keep it as it is")


def number_of(bench: Bench, words: str) -> str:
    """The digit of a row of the list on show."""
    return bench.line_with(words).split(words)[0].rstrip()[-1]


def profile_now(folder: Path, reference: str = "JOB-0001") -> str:
    with open_store(folder) as store:
        return next(job.profile for job in store.jobs.all() if job.reference == reference)


async def test_a_profile_of_the_tool_is_chosen_by_its_number(open_bench, context) -> None:
    async with open_bench(SMALLEST) as bench:
        await ask_for_the_profile(bench)
        await bench.press(number_of(bench, " strict"))
        await bench.settled()
    assert profile_now(context.data_dir) == "strict"


async def test_any_job_of_many_is_switched(open_bench, context) -> None:
    with open_store(context.data_dir) as store:
        for number in range(2, 20):
            store.jobs.add(pack(CCS01_COMMAND, reference=f"JOB-{number:04}"))
    async with open_bench(SMALLEST) as bench:
        await at_the_jobs(bench)
        await bench.press("m")
        await bench.until("Hub profile of a job")
        await bench.press(number_of(bench, "Hub profile of a job"))
        await bench.until("Whose hub profile?")
        await bench.press("end", "enter")
        await bench.until("JOB-0002: stand-in.")
        await bench.press(number_of(bench, " strict"))
        await bench.settled()
    assert profile_now(context.data_dir, "JOB-0002") == "strict"


async def test_enter_keeps_the_profile_as_it_is(open_bench, context) -> None:
    async with open_bench(SMALLEST) as bench:
        await ask_for_the_profile(bench)
        await bench.press("enter")
        await at_the_jobs(bench)
    assert profile_now(context.data_dir) == DEFAULT


async def test_a_file_that_is_no_profile_is_refused_and_changes_nothing(
    open_bench, context, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wrong.toml").write_text("window_seconds = 'soon'\n")
    async with open_bench((100, 24)) as bench:
        await ask_for_the_profile(bench)
        await bench.press(number_of(bench, "A profile in a file"))
        await bench.until("Which file?")
        await bench.press("ctrl+u", *"wrong.toml", "enter")
        await bench.until("does not know")
    assert profile_now(context.data_dir) == DEFAULT


async def test_what_was_switched_counts_for_a_visit_that_was_shown_already(
    open_bench, context, script
) -> None:
    equipped = []

    def equip(job_id):
        equipped.append(job_id)
        return context.equip(job_id)

    async with open_bench(SMALLEST, replace(context, equip=equip)) as bench:
        await at_the_jobs(bench)
        for _ in range(2):
            await bench.app.service.visit(1)
        await bench.app.service.set_profile(1, "strict")
        await bench.app.service.visit(1)
    assert equipped == [1, 1], "once for each profile, not for each look"
    assert profile_now(context.data_dir) == "strict"
