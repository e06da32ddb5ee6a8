"""The survey of a visit: spot by spot, kept in a file, and another file beside it."""

from pathlib import Path

import pytest
from survey_samples import survey_of

from hht.clock import ManualClock
from hht.errors import HhtError, InputError
from hht.journeys.move.surveying import Surveying
from hht.survey.picture import picture_of
from hht.survey.survey_file import Survey, read_survey, write_survey

HALL = survey_of({11: [-60, -62], 20: [-90, -91]}, ours=11)
KITCHEN = survey_of({11: [-80], 20: [-85]}, ours=11, spot="kitchen")


def holding(survey: Survey) -> Surveying:
    surveying = Surveying((), ManualClock())
    surveying.survey = survey
    return surveying


def read(path: Path) -> Survey:
    return read_survey(path.read_bytes(), str(path))


def test_what_is_kept_in_a_file_is_what_was_heard(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "survey.json"
    holding(HALL).save(path)
    assert read(path) == HALL


def test_a_file_that_is_there_keeps_its_spots_and_no_pass_counts_twice(tmp_path: Path) -> None:
    path = tmp_path / "survey.json"
    holding(HALL).save(path)
    holding(KITCHEN).save(path)
    holding(KITCHEN).save(path)
    assert [(spot.name, len(spot.passes)) for spot in read(path).spots] == [
        ("hall", 2),
        ("kitchen", 1),
    ]


def test_a_name_that_a_file_has_twice_loses_neither_of_its_spots(tmp_path: Path) -> None:
    path, later = tmp_path / "survey.json", survey_of({11: [-50]}).spots
    path.write_bytes(write_survey(Survey(3, (*HALL.spots, *later), ())))
    holding(KITCHEN).save(path)
    assert [(spot.name, len(spot.passes)) for spot in read(path).spots] == [
        ("hall", 3),
        ("kitchen", 1),
    ]


def test_a_file_that_is_no_survey_is_neither_read_nor_written_over(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    surveying = holding(HALL)
    for step in (surveying.save, surveying.load):
        with pytest.raises(InputError):
            step(path)
    assert (path.read_text(), surveying.survey) == ("mine", HALL)


def test_a_survey_of_another_duration_is_not_mixed_with_this_one(tmp_path: Path) -> None:
    path = tmp_path / "survey.json"
    path.write_bytes(write_survey(Survey(5, KITCHEN.spots, ())))
    surveying = holding(HALL)
    with pytest.raises(InputError, match="duration 5"):
        surveying.load(path)
    assert surveying.survey == HALL


def test_a_file_opened_beside_what_was_heard_is_compared_spot_by_spot(tmp_path: Path) -> None:
    path = tmp_path / "survey.json"
    path.write_bytes(write_survey(KITCHEN))
    surveying = holding(HALL)
    surveying.load(path)
    assert surveying.picture is not None
    assert surveying.picture.spots == (
        "hall                     2 x  11: -62.0  20: -90.5",
        "kitchen                  1 x  11: -80.0  20: -85.0",
    )


def test_one_spot_is_compared_with_nothing_and_no_row_is_wider_than_the_terminal() -> None:
    assert picture_of(HALL).spots == ()
    wide = survey_of({11: [-100.5], 20: [-100.5]}, ours=11, spot="cupboard under the stairs, left")
    rows = picture_of(Survey(3, (*HALL.spots, *wide.spots), HALL.networks)).spots
    assert max(map(len, rows)) <= 53


@pytest.mark.parametrize("width", [53, 26])
def test_no_row_of_a_network_is_wider_than_its_place(width: int) -> None:
    rows = picture_of(survey_of({11: [-80]}, ours=11, spot="cupboard under the stairs"))
    (row,) = rows.network_rows(width)
    assert len(row) <= width
    assert row.startswith("11 …")
    assert ("▲ cupboard under the stairs" in row) is (width == 53)


def test_nothing_is_kept_before_a_pass_is_complete(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No pass"):
        Surveying((), ManualClock()).save(tmp_path / "survey.json")
    assert not list(tmp_path.iterdir())


def test_a_spot_has_a_name_that_a_file_can_hold() -> None:
    surveying = Surveying((), ManualClock())
    surveying.stand_at("kitchen")
    with pytest.raises(InputError):
        surveying.stand_at("x" * 61)
    assert surveying.spot == "kitchen"


def test_a_place_that_cannot_be_written_is_one_line_and_the_survey_stays(tmp_path: Path) -> None:
    surveying = holding(HALL)
    (tmp_path / "file").touch()
    with pytest.raises(HhtError):
        surveying.save(tmp_path / "file" / "survey.json")
    assert surveying.survey == HALL
