"""A profile's name may be one of the tool's, a file in DATA/profiles, or a path."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from hht.errors import HhtError
from hht.hub_profile import load_profile, own_files, profile_names, stock_names, use_own_profiles
from hht.profiles.file import marked_values
from hht.training.scenario.load import load_scenario

OWN = 'extends = "stand-in"\nname = "mine"\nnote = "of mine"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    shelf = tmp_path / "profiles"
    shelf.mkdir()
    use_own_profiles(shelf)
    yield shelf
    use_own_profiles(None)


def test_a_file_in_the_folder_of_ones_own_serves_by_its_name(folder: Path) -> None:
    (folder / "mine.toml").write_text(OWN + "gbt_window = 3\n")
    assert profile_names() == (*stock_names(), "mine")
    assert load_profile("mine").gbt_window == 3
    assert load_profile("mine").residency_hours == load_profile().residency_hours
    (folder / "mine.toml").write_text(OWN + "gbt_window = 4\n")
    assert load_profile("mine").gbt_window == 4


def test_a_path_serves_where_a_name_does(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text(OWN + "hht_device_type = 9\n")
    assert load_profile(str(path)).hht_device_type == 9
    assert own_files() == ()


def test_a_name_of_the_tool_keeps_its_meaning(folder: Path) -> None:
    (folder / "stand-in.toml").write_text(OWN + "gbt_window = 9\n")
    assert load_profile("stand-in").gbt_window == 1
    assert profile_names() == stock_names()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('extends = "mine"\n', "extends itself"),
        ('extends = "nobody"\n', "there is no hub profile 'nobody'"),
        (OWN + "gbt_window = true\n", "gbt_window cannot be True"),
        (OWN + "colour = 1\n", "does not know: colour"),
        ("= =\n", "not TOML"),
        ('name = "alone"\n', "lacks"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(folder: Path, text: str, says: str) -> None:
    (folder / "mine.toml").write_text(text)
    with pytest.raises(HhtError, match=says):
        load_profile("mine")


def test_an_unknown_name_is_answered_with_those_there_are(folder: Path) -> None:
    (folder / "mine.toml").write_text(OWN)
    with pytest.raises(HhtError, match="mine, or the path"):
        load_profile("nobody")


def test_a_scenario_may_have_a_profile_of_ones_own(folder: Path, tmp_path: Path) -> None:
    (folder / "mine.toml").write_text(OWN)
    main = (files("assets") / "scenarios" / "no-wan-install.toml").read_text("utf-8")
    path = tmp_path / "job.toml"
    path.write_text(main.replace('profile = "stand-in"', 'profile = "mine"'))
    assert load_scenario(str(path)).site.profile == "mine"


@pytest.mark.parametrize("name", stock_names())
def test_every_value_of_the_tools_profiles_says_where_it_comes_from(name: str) -> None:
    unmarked = [each.name for each in marked_values(name) if not each.mark.startswith("[")]
    assert unmarked == ["name", "note"]


def test_a_mark_that_goes_on_is_read_whole() -> None:
    marks = {each.name: each.mark for each in marked_values("stand-in")}
    assert marks["admission_fragment_bytes"].endswith("it reads 11 and 12")
