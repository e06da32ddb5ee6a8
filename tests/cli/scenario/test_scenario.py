"""`hht scenario` as a trainer uses it: an example, every mistake with its line, a try."""

import pytest

from hht.errors import InputError
from hht.simulator.hub.faults.kinds import FAULTS
from hht.simulator.hub.milestones import MOMENTS
from hht.training.scenario.load import check_scenario
from hht.training.scenario.writing import METERS, Answers, scenario_text

pytestmark = pytest.mark.whole_program

GOOD = scenario_text(Answers())


@pytest.fixture
def file(tmp_path):
    """Return the path of a scenario's file, with the text it is called with."""

    def write(text: str = GOOD) -> str:
        (tmp_path / "own.toml").write_text(text)
        return str(tmp_path / "own.toml")

    return write


def test_what_comes_with_hht_is_listed_as_train_lists_it(hht) -> None:
    assert hht("scenario", "list", "--json").rows == hht("train", "--list", "--json").rows


def test_the_example_is_right_and_ends_as_it_expects(hht, tmp_path) -> None:
    own = tmp_path / "own.toml"
    assert hht("scenario", "new", own, "--example").code == 0
    ran = hht("scenario", "check", own, "--try", "--json")
    assert (ran.code, ran.rows[-1]["outcome"]) == (0, "complete")


def test_a_scenario_of_a_visit_ends_as_the_visit_did(hht, after_play, tmp_path) -> None:
    after_play("join-refused")
    own = tmp_path / "own.toml"
    assert hht("scenario", "new", own, "--from", "0", "--mode", "training").code == 0
    ran = hht("scenario", "check", own, "--try", "--json")
    assert (ran.code, ran.rows[-1]["outcome"]) == (0, "failed")
    assert [each["met"] for each in ran.rows[-2]["checks"]] == [True]


def test_without_a_visit_there_is_no_scenario_of_one(hht, tmp_path) -> None:
    ran = hht("scenario", "new", tmp_path / "own.toml", "--from", "3")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert not (tmp_path / "own.toml").exists()


def test_a_file_that_is_there_is_not_written_over(hht, file) -> None:
    path = file("mine")
    ran = hht("scenario", "new", path, "--example")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    with open(path) as kept:
        assert kept.read() == "mine"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("after", MOMENTS)
def test_every_fault_at_every_moment_makes_a_right_file(file, fault, after) -> None:
    assert check_scenario(file(scenario_text(Answers(fault=fault, after=after)))) == []


@pytest.mark.parametrize("devices", [("ESME",), ("GSME",), ("PPMID", "ESME"), tuple(METERS)])
def test_any_devices_make_a_right_file(file, devices) -> None:
    assert check_scenario(file(scenario_text(Answers('"Quotes" \\ £', devices)))) == []


@pytest.mark.parametrize(
    "answers", [Answers(devices=("TOASTER",)), Answers(devices=()), Answers(fault="flood")]
)
def test_an_answer_that_no_scenario_can_have_is_one_line(answers) -> None:
    with pytest.raises(InputError):
        scenario_text(answers)


def test_every_mistake_is_reported_with_its_line_and_none_that_only_follows(hht, file) -> None:
    wrong = (
        GOOD.replace("par_minutes = 20", "par_minutes = -1")
        .replace("rssi = -60", "rssi = 60")
        .replace("speed = 1 ", "colour = 1\nspeed = 0 ")
    )
    ran = hht("scenario", "check", file(wrong), "--json")
    assert ran.code == 1
    lines = wrong.splitlines()
    found = {lines[int(row["where"].split("line ")[1]) - 1].split()[0] for row in ran.rows}
    assert found == {"par_minutes", "rssi", "colour", "speed"}
    assert len(ran.rows) == 4


def test_a_setting_that_cannot_be_left_out_ends_the_search(file) -> None:
    mistakes = check_scenario(file(GOOD.replace('expects = "complete"', 'expects = "perhaps"')))
    assert [mistake.what for mistake in mistakes] == [mistakes[0].what]
    assert "perhaps" in mistakes[0].what


@pytest.mark.parametrize("text", ["", "title =", "\xff\xfe", "[[hub]]"])
def test_what_is_no_scenario_at_all_is_one_line(hht, file, text) -> None:
    ran = hht("scenario", "check", file(text))
    assert (ran.code, len(ran.out.splitlines())) == (1, 1)
