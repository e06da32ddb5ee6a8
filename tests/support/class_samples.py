"""A class whose exercises are played by writing down what happened, without hub or radio."""

from pathlib import Path

from hht.journeys.events import Failed, HubChosen
from hht.training.classroom.folder import ClassFolder, make_class
from hht.training.exercise.run import TrainingRun
from hht.training.exercise.run_folders import DEBRIEF

CURRICULUM = """title = "First day"
pass_mark = 60
[[exercises]]
scenario = "join-refused"
mode = "check"
"""


def class_of(folder: Path, *trainees: str, curriculum: str = CURRICULUM) -> ClassFolder:
    """Make a class in this folder with a curriculum beside it."""
    path = folder / "curriculum.toml"
    path.write_text(curriculum)
    return make_class(folder / "room", path, trainees or ("Ann", "Bob"))


def pass_exercise(
    room: ClassFolder, seat: int = 1, *, lesson: int = 1, mode: str = "check", profile: str = ""
) -> TrainingRun:
    """Play 'join-refused' to the end that it expects: nothing delivered, the refusal met."""
    run = TrainingRun.begin(
        room.seat(seat).data_dir, "join-refused", 7, profile=profile, lesson=lesson, mode=mode
    )
    with run.open_store() as store:
        job = store.jobs.add(run.pack)
        refused = Failed("The hub does not let this HHT join", "", "Ask.", "HUB-07")
        for event in (HubChosen(run.scenario.site.hub.gpf), refused):
            store.events.add(event, at=store.clock.now(), job_id=job.id, sitting=1)
    (run.run_dir / DEBRIEF).write_text('{"points": 100}')
    return run
