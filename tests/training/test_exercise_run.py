"""Which run of a scenario is played: the one not finished, while its premises are the same."""

from importlib.resources import files
from pathlib import Path

from store_samples import open_store

from hht.cli.settings import Context
from hht.cli.start import to_practise
from hht.outbox.reports import draft_report, finalise_report
from hht.simulator.control_client import watch
from hht.simulator.site.record import load_site
from hht.store import Mode
from hht.training.exercise.choice import choices
from hht.training.exercise.run import TrainingRun
from hht.training.exercise.run_folders import FINISHED, interrupted
from hht.training.exercise.starting import begin_again
from hht.training.exercise.terms import read_terms

MAIN = (files("assets") / "scenarios" / "no-wan-install.toml").read_text("utf-8")


def test_a_run_is_resumed_until_it_is_finished(tmp_path: Path) -> None:
    first = TrainingRun.resume_or_start(tmp_path, "no-wan-install")
    again = TrainingRun.resume_or_start(tmp_path, "no-wan-install")
    assert again.run_dir == first.run_dir
    (first.run_dir / FINISHED).touch()
    assert TrainingRun.resume_or_start(tmp_path, "no-wan-install").run_dir.name.endswith("-2")


def test_the_exercise_to_go_on_with_is_the_one_open_last_until_it_has_ended(tmp_path: Path) -> None:
    assert to_practise(Context(tmp_path, None)) == "no-wan-install"
    left = TrainingRun.begin(tmp_path, "no-window-limit")
    assert not left.goes_on
    assert interrupted(tmp_path) == to_practise(Context(tmp_path, None)) == "no-window-limit"
    assert [each.scenario.name for each in choices(tmp_path) if each.goes_on] == ["no-window-limit"]
    again = TrainingRun.begin(tmp_path, "no-window-limit")
    assert (again.goes_on, again.run_dir) == (True, left.run_dir)
    (left.run_dir / FINISHED).touch()
    assert interrupted(tmp_path) == ""


def test_an_exercise_of_a_class_and_a_check_are_not_gone_on_with_unnamed(tmp_path: Path) -> None:
    TrainingRun.begin(tmp_path, "no-window-limit", lesson=2, mode="check")
    assert interrupted(tmp_path) == ""


def test_an_exercise_that_is_begun_again_has_one_job_more(tmp_path: Path) -> None:
    """The first play was finished, or is left as it is."""
    runs = [TrainingRun.begin(tmp_path, "no-window-limit")]
    (runs[0].run_dir / FINISHED).touch()
    runs += [TrainingRun.begin(tmp_path, "no-window-limit", again=True) for _ in range(2)]
    assert [run.run_dir.name[-2:] for run in runs] == ["-1", "-2", "-3"]
    with runs[-1].open_store() as store:
        assert len(store.jobs.all()) == 3


def test_an_exercise_that_is_begun_again_has_the_seed_the_hub_and_the_speed_of_before(
    tmp_path: Path,
) -> None:
    first = TrainingRun.begin(tmp_path, "no-window-limit", 7, speed=20, profile="strict")
    again = begin_again(tmp_path, "no-window-limit")
    assert again.run_dir != first.run_dir
    assert again.seed == first.seed == 7
    assert again.site.speed == 20
    assert read_terms(again.run_dir) == read_terms(first.run_dir)
    assert read_terms(first.run_dir).profile == "strict"
    other = begin_again(tmp_path, "fault-return")
    assert (other.seed, other.run_dir.name) == (None, "fault-return-1")


def test_a_job_about_its_hub_alone_is_finished_when_its_report_waits_for_return(
    tmp_path: Path,
) -> None:
    run = TrainingRun.resume_or_start(tmp_path, "fault-return")
    with run.open_store() as store:
        (job,) = store.jobs.all()
        assert job.hub_chf
        assert not run.finish(store)
        report = draft_report(store, "8.14.4", b"<a/>", originator=job.hub_chf, job_id=job.id)
        assert not run.finish(store)
        finalise_report(store, report)
        assert run.finish(store)


def test_a_scenario_whose_premises_were_changed_begins_a_new_run(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(MAIN)
    first = TrainingRun.resume_or_start(tmp_path, str(path))
    path.write_text(MAIN.replace("par_minutes = 20", "par_minutes = 30"))
    assert TrainingRun.resume_or_start(tmp_path, str(path)).run_dir == first.run_dir
    path.write_text(MAIN.replace("channel = 15", "channel = 20", 1))
    changed = TrainingRun.resume_or_start(tmp_path, str(path))
    assert changed.run_dir != first.run_dir
    assert load_site(changed.run_dir).spec.hub.place.channel == 20
    assert load_site(first.run_dir).spec.hub.place.channel == 15


def test_the_run_in_a_folder_knows_its_scenario(tmp_path: Path) -> None:
    first = TrainingRun.resume_or_start(tmp_path, "join-refused", speed=5)
    found = TrainingRun.at(tmp_path, first.run_dir)
    assert found.scenario == first.scenario
    assert found.site.speed == 5


def test_a_power_cycle_is_over_once_the_hub_has_power_again(tmp_path: Path) -> None:
    run = TrainingRun.resume_or_start(tmp_path, "interpan-window-expired", speed=100)
    run.start_hub()
    try:
        run.power_cycle()
        status = next(row["status"] for row in watch(run.run_dir) if "status" in row)
    finally:
        run.stop_hub()
    assert status["power"]
    assert 0 < status["window_seconds_left"] <= 3600


def test_before_the_pin_a_run_begins_and_its_job_is_added_once_unlocked(tmp_path: Path) -> None:
    with open_store(tmp_path, Mode.TRAINING) as store:
        store.vault.protect("739146")
    run = TrainingRun.begin(tmp_path, "fault-return")
    with run.open_store() as store:
        assert store.vault.is_locked
        store.vault.unlock("739146")
        assert store.jobs.all() == ()
        store.jobs.add(run.pack)
        assert not run.finish(store)
