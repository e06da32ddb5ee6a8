"""A profile's name may be one of the tool's, a file in DATA/profiles, or a path."""

from collections.abc import Iterator
from dataclasses import fields, replace
from importlib.resources import files
from pathlib import Path

import pytest

from hht.errors import HhtError, InputError
from hht.hub_profile import (
    HubProfile,
    fits,
    load_profile,
    own_files,
    profile_names,
    stock_names,
    use_own_profiles,
)
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
        ('extends = "nobody"\n', "There is no hub profile 'nobody'"),
        (OWN + "gbt_window = true\n", "gbt_window cannot be True"),
        (OWN + "colour = 1\n", "does not know: 'colour'"),
        ("= =\n", "not TOML"),
        ('name = "alone"\n', "lacks"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(folder: Path, text: str, says: str) -> None:
    (folder / "mine.toml").write_text(text)
    with pytest.raises(HhtError, match=says):
        load_profile("mine")


WRONG = [
    ("admission_cluster", "99999999", "0 to 65535"),
    ("admission_cluster", "-1", "0 to 65535"),
    ("admission_manufacturer", '"none of them"', '0 to 65535 or "none"'),
    ("admission_command", "256", "0 to 255"),
    ("admission_prefix", '"zz"', "hexadecimal"),
    ("admission_prefix", '"FFF"', "hexadecimal"),
    ("admission_prefix", '"FF FF"', "hexadecimal"),
    ("admission_prefix", f'"{"00" * 17}"', "0 to 16 bytes"),
    ("admission_fragment_bytes", "0", "1 to 91"),
    ("admission_fragment_bytes", "92", "1 to 91"),
    ("hht_endpoint", "0", "1 to 240"),
    ("hht_endpoint", "999", "1 to 240"),
    ("channel_mask", "0", "channels from 11 to 26"),
    ("channel_mask", "0x08000000", "channels from 11 to 26"),
    ("channel_mask_object", '"0-0:94.44.256.0"', "OBIS"),
    ("gbt_window", "64", "1 to 63"),
    ("gbt_window", "1.0", "1 to 63"),
    ("gbt_window", "[1]", "1 to 63"),
    ("gbt_used", "1", "true or false"),
    ("late_seconds", "true", "0 to 3600"),
    ("late_seconds", "2024-01-01", "0 to 3600"),
    ("tunnel_max_transfer", "0", "64 to 65535"),
    ("window_minutes", "0", "1 to 1440"),
    ("response_seconds", '"none"', "1 to 86400"),
    ("note", "5", "text"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), WRONG)
def test_an_impossible_value_is_refused_with_its_file_and_what_is_allowed(
    folder: Path, name: str, value: str, allowed: str
) -> None:
    path = folder / "mine.toml"
    path.write_text(f'extends = "stand-in"\n{name} = {value}\n')
    with pytest.raises(InputError, match=rf"{name} cannot be .*{allowed}") as refused:
        load_profile("mine")
    assert refused.value.where == str(path)
    assert "\n" not in str(refused.value)


def test_every_field_that_is_a_number_has_a_least_and_a_most(folder: Path) -> None:
    for field in fields(HubProfile):
        assert not fits(field.name, -(2**70))
        assert not fits(field.name, 2**70)


@pytest.mark.parametrize("base", ["5", '["a"]', "true", '"\\u0000.toml"', f'"{"x" * 5000}.toml"'])
def test_a_base_that_no_file_can_be_is_refused_in_one_line(folder: Path, base: str) -> None:
    (folder / "mine.toml").write_text(f"extends = {base}\n")
    with pytest.raises(InputError, match=r"extends cannot be|There is no hub profile") as refused:
        load_profile("mine")
    assert "\n" not in str(refused.value)


def test_a_path_in_a_profile_begins_at_its_own_folder(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(OWN + "gbt_window = 7\n")
    (folder / "mine.toml").write_text('extends = "../base.toml"\n')
    assert load_profile("mine").gbt_window == 7


def test_profiles_that_extend_each_other_by_paths_are_refused(folder: Path) -> None:
    (folder / "mine.toml").write_text('extends = "../profiles/other.toml"\n')
    (folder / "other.toml").write_text('extends = "../profiles/mine.toml"\n')
    with pytest.raises(InputError, match="extends itself"):
        load_profile("mine")


def test_the_nesting_and_the_encoding_of_a_file_stop_no_one(folder: Path) -> None:
    (folder / "deep.toml").write_text("a = " + "[" * 5000)
    with pytest.raises(InputError, match="not TOML"):
        load_profile("deep")
    (folder / "marked.toml").write_text("\ufeff" + OWN + "gbt_window = 5\n", "utf-8")
    assert load_profile("marked").gbt_window == 5
    (folder / "folder.toml").mkdir()
    with pytest.raises(InputError, match="a folder, not a hub profile"):
        load_profile("folder")
    (folder / "gone.toml").symlink_to(folder / "nowhere")
    with pytest.raises(InputError, match="leads to no file"):
        load_profile("gone")


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


def test_a_hub_behaves_as_another_profile_and_what_both_sides_share_stays(folder: Path) -> None:
    behaviour = "updates_han_devices = false\nimage_buffer_bytes = 100\ncopies_to_hht = false\n"
    (folder / "old.toml").write_text(OWN + behaviour + "hht_limit = 2\ndevice_log_limit = 3\n")
    shared = "window_minutes = 5\ntunnel_protocol = 9\n"
    (folder / "other.toml").write_text(OWN + shared)
    old, stand_in = load_profile("old"), load_profile()
    assert replace(stand_in.behaving_as(old), name=old.name, note=old.note) == old
    assert stand_in.behaving_as(load_profile("other")) == stand_in
