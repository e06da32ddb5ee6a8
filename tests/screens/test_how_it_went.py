"""What the plan says at the end, and lines that go on below their own words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from screen_visit import plain_view
from store_samples import CCS01_COMMAND, open_store, pack
from textual.app import App, ComposeResult
from textual.content import Content

from hht.journeys.delivery_time import timed
from hht.journeys.events import CommandChanged, CommandSent, ResponseCaptured
from hht.journeys.premises.alerts import AlertLine
from hht.journeys.view import VisitView
from hht.spans import EMPTY
from hht.store import CommandState as S
from hht.training.happenings import happenings
from screens.commission.course import Course, course_of
from screens.commission.text import strip_words
from screens.themes import NAMES, load_themes
from screens.widgets.clock import took
from screens.widgets.hung_lines import HungLines


@pytest.fixture
def view(tmp_path) -> VisitView:
    """A visit with three Local Commands, all waiting."""
    with open_store(tmp_path) as store:
        job = store.jobs.add(pack(*[CCS01_COMMAND] * 3))
        rows = store.commands.of_job(job.id)
    return replace(plain_view(connected=True), commands=rows, returns_waiting=21)


def with_states(view: VisitView, *states: S) -> VisitView:
    rows = zip(view.commands, states, strict=True)
    return replace(view, commands=tuple(replace(row, state=state) for row, state in rows))


def course(view: VisitView, alerts: int, seconds: int) -> Course:
    hub = view.commands[0].device
    line = AlertLine(1, None, hub, 0x8F12, "CHF Device Log changed", 1, None)  # type: ignore[arg-type]
    return Course((line,) * alerts, seconds)


@pytest.mark.parametrize(
    ("states", "width", "words"),
    [
        ((S.ANSWERED,) * 3, 80, "✓ 3 of 3 answered · 13 Alerts · 21 to return · 4 m 12 s"),
        ((S.ANSWERED,) * 3, 53, "✓ 3 of 3 answered · 13 Alerts · 21 to return"),
        (
            (S.ANSWERED, S.REFUSED, S.SKIPPED),
            80,
            "! 1 of 3 answered · 1 refused · 1 skipped · 13 Alerts · 21 to return · 4 m 12 s",
        ),
    ],
)
def test_when_nothing_is_left_the_strip_says_how_it_went_as_far_as_there_is_room(
    view: VisitView, states: tuple[S, ...], width: int, words: str
) -> None:
    shown = strip_words(with_states(view, *states), course(view, 13, 252), width)
    assert shown.plain.strip() == words
    assert shown.cell_length <= width


def test_while_something_is_left_the_strip_counts(view: VisitView) -> None:
    open_still = with_states(view, S.ANSWERED, S.SKIPPED, S.UNKNOWN)
    assert strip_words(open_still, course(view, 1, 9), 80).plain.strip() == "✓–?  2 of 3"


def test_the_plan_says_the_debriefs_time_and_what_is_settled_later_adds_nothing(tmp_path) -> None:
    with open_store(tmp_path) as store:
        job = store.jobs.add(pack(CCS01_COMMAND))
        at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
        answer = ResponseCaptured(1, 1, "CCS01", EMPTY, True, "valid", "absent", False)
        for event, seconds in (
            (CommandSent(1, 0, "Command 0"), 5.0),
            (answer, 39.0),
            (CommandChanged(1, 0, "answered", ""), 700.0),
        ):
            # The premises' clock runs twenty times as fast as the engineer's own.
            moment = at + timedelta(seconds=20 * seconds)
            store.events.add(event, at=moment, job_id=job.id, sitting=1, seconds=seconds)
        found, rows = course_of(store, job.id), happenings([*timed(store.events.of_job(job.id))])
    assert [each.seconds for each in rows if each.what == "delivered"] == [found.seconds]
    assert took(found.seconds) == "34 s"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "less than 1 s"), (1, "1 s"), (59.6, "1 m 0 s"), (212, "3 m 32 s")],
)
def test_how_long_something_took(seconds: float, words: str) -> None:
    assert took(seconds) == words


class Box(App[None]):
    """Hung lines in a terminal of so many columns."""

    def __init__(self) -> None:
        super().__init__()
        for theme in load_themes():
            self.register_theme(theme)
        self.theme = NAMES[0]

    def compose(self) -> ComposeResult:
        yield HungLines(title="Devices")


async def test_a_line_that_is_too_long_goes_on_below_its_own_words_and_none_is_lost() -> None:
    async with Box().run_test(size=(28, 10)) as pilot:
        box = pilot.app.query_one(HungLines)
        assert not box.display
        long = Content.assemble(("◐ ", "bold"), "GSME ", "added, not joined yet, but soon")
        box.set_lines([Content("✓ CHF on the HAN"), long])
        await pilot.pause()
        assert box.render().plain.split("\n") == [
            "✓ CHF on the HAN",
            "◐ GSME added, not joined",
            "  yet, but soon",
        ]
        assert box.size.height == 3


async def test_where_there_is_no_room_for_all_lines_the_last_one_says_so() -> None:
    async with Box().run_test(size=(28, 5)) as pilot:
        box = pilot.app.query_one(HungLines)
        box.set_lines([Content(each) for each in ("one", "", "three")])
        await pilot.pause()
        assert box.render().plain.split("\n") == ["one", "", "three"]
        box.set_lines([Content(each) for each in ("one", "two", "three", "four")])
        await pilot.pause()
        assert box.render().plain.split("\n") == ["one", "two", "…"]
        assert box.outer_size.height == 5, "its border is on the screen"
