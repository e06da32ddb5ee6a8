"""The class's list of seats: who has which, over a restart too."""

from pathlib import Path

import pytest

from hht.errors import InputError
from hht.serve.roll import ROLL_FILE, Roll


def test_each_browser_is_given_a_seat_of_its_own_until_the_class_is_full(tmp_path: Path) -> None:
    roll = Roll(tmp_path, 2)
    given = [roll.admit(), roll.admit()]
    for place, _ in filter(None, given):
        roll.note(place.number, is_present=True)
    cookies = [each[1] for each in given if each]
    assert [roll.place_of(cookie).number for cookie in cookies] == [1, 2]
    assert roll.admit() is None
    assert roll.place_of("") is None
    assert roll.place_of("guessed") is None


def test_a_seat_that_nobody_opened_is_given_away_again_when_all_are_taken(tmp_path: Path) -> None:
    roll = Roll(tmp_path, 1)
    preview, first = roll.admit(), roll.admit()
    assert preview
    assert first
    assert roll.place_of(preview[1]) is None
    roll.note(first[0].number, is_present=True)
    roll.note(first[0].number, is_present=False)
    assert roll.admit() is None


def test_a_restart_takes_no_seat_from_anybody(tmp_path: Path) -> None:
    admitted = Roll(tmp_path, 3).admit()
    assert admitted
    again = Roll(tmp_path, 3)
    another = again.admit()
    assert again.place_of(admitted[1]).number == 1
    assert another
    assert another[0].number == 2


def test_what_is_kept_opens_no_seat_and_is_the_trainers_alone(tmp_path: Path) -> None:
    roll = Roll(tmp_path, 1)
    admitted = roll.admit()
    path = tmp_path / ROLL_FILE
    assert admitted
    assert admitted[1] not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert roll.seat_folder(1).stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"seats": 5}', '{"seats": [{"nobody": 1}]}', '{"seats": [{"number": 7}]}'],
)
def test_a_damaged_list_is_one_clear_line(tmp_path: Path, content: str) -> None:
    (tmp_path / ROLL_FILE).write_text(content)
    with pytest.raises(InputError, match="list of seats") as caught:
        Roll(tmp_path, 1)
    assert str(tmp_path) in str(caught.value)
