"""The line of stages: what is behind, what was left out there, and what is still to come."""

from dataclasses import replace

import pytest
from screen_visit import plain_view
from store_samples import CCS01_COMMAND, open_store, pack

from hht.store import CommandRow, CommandState, Mode
from screens.visit.status import progress_of
from screens.widgets.stepper import Progress, Stage, Stepper


@pytest.fixture
def row(tmp_path) -> CommandRow:
    with open_store(tmp_path, Mode.TRAINING) as store:
        return store.commands.of_job(store.jobs.add(pack(CCS01_COMMAND)).id)[0]


def line_of(progress: Progress) -> str:
    stepper = Stepper()
    stepper.set_reactive(Stepper.progress, progress)
    return stepper.shortest().plain


@pytest.mark.parametrize(
    ("states", "line"),
    [
        (("answered", "answered"), "✓ Job ✓ Find ✓ Connect ✓ Deliver ● Return"),
        (("answered", "skipped"), "✓ Job ✓ Find ✓ Connect ! Deliver ● Return"),
        (("answered", "refused"), "✓ Job ✓ Find ✓ Connect ! Deliver ● Return"),
        (("answered", "waiting"), "✓ Job ○ Find ○ Connect ○ Deliver ● Return"),
        (("skipped", "skipped"), "✓ Job ○ Find ○ Connect ! Deliver ● Return"),
    ],
)
def test_after_the_han_was_left_a_tick_is_for_what_was_done(
    row: CommandRow, states: tuple[str, str], line: str
) -> None:
    rows = tuple(replace(row, state=CommandState(state)) for state in states)
    view = replace(plain_view(connected=False), hub=None, commands=rows)
    assert line_of(progress_of(Stage.RETURN, view)) == line


def test_a_device_that_has_not_joined_takes_the_tick_from_the_delivery(row: CommandRow) -> None:
    answered = replace(row, state=CommandState.ANSWERED)
    view = replace(
        plain_view(connected=True), commands=(answered,), not_joined={row.id: row.device}
    )
    assert "! Deliver" in line_of(progress_of(Stage.RETURN, view))
