"""A scenario file is checked as a trainer needs it: the line of the mistake, and what it is."""

from pathlib import Path

import pytest

from hht.errors import HhtError
from hht.simulator.site.spec import Step
from hht.training.exercise.run import TrainingRun
from hht.training.scenario.load import (
    check_scenario,
    list_scenarios,
    load_scenario,
    scenario_names,
)

GOOD = """
title = "T"
expects = "complete"
briefing = \"\"\"
key = not a key
\"\"\"

[job]
reference = "JOB-1"
title = "J"
premises = "P"
commands = ["add ESME", "read log"]

[hub]
gpf = "00-DB-00-00-00-00-10-A3"
chf = "00-DB-00-00-00-00-10-A2"
channel = 15
pan_id = 0x1A2B

[[devices]]
type = "ESME"
label = "ESME"
entity_id = "00-DB-00-00-00-00-10-A0"
"""


def load(tmp_path: Path, text: str) -> str:
    """The one line of the mistake in `text`, without the folder."""
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(HhtError) as caught:
        load_scenario(str(path))
    return str(caught.value)


def test_a_file_that_is_not_there_is_not_taken_for_a_name(tmp_path: Path) -> None:
    with pytest.raises(HhtError, match="There is no such file"):
        load_scenario(str(tmp_path / "mine.toml"))


def test_a_file_of_ones_own_loads(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    scenario = load_scenario(str(path))
    assert (scenario.name, scenario.expects) == ("mine", "complete")
    assert scenario.site.profile == "stand-in"
    assert scenario.site.job.steps == (Step("add", ("ESME",)), Step("read log", ()))
    assert scenario.site.hub.place.channel == 15
    assert load_scenario(scenario.site.source) == scenario


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        ('expects = "complete"', 'expects = "fine"', 3, "not one of complete, incomplete, failed"),
        ("channel = 15", "channel = 27", 17, "from 11 to 26"),
        ("channel = 15", 'channel = "15"', 17, "not a whole number"),
        ("channel = 15", "", 14, "channel is missing"),
        ("pan_id = 0x1A2B", "pan_id = 0x1A2B\npanid = 3", 19, "'panid' is not a setting"),
        ('"read log"', '"read ESME"', 12, "is not one of the Commands"),
        ('"add ESME"', '"add GSME"', 12, "names 'GSME', which is no Device here"),
        ("00-DB-00-00-00-00-10-A0", "00-DB-10-A0", 23, "is not an Entity Identifier"),
        ("00-DB-00-00-00-00-10-A0", "00-DB-00-00-00-00-10-A3", 23, "is used twice"),
        ('title = "T"', "title = T", 2, "not TOML"),
    ],
)
def test_a_mistake_is_shown_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, part: str
) -> None:
    message = load(tmp_path, GOOD.replace(old, new, 1))
    assert f"line {line}" in message
    assert part in message
    assert "mine.toml" in message


def test_a_file_that_is_named_from_its_folder_is_found_from_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.toml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    begun = TrainingRun.begin(tmp_path / "data", "mine.toml", 1)
    monkeypatch.chdir("/")
    assert TrainingRun.at(tmp_path / "data", begun.run_dir).scenario.title == "T"
    again = TrainingRun.begin(tmp_path / "data", str(tmp_path / "mine.toml"))
    assert again.run_dir == begun.run_dir


def test_a_fault_with_a_mistake_hides_neither_the_next_nor_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    wrong = ('what = "flood"', 'what = "noise"', 'what = "device-off"\ndevice = "GSME"')
    faults = "".join(f'[[faults]]\n{each}\nafter = "joined"\n' for each in wrong)
    path.write_text(GOOD.replace('briefing = """\nkey = not a key\n"""', "") + faults)
    said = [str(each) for each in check_scenario(str(path))]
    lines = path.read_text().splitlines()
    assert [
        part
        for part, each in zip(("flood", "level", "GSME", "briefing"), said, strict=True)
        if part not in each
    ] == []
    number = int(said[2].split("line ")[1].split(":")[0])
    assert lines[number - 1] == 'device = "GSME"'


def test_an_unknown_name_lists_the_names_there_are() -> None:
    with pytest.raises(HhtError, match="no-wan-install"):
        load_scenario("nowhere")


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_that_comes_with_the_program_is_right(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.briefing


def test_the_main_scenario_has_the_job_among_three_neighbours() -> None:
    scenario = {s.name: s for s in list_scenarios()}["no-wan-install"]
    assert len(scenario.site.neighbours) == 3
    assert {device.type for device in scenario.site.devices} == {"ESME", "GSME", "PPMID"}
