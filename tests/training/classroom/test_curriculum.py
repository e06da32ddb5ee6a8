"""A curriculum: exercises in order, a seed for each seat, and every mistake with its line."""

from pathlib import Path

import pytest

from hht.errors import InputError
from hht.training.classroom.curriculum import (
    curriculum_of,
    example,
    is_curriculum,
    load_curriculum,
)
from hht.training.exercise.terms import CHECK, PRACTICE

ONE = '[[exercises]]\nscenario = "no-wan-install"\n'
GOOD = f'title = "A"\n{ONE}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "course" / "own.toml"


def written(file: Path, content: str | bytes) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_the_example_is_right(file: Path) -> None:
    course = load_curriculum(written(file, example()))
    assert [each.number for each in course.lessons] == [1, 2, 3]
    assert [each.pass_mark for each in course.lessons] == [70, 60, 70]
    assert [each.mode for each in course.lessons] == [PRACTICE, PRACTICE, CHECK]
    assert course.lessons[2].profile == "strict"


def test_no_two_seats_have_the_same_seed_and_each_has_its_own_again(file: Path) -> None:
    path = written(file, f'title = "A"\nseed = 4\n{ONE}{ONE}')
    first, second = load_curriculum(path).lessons
    seeds = [lesson.seed_of(seat) for lesson in (first, second) for seat in range(1, 100)]
    assert len(set(seeds)) == len(seeds)
    assert seeds[0] == load_curriculum(path).lessons[0].seed_of(1)
    other = load_curriculum(written(file, f'title = "A"\nseed = 5\n{ONE}')).lessons[0]
    assert other.seed_of(1) != first.seed_of(1)


def test_seeds_that_are_given_go_round(file: Path) -> None:
    lesson = load_curriculum(written(file, f"{GOOD}seeds = [11, 12, 13]\n")).lessons[0]
    assert [lesson.seed_of(seat) for seat in (1, 2, 3, 4)] == [11, 12, 13, 11]


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.encode("utf-16"),
    ],
)
def test_windows_writes_a_curriculum_as_well(file: Path, content: bytes) -> None:
    assert load_curriculum(written(file, content)).lessons[0].scenario.name == "no-wan-install"


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ('title = "A"\n[[exercises]]\nscenario = "no-such"\n', 3, "no scenario 'no-such'"),
        ('title = "A"\n[[exercises]]\nscenario = "rtds"\n', 3, "no scenario 'rtds'"),
        ('title = "A"\n[[exercises]]\nscenario = "no-such.toml"\n', 3, "no file"),
        ('title = "A"\n[[exercises]]\nscenario = "../own.toml"\n', 3, "not within"),
        ('title = "A"\n[[exercises]]\nscenario = "/etc/own.toml"\n', 3, "not within"),
        ('title = "A"\n[[exercises]]\nscenario = "own.toml"\n', 3, "is a curriculum"),
        ('title = "A"\n[[exercises]]\nscenario = "a\\u0000.toml"\n', 3, ""),
        (f"{GOOD}pass_mark = 200\n", 4, "from 0 to 100"),
        (f"{GOOD}pass_mark = -1\n", 4, "from 0 to 100"),
        (f'{GOOD}pass_mark = "80"\n', 4, "not a whole number"),
        (f"{GOOD}pass_mark = true\n", 4, "not a whole number"),
        (f"{GOOD}pass_mark = nan\n", 4, "not a whole number"),
        (f'{GOOD}mode = "exam"\n', 4, "not one of practice, check"),
        (f'{GOOD}profile = "kind"\n', 4, "no hub profile 'kind'"),
        (f'{GOOD}seeds = ["1"]\n', 4, "whole numbers"),
        (f"{GOOD}seeds = [-1]\n", 4, "from 0"),
        (f"{GOOD}seeds = []\n", 4, "whole numbers"),
        (f"{GOOD}colour = 1\n", 4, "'colour' is not a setting"),
        (f"colour = 1\n{GOOD}", 1, "'colour' is not a setting"),
        ('title = "A"\n', 1, "exercises is missing"),
        ('title = "A"\nexercises = 5\n', 2, "exercises is not"),
        ('title = "A"\nexercises = [1]\n', 2, "exercises is not"),
        (ONE, 1, "title is missing"),
        (f"{GOOD}scenario = 'x'\n", 4, "not TOML"),
        ("title = \n", 1, "not TOML"),
        (f'title = "A"\nx = {"[" * 5000}\n', 1, "nested"),
        (b'title = "\xff"\n', 1, "not TOML"),
    ],
)
def test_every_mistake_is_one_line_with_its_place(
    file: Path, content: str | bytes, line: int, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_curriculum(written(file, content))
    said = str(caught.value)
    assert f"own.toml, line {line}:" in said
    assert words in said
    assert len(said.splitlines()) == 1


def test_a_mistake_in_a_scenario_of_ones_own_is_reported_with_its_own_line(file: Path) -> None:
    path = written(file, 'title = "A"\n[[exercises]]\nscenario = "mine.toml"\n')
    (path.parent / "mine.toml").write_text('title = "B"\nspeed = 0\n')
    with pytest.raises(InputError, match=r"own\.toml, line 3: .*mine\.toml, line"):
        load_curriculum(path)


def test_a_link_that_leads_out_of_the_folder_is_refused(file: Path, tmp_path: Path) -> None:
    path = written(file, 'title = "A"\n[[exercises]]\nscenario = "mine.toml"\n')
    (tmp_path / "outside.toml").write_text(GOOD)
    (path.parent / "mine.toml").symlink_to(tmp_path / "outside.toml")
    with pytest.raises(InputError, match="not within"):
        load_curriculum(path)


@pytest.mark.parametrize("name", ["missing.toml", "", "a\0b"])
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError):
        load_curriculum(tmp_path / name)


def test_a_scenario_alone_is_a_curriculum_of_one(file: Path) -> None:
    course = curriculum_of("no-wan-install")
    assert [each.scenario.name for each in course.lessons] == ["no-wan-install"]
    assert curriculum_of(str(written(file, GOOD))).title == "A"
    assert not is_curriculum("no-wan-install")


def test_a_title_sends_nothing_to_the_terminal(file: Path) -> None:
    course = load_curriculum(written(file, GOOD.replace('"A"', '"A\\u001b[2J\\nB"')))
    assert course.title == "A [2J B"
