"""Whatever a trainer writes into a scenario file either plays or is refused with its line."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.errors import InputError
from hht.simulator.site.spec import DongleSpec, Step
from hht.training.scenario.load import load_scenario, scenario_names

TEXTS = {
    name: (files("assets") / "scenarios" / f"{name}.toml").read_text("utf-8")
    for name in scenario_names()
}
NOISY = TEXTS["radio-noise"]
JUNK = (
    *("", "-1", "99999", "1.5", "nan", "inf", "true", '""', '"x"', "[]", "[[]]", "{}", "[1, 2]"),
    "1979-05-27",
    '"00-DB"',
    "'''",
    '"""',
    "\\",
    "= =",
    "[hub]",
    "[[devices]]",
    "\ud7ff",
    "\x00",
)


def written(tmp_path: Path, text: str | bytes) -> str:
    path = tmp_path / "mine.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def mistake(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        load_scenario(written(tmp_path, text))
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("level = -78", "level = 3", "from -110 to 0"),
        ("level = 0.4", "level = 4", "from 0 to 1"),
        ("level = -78", 'device = "ESME"', "level is missing"),
        ("number = 8", "number = 0", "at least 1"),
        ('what = "noise"', 'what = "magic"', "not one of power-cut"),
        ("loss = 0.12", "loss = 2", "from 0 to 1"),
        ("late = 0.02", "late = 20", "from 0 to 1"),
        ("{ 22 = -93 }", "{ 27 = -93 }", "'27' is not a setting"),
        ("auto_speed = 10", "auto_speed = 0", "from 1 to 3600"),
        ("auto_speed = 10", 'profile = "gold"', "Use one of no-limit, stand-in"),
        ("par_minutes = 25", "par_minutes = -1", "at least 0"),
        ("par_minutes = 25", "par_minutes = nan", "it must be from 0 to 1000000000"),
        ("par_minutes = 25", f"par_minutes = {10**400}", "it must be from 0 to 1000000000"),
        ('label = "GSME"', 'label = "ESME"', "The label 'ESME' is taken"),
        ('label = "GSME"', 'label = "CHF"', "The label 'CHF' is taken"),
        ("channel = 22", "channel_table = [12, 12]\nchannel = 22", "has a channel twice"),
        ("channel = 22", "channel_table = [26]\nchannel = 22", "has not the channel 22"),
    ],
)
def test_a_mistake_is_shown_with_its_line(tmp_path: Path, old: str, new: str, part: str) -> None:
    text = NOISY.replace(old, new, 1)
    said = mistake(tmp_path, text)
    assert part in said
    missing = "is missing" in part
    assert missing or f"line {line_of(NOISY, old)}" in said
    assert "mine.toml" in said


@pytest.mark.parametrize(
    ("added", "part"),
    [
        ('[expected]\nalerts = ["8FZZ"]', "four digits"),
        ("[expected]\nunknown = -1", "at least 0"),
        ("[score]\nwrong_pick = 101", "from 0 to 100"),
        ("[score]\nstyle = 1", "'style' is not a setting"),
        ('[[faults]]\nwhat = "wan-returns"\nafter = "joined"\ncommands = ["back up log"]', "job"),
        ('[[faults]]\nwhat = "wan-returns"\nafter = "joined"\ncommands = ["add X"]', "no Device"),
        ('[[faults]]\nwhat = "power-cut"\nafter = "joined"\nlevel = 1', "'level' is not"),
    ],
)
def test_what_is_added_is_checked_too(tmp_path: Path, added: str, part: str) -> None:
    said = mistake(tmp_path, f"{NOISY}\n{added}\n")
    assert part in said
    line = int(re.findall(r"line (\d+)", said)[-1])
    assert line > NOISY.count("\n")


def test_the_dongle_speaks_the_version_and_has_the_faults_that_the_file_gives_it(
    tmp_path: Path,
) -> None:
    text = NOISY + '\n[dongle]\nezsp = 18\nfaults = ["scan-busy-once", "fixed-tables"]\n'
    dongle = load_scenario(written(tmp_path, text)).site.dongle
    assert dongle == DongleSpec(18, ("scan-busy-once", "fixed-tables"))
    assert load_scenario("radio-noise").site.dongle == DongleSpec()


def test_a_draft_device_is_played_only_where_the_exercise_says_that_it_is_a_draft(
    tmp_path: Path,
) -> None:
    draft = TEXTS["firmware-ihd-draft"]
    assert load_scenario(written(tmp_path, draft)).is_draft
    with pytest.raises(InputError, match="says is_draft = true"):
        load_scenario(written(tmp_path, draft.replace("is_draft = true\n", "")))


def test_bytes_that_are_no_text_and_an_unfinished_file_have_a_line_too(tmp_path: Path) -> None:
    assert "line 2" in mistake(tmp_path, b'title = "T"\nbriefing = "\xff"\n')
    assert "line 3" in mistake(tmp_path, 'title = "T"\n\nbriefing = """\n')


def test_lines_are_counted_in_a_file_from_windows_too(tmp_path: Path) -> None:
    text = NOISY.replace("channel = 22", "channel = 99").replace("\n", "\r\n")
    assert f"line {line_of(NOISY, 'channel = 22')}" in mistake(tmp_path, text)


def test_a_fault_says_which_commands_the_dcc_delivers() -> None:
    (fault,) = load_scenario("replayed-command").site.faults
    assert fault.commands == (Step("join", ("ESME", "PPMID")),)
    assert (fault.after, fault.duration) == ("power-on", 60)


def test_points_are_as_the_file_says_and_else_as_ever(tmp_path: Path) -> None:
    text = f"{NOISY}\n[score]\nwrong_pick = 50\nneeded_power_cycles = 2\n"
    score = load_scenario(written(tmp_path, text)).score
    assert (score.wrong_pick, score.undelivered, score.needed_power_cycles) == (50, 5, 2)


@pytest.mark.parametrize("name", TEXTS)
def test_every_scenario_tells_the_trainee_what_is_asked_and_has_hints(name: str) -> None:
    scenario = load_scenario(name)
    assert 80 < len(scenario.briefing) < 500
    assert scenario.hints
    assert scenario.par_minutes


@given(
    name=st.sampled_from(sorted(TEXTS)),
    at=st.integers(0, 200),
    junk=st.sampled_from(JUNK),
    how=st.sampled_from(("value", "line", "drop", "double", "cut")),
)
def test_any_slip_of_the_pen_plays_or_is_one_line_with_its_place(
    tmp_path_factory: pytest.TempPathFactory, name: str, at: int, junk: str, how: str
) -> None:
    lines = TEXTS[name].splitlines()
    at %= len(lines)
    line = lines[at]
    lines[at : at + 1] = {
        "value": [f"{line.partition('=')[0]}= {junk}"],
        "line": [junk],
        "drop": [],
        "double": [line, line],
        "cut": [line[: len(line) // 2]],
    }[how]
    path = written(tmp_path_factory.getbasetemp(), "\n".join(lines))
    refused = None
    try:
        load_scenario(path)
    except InputError as error:
        refused = error
    if refused:
        where = re.fullmatch(r"mine\.toml, line (\d+)", refused.where)
        assert where
        assert 1 <= int(where[1]) <= len(lines) + 1
        assert "\n" not in refused.what


@given(raw=st.binary(max_size=200))
def test_any_bytes_are_no_scenario(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    with pytest.raises(InputError, match="line"):
        load_scenario(written(tmp_path_factory.getbasetemp(), raw))


def test_the_scenarios_are_plain_toml() -> None:
    assert all(tomllib.loads(text) for text in TEXTS.values())
