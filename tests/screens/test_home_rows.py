"""A job's row on the home screen: the one thing that still needs the engineer comes first."""

from dataclasses import replace
from datetime import UTC, datetime

from hht.store import CommandState
from hht.store.doctor import Readiness
from screens.home.text import job_row, ready_text
from screens.service.lookups import JobLine

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
DONE = JobLine(
    id=1,
    reference="JOB-1",
    title="Move the HAN",
    premises="4 Quay House",
    hub=None,
    devices=(),
    states=(CommandState.ANSWERED,) * 2,
    imported_at=AT,
)


def said(line: JobLine) -> str:
    right = job_row(1, line, AT).right
    return right.plain if right else ""


def test_a_job_with_everything_answered_is_done() -> None:
    assert said(DONE) == "✓ done"


def test_a_job_that_owes_a_second_look_is_not_done_though_everything_is_answered() -> None:
    assert said(replace(DONE, second_look=True)) == "! second look"


def test_a_command_in_doubt_comes_before_a_second_look() -> None:
    states = (CommandState.ANSWERED, CommandState.UNKNOWN)
    assert said(replace(DONE, states=states, second_look=True)) == "? 1 in doubt"


def test_responses_that_were_not_kept_are_counted_beside_what_is_in_doubt() -> None:
    assert said(replace(DONE, uncaptured=2)) == "! 2 Responses not kept"
    states = (CommandState.ANSWERED, CommandState.UNKNOWN)
    assert said(replace(DONE, states=states, uncaptured=2)) == "? 1 in doubt · 2 not kept"


def test_what_is_not_ready_says_what_to_do_and_a_gateway_may_be_missing() -> None:
    ready = Readiness(has_pin=False, has_room=True, is_clock_right=True)
    assert ready_text(ready, has_dongle=True, has_gateway=False).plain.splitlines() == [
        "✓ Dongle",
        "✗ PIN: M, PIN…",
        "✓ Clock",
        "✓ Room on the disk",
        "– Gateway: none, export it",
    ]
