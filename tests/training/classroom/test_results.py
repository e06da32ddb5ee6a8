"""Results of a class: computed from each seat's journal, put right by the trainer, by the round."""

import csv
import io
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from class_samples import CURRICULUM, class_of, pass_exercise

from hht.clock import ManualClock
from hht.errors import InputError
from hht.training.classroom.folder import make_class, open_class
from hht.training.classroom.marks import POINTS, override, score_so_far
from hht.training.classroom.results import results, to_csv, to_html, to_row
from hht.training.exercise.run import TrainingRun
from hht.training.exercise.trainer_marks import add_mark


def test_an_exercise_is_passed_by_its_points_and_its_outcome(tmp_path: Path) -> None:
    room = class_of(tmp_path)
    pass_exercise(room)
    done, open_still = results(room)
    assert (done.points, done.is_passed, done.tries) == (100, True, 1)
    assert (open_still.points, open_still.is_passed) == (None, False)
    row = to_row(done)
    assert (row["trainee"], row["state"], row["profile"]) == ("Ann", "finished", "stand-in")
    assert (row["seed"], row["mode"], row["failures"]) == (7, "check", 100)


def test_moments_that_the_trainer_marked_are_in_the_results(tmp_path: Path) -> None:
    room = class_of(tmp_path)
    run = pass_exercise(room)
    at = datetime.fromisoformat("2026-11-26T09:41:00").astimezone()
    add_mark(run.run_dir, at, "Connect", "The hub does\nnot answer")
    done, _ = results(room)
    assert to_row(done)["moments"] == "09:41 Connect, after: The hub does not answer"
    assert "Marked by the trainer: 09:41 Connect" in to_html(room, [done]).decode()


@pytest.mark.parametrize(
    ("setting", "terms"), [("", {"mode": "practice"}), ('profile = "strict"', {"profile": ""})]
)
def test_a_check_that_was_played_on_other_terms_is_not_passed(
    tmp_path: Path, setting: str, terms: dict[str, str]
) -> None:
    room = class_of(tmp_path, curriculum=f"{CURRICULUM}{setting}\n")
    run = pass_exercise(room, **terms)  # type: ignore[arg-type]
    assert results(room)[0].points == 100
    assert not results(room)[0].is_passed
    override(run.run_dir, POINTS, 70, "I watched it")
    assert results(room)[0].is_passed


def test_the_trainer_gives_other_marks_with_a_reason_and_both_are_kept(tmp_path: Path) -> None:
    room = class_of(tmp_path)
    run = pass_exercise(room)
    override(run.run_dir, "failures", 10, "Asked a neighbour", "T")
    override(run.run_dir, "failures", 40, "  Asked a\nneighbour once ", "T")
    score = results(room)[0].score
    assert score is not None
    assert (score.marks("failures"), score.computed("failures")) == (40, 100)
    row = to_row(results(room)[0])
    assert row["failures"] == 40
    assert row["overrides"] == "failures 100 -> 40: Asked a neighbour once (T)"


@pytest.mark.parametrize(
    ("what", "marks", "reason"),
    [("courage", 1, "so"), ("order", 101, "so"), ("order", -1, "so"), ("order", 1, " \n")],
)
def test_an_override_without_sense_is_one_line(
    tmp_path: Path, what: str, marks: int, reason: str
) -> None:
    with pytest.raises(InputError):
        override(tmp_path, what, marks, reason)
    assert not list(tmp_path.iterdir())


def test_a_new_round_keeps_the_class_and_begins_every_exercise_again(tmp_path: Path) -> None:
    room = class_of(tmp_path)
    first = pass_exercise(room)
    clock = ManualClock(first.site.started + timedelta(hours=1))
    again = room.new_round(clock)
    assert again.seats == room.seats
    assert [to_row(each)["state"] for each in results(again)] == ["not begun"] * 2
    run = TrainingRun.begin(room.seat(1).data_dir, "join-refused", lesson=1)
    assert run.run_dir != first.run_dir
    assert score_so_far(room.seat(1).data_dir, first.run_dir).marks(POINTS) == 100
    assert open_class(room.folder) == again


def test_an_exercise_that_is_practised_again_stays_passed_until_that_has_ended(
    tmp_path: Path,
) -> None:
    room = class_of(tmp_path)
    first = pass_exercise(room)
    again = TrainingRun.begin(room.seat(1).data_dir, "join-refused", lesson=1, again=True)
    again.open_store().close()
    judged = results(room)[0]
    assert (judged.is_passed, judged.tries) == (True, 2)
    assert judged.score
    assert judged.score.run_dir == first.run_dir


def test_the_same_exercise_at_two_places_is_two_runs(tmp_path: Path) -> None:
    twice = CURRICULUM + '[[exercises]]\nscenario = "join-refused"\n'
    room = class_of(tmp_path, "Ann", curriculum=twice)
    pass_exercise(room, lesson=1)
    assert [each.tries for each in results(room)] == [1, 0]
    pass_exercise(room, lesson=2)
    assert [each.tries for each in results(room)] == [1, 1]


def test_a_name_is_no_formula_in_a_table_and_no_markup_on_a_page(tmp_path: Path) -> None:
    room = class_of(tmp_path, "=1+1", "<script>alert(1)</script>")
    found = results(room)
    rows = list(csv.DictReader(io.StringIO(to_csv(found).decode("utf-8-sig"))))
    assert [each["trainee"] for each in rows] == ["'=1+1", "<script>alert(1)</script>"]
    html = to_html(room, found).decode()
    tags = _Tags()
    tags.feed(html)
    assert not tags.seen & {"script", "a", "link", "img"}
    assert "http" not in html
    assert html.count("<td>check</td>") == len(found)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)


def test_a_class_of_hht_serve_is_given_a_curriculum(tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    (room / "class.json").write_text('{"seats": [{"number": 1, "trainee": "", "cookie": "ab"}]}')
    path = tmp_path / "c.toml"
    path.write_text(CURRICULUM)
    assert [each.trainee for each in make_class(room, path, []).seats] == ["Seat 1"]
    with pytest.raises(InputError):
        make_class(room, path, ["Ann"])


@pytest.mark.parametrize("content", ["", "[]", '{"seats": [{}]}', '{"seats": 5}'])
def test_a_folder_that_is_no_class_is_one_line(tmp_path: Path, content: str) -> None:
    room = class_of(tmp_path)
    (room.folder / "class.json").write_text(content)
    with pytest.raises(InputError):
        open_class(room.folder)
    with pytest.raises(InputError):
        open_class(tmp_path / "nowhere")
