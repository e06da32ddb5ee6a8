"""Warnings before the window or the membership runs out: at 15, 5 and 1 minutes, and at the end."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, hear, open_store, pack

from hht.clock import ManualClock, ScaledClock
from hht.entity_id import EntityId
from hht.events import Event
from hht.hub_profile import load_profile
from hht.journeys.connect import ConnectEvent, ConnectState, WindowCertainty
from hht.journeys.events import TimeOfDaySet
from hht.journeys.journal import JOURNEY, Journal
from hht.journeys.link.clocks import ClockWatch
from hht.journeys.link.time_of_day import TimeOfDay
from hht.simulator.pauses import HandheldClock

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
GPF = EntityId.parse("00-DB-12-34-56-78-90-A3")


class Stage:
    def __init__(self, folder: Path, profile: str = "stand-in") -> None:
        self.store = open_store(folder)
        self.clock = ManualClock(start=NOW)
        self.profile = load_profile(profile)
        self.job = self.store.jobs.add(pack(CCS01_COMMAND))
        self.published: list[Event] = []
        self.journal = self.begin()
        self.watch = ClockWatch()

    def begin(self) -> Journal:
        return Journal(self.store, self.job.id, self.profile, self.published.append, self.clock)

    def said(self, minutes: float) -> list[tuple[str, int]]:
        """What is said in the next minutes, asked every second."""
        found = []
        for _ in range(int(minutes * 60)):
            self.clock.advance(1)
            found += [(each.clock, each.minutes) for each in self.watch.due(self.journal)]
        return found


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def admit(journal: Journal) -> None:
    journal.note(ConnectEvent.HUBS_HEARD)
    journal.confirm(GPF)
    journal.note_link_key()
    journal.note_admitted()


def test_the_window_warns_at_fifteen_five_and_one_minute_and_at_its_end(stage: Stage) -> None:
    stage.journal.start_window_clock(NOW, WindowCertainty.KNOWN)
    assert stage.said(44) == []
    assert stage.said(30) == [("window", 15), ("window", 5), ("window", 1), ("window", 0)]


def test_where_nothing_is_left_that_needs_the_hub_its_window_is_not_warned_about(
    stage: Stage,
) -> None:
    stage.journal.start_window_clock(NOW - timedelta(minutes=56), WindowCertainty.KNOWN)
    assert stage.watch.due(stage.journal, needs_hub=False) == []
    assert [each.minutes for each in stage.watch.due(stage.journal)] == [5]


def test_a_program_begun_late_says_only_the_latest_mark(stage: Stage) -> None:
    stage.journal.start_window_clock(NOW - timedelta(minutes=56), WindowCertainty.ABOUT)
    (warning,) = stage.watch.due(stage.journal)
    assert (warning.minutes, warning.certainty) == (5, "about")
    assert "Connect" in warning.remedy
    assert stage.watch.due(stage.journal) == []


def test_once_admitted_the_membership_is_watched_and_the_window_no_more(stage: Stage) -> None:
    stage.journal.start_window_clock(NOW, WindowCertainty.KNOWN)
    admit(stage.journal)
    assert stage.said(18 * 60 - 16) == []
    assert [each[1] for each in stage.said(20)] == [15, 5, 1, 0]


def test_a_window_that_begins_again_is_warned_about_again(stage: Stage) -> None:
    for _ in range(2):
        stage.journal.start_window_clock(stage.clock.now(), WindowCertainty.KNOWN)
        assert [each[1] for each in stage.said(61)] == [15, 5, 1, 0]


def test_a_hub_without_a_limit_or_without_a_known_beginning_warns_of_nothing(tmp_path) -> None:
    without = Stage(tmp_path / "a", "no-limit")
    without.journal.start_window_clock(NOW, WindowCertainty.KNOWN)
    assert without.said(70) == []
    assert Stage(tmp_path / "b").said(70) == []


def test_power_seen_before_the_hub_was_named_counts_for_the_hub_confirmed_then(stage) -> None:
    stage.journal.start_window_clock(NOW - timedelta(minutes=50), WindowCertainty.KNOWN)
    again = stage.begin()
    again.note(ConnectEvent.HUBS_HEARD)
    again.confirm(GPF)
    assert again.window_seconds_left() == 10 * 60
    assert again.connect.window_certainty is WindowCertainty.KNOWN


def test_a_hub_that_was_only_chosen_has_no_clock_until_it_answers(stage: Stage) -> None:
    stage.journal.note(ConnectEvent.HUBS_HEARD)
    stage.journal.confirm(GPF)
    assert stage.journal.connect.window_certainty is WindowCertainty.UNKNOWN
    stage.journal.note_link_key()
    assert stage.journal.window_seconds_left() == 60 * 60
    assert stage.journal.connect.window_certainty is WindowCertainty.ABOUT


@pytest.mark.parametrize("over", ["it answered nothing", "its clock had run out"])
def test_a_hub_that_answers_after_its_window_was_taken_for_closed_has_a_clock_again(
    stage: Stage, over: str
) -> None:
    stage.journal.start_window_clock(NOW - timedelta(minutes=61), WindowCertainty.ABOUT)
    if over == "it answered nothing":
        stage.journal.note_window_closed()
    stage.journal.note(ConnectEvent.HUBS_HEARD)
    stage.journal.confirm(GPF)
    stage.journal.note_link_key()
    assert stage.journal.window_seconds_left() == 60 * 60
    assert stage.journal.connect.window_certainty is WindowCertainty.ABOUT


def test_a_clock_that_the_engineer_set_can_be_taken_back_also_after_a_kill(stage: Stage) -> None:
    stage.journal.start_window_clock(NOW - timedelta(minutes=30), WindowCertainty.KNOWN)
    stage.journal.set_window_clock(NOW - timedelta(minutes=5))
    again = stage.begin()
    assert again.window_seconds_left() == 55 * 60
    assert again.take_window_clock_back()
    assert again.window_seconds_left() == 30 * 60
    assert again.connect.window_certainty is WindowCertainty.KNOWN
    assert not again.take_window_clock_back()


def test_a_program_that_begins_keeps_that_the_link_of_the_one_before_is_gone(stage: Stage) -> None:
    admit(stage.journal)
    for event in (ConnectEvent.HAN_JOINED, ConnectEvent.HAN_KEY_AGREED):
        stage.journal.note(event)
    stage.journal.note_tunnel(1)
    stage.begin()
    kept = stage.store.journeys.load(stage.job.id, JOURNEY)
    assert kept
    assert kept["state"] == ConnectState.CONFIRMED
    assert kept["admitted_at"] == NOW.isoformat(), "the hub has it all the same"


def test_a_clock_set_where_none_ran_is_taken_back_to_not_known(stage: Stage) -> None:
    stage.journal.set_window_clock(NOW)
    assert stage.journal.take_window_clock_back()
    assert stage.journal.window_seconds_left() is None
    assert stage.journal.connect.window_certainty is WindowCertainty.UNKNOWN


def test_what_is_seen_of_the_hub_leaves_nothing_to_take_back(stage: Stage) -> None:
    for seen in (
        lambda: stage.journal.start_window_clock(NOW, WindowCertainty.KNOWN),
        stage.journal.note_window_closed,
    ):
        stage.journal.set_window_clock(NOW - timedelta(minutes=5))
        seen()
        assert not stage.journal.take_window_clock_back()


def test_an_answer_about_the_power_that_is_taken_back_sets_window_and_membership_back(
    stage: Stage,
) -> None:
    """Also after a kill, and after the answer was corrected in between."""
    admit(stage.journal)
    before = stage.journal.connect
    stage.clock.advance(600)
    stage.journal.power_answered(stage.clock.now(), WindowCertainty.KNOWN)
    assert stage.journal.residency_seconds_left() is None
    stage.journal.power_answered(stage.clock.now() - timedelta(minutes=5), WindowCertainty.ABOUT)
    again = stage.begin()
    again.take_power_answer_back()
    assert again.window_seconds_left() == 50 * 60
    assert again.connect.window_certainty is before.window_certainty
    assert again.connect.admitted_at == before.admitted_at


@pytest.mark.parametrize("later", ["watched", "said", "closed"])
def test_a_clock_that_was_set_since_that_answer_stays(stage: Stage, later: str) -> None:
    stage.journal.power_answered(NOW, WindowCertainty.ABOUT)
    stage.clock.advance(600)
    if later == "watched":
        stage.journal.start_window_clock(stage.clock.now(), WindowCertainty.KNOWN)
    elif later == "said":
        stage.journal.set_window_clock(stage.clock.now())
    else:
        stage.journal.note_window_closed()
    before = stage.journal.connect
    stage.journal.take_power_answer_back()
    assert stage.journal.connect == before


@pytest.mark.parametrize("minutes", [-600, -10, 7, 3000])
def test_a_time_of_day_that_is_set_moves_no_clock_of_the_visit(stage: Stage, minutes: int) -> None:
    stage.journal.start_window_clock(NOW - timedelta(minutes=20), WindowCertainty.KNOWN)
    stage.journal.follow_time_of_day()
    stage.clock.advance(60)
    stage.clock.set(stage.clock.now() + timedelta(minutes=minutes))
    assert stage.journal.follow_time_of_day() == timedelta(minutes=minutes)
    assert stage.journal.window_seconds_left() == 39 * 60
    assert stage.journal.follow_time_of_day() == timedelta()
    assert [each.seconds for each in stage.published if isinstance(each, TimeOfDaySet)] == [
        minutes * 60
    ]


def test_the_membership_and_what_can_be_taken_back_go_on_as_well(stage: Stage) -> None:
    stage.journal.start_window_clock(NOW - timedelta(minutes=30), WindowCertainty.KNOWN)
    stage.journal.set_window_clock(NOW - timedelta(minutes=5))
    admit(stage.journal)
    stage.journal.follow_time_of_day()
    stage.clock.set(NOW - timedelta(hours=2))
    stage.journal.follow_time_of_day()
    assert stage.journal.residency_seconds_left() == 18 * 60 * 60
    assert stage.journal.take_window_clock_back()
    assert stage.journal.window_seconds_left() == 30 * 60


def test_a_restart_knows_which_capture_was_the_last_before_the_clock_was_set(stage: Stage) -> None:
    stage.journal.start_window_clock(NOW, WindowCertainty.KNOWN)
    stage.journal.follow_time_of_day()
    last = hear(stage.store, CCS01_RESPONSE, stage.job.id)
    stage.clock.set(NOW + timedelta(hours=1))
    stage.journal.follow_time_of_day()
    stage.journal.follow_time_of_day()
    assert stage.begin().connect.clock_set_at == last.id


def test_a_clock_set_while_no_program_ran_is_noticed_by_the_next(stage: Stage) -> None:
    stage.journal.start_window_clock(NOW, WindowCertainty.KNOWN)
    stage.journal.follow_time_of_day()
    stage.clock.advance(300)
    stage.clock.set(NOW - timedelta(hours=1))
    again = stage.begin()
    again.follow_time_of_day()
    assert again.window_seconds_left() == 55 * 60


def test_over_a_restart_of_the_machine_the_time_of_day_is_believed(stage: Stage) -> None:
    stage.journal.start_window_clock(NOW, WindowCertainty.KNOWN)
    stage.journal.follow_time_of_day()
    stage.clock.advance(300)
    stage.clock.reboot()
    again = stage.begin()
    assert again.follow_time_of_day() == timedelta()
    assert again.window_seconds_left() == 55 * 60


def test_a_clock_put_right_once_the_han_was_left_is_noticed(stage: Stage) -> None:
    stage.journal.start_window_clock(NOW, WindowCertainty.KNOWN)
    admit(stage.journal)
    stage.journal.follow_time_of_day()
    stage.journal.close()
    stage.journal.follow_time_of_day()
    stage.clock.set(NOW + timedelta(hours=1))
    assert stage.journal.follow_time_of_day() == timedelta(hours=1)
    assert stage.journal.follow_time_of_day() == timedelta()
    assert stage.store.journeys.load(stage.job.id, "connect") is None


def test_a_clock_set_after_leaving_is_known_to_the_next_program(stage: Stage) -> None:
    """The old comparison came back with a restart: the journey was cleared, and this with it."""
    stage.journal.start_window_clock(NOW, WindowCertainty.KNOWN)
    stage.journal.follow_time_of_day()
    last = hear(stage.store, CCS01_RESPONSE, stage.job.id)
    stage.journal.close()
    stage.clock.set(NOW + timedelta(hours=1))
    stage.journal.follow_time_of_day()
    assert stage.begin().clock_set_at == last.id


def test_a_clock_set_after_leaving_while_no_program_ran_is_noticed(stage: Stage) -> None:
    stage.journal.start_window_clock(NOW, WindowCertainty.KNOWN)
    stage.journal.follow_time_of_day()
    stage.journal.close()
    stage.clock.set(NOW + timedelta(hours=1))
    assert stage.begin().follow_time_of_day() == timedelta(hours=1)


def test_a_visit_without_a_clock_that_runs_keeps_nothing(stage: Stage) -> None:
    assert stage.journal.follow_time_of_day() == timedelta()
    assert stage.store.journeys.load(stage.job.id, "connect") is None


def test_a_clock_put_right_by_seconds_moves_nothing_and_is_not_said(stage: Stage) -> None:
    stage.journal.start_window_clock(NOW, WindowCertainty.KNOWN)
    stage.journal.follow_time_of_day()
    stage.clock.set(NOW + timedelta(seconds=40))
    assert stage.journal.follow_time_of_day() == timedelta(seconds=40)
    assert stage.journal.window_seconds_left() == 60 * 60
    assert not [each for each in stage.published if isinstance(each, TimeOfDaySet)]


def test_the_clocks_of_an_exercise_are_not_set_by_running_faster() -> None:
    premises = ScaledClock(300.0, NOW)
    for clock in (premises, HandheldClock(premises.time)):
        before = TimeOfDay.of(clock)
        premises.advance(3600)
        assert before.set_by(TimeOfDay.of(clock)) == timedelta()
