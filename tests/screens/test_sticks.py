"""USB sticks as choices: what cannot be read on one, or one that was pulled out, is no choice."""

import errno
import getpass
import os
from pathlib import Path
from typing import Any

import pytest

from screens.forms.path import PathScreen
from screens.queue.recent import recent_folders, remember_folder
from screens.set_up.set_up import packs_on
from screens.set_up.sticks import folders_in, is_pulled_out


def test_a_pack_that_is_not_there_any_more_comes_last(tmp_path) -> None:
    (tmp_path / "gone.zip").symlink_to(tmp_path / "nowhere")
    (tmp_path / "there.zip").touch()
    assert [path.name for path in packs_on([tmp_path])] == ["there.zip", "gone.zip"]


def test_packs_are_found_by_either_description_and_in_any_letters(tmp_path) -> None:
    for name in ("a/job.json", "b/job.toml", "c/commands/job.json", "C.ZIP", "d.Xml", "._C.zip"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert sorted(path.name for path in packs_on([tmp_path])) == ["C.ZIP", "a", "b", "d.Xml"]


def test_a_stick_that_is_a_pack_itself_does_not_offer_its_commands_one_by_one(tmp_path) -> None:
    for name in ("job.json", "01.xml", "other.zip"):
        (tmp_path / name).touch()
    assert set(packs_on([tmp_path])) == {tmp_path, tmp_path / "other.zip"}


def test_a_stick_that_was_pulled_out_offers_nothing(tmp_path, monkeypatch) -> None:
    stick = tmp_path / "stick"
    (stick / "export").mkdir(parents=True)
    (stick / "job.zip").touch()
    remember_folder(tmp_path, stick / "export")
    for owner, name in ((os, "stat"), (Path, "glob")):
        monkeypatch.setattr(owner, name, _failing_at(stick, getattr(owner, name)))
    assert (packs_on([stick]), folders_in(stick), recent_folders(tmp_path)) == ([], [], [])


def test_no_folder_where_a_stick_was_is_offered(tmp_path, monkeypatch) -> None:
    stick = tmp_path / "media" / getpass.getuser() / "STICK"
    stick.mkdir(parents=True)
    places = (str(tmp_path / "media"),)
    assert is_pulled_out(stick / "returns", places)
    assert not is_pulled_out(tmp_path / "returns", places)
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == stick)
    assert not is_pulled_out(stick / "returns", places)


def _failing_at(stick: Path, call: Any) -> Any:
    """Answer for a stick as the kernel does for one that is gone: with an input/output error."""

    def answered(path: Any, *args: Any, **named: Any) -> Any:
        if str(path).startswith(str(stick)):
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return call(path, *args, **named)

    return answered


@pytest.mark.parametrize("typed", ["~nobody-of-that-name/job", "~nobody-of-that-name"])
def test_a_home_folder_of_nobody_is_a_path_like_any_other(typed: str) -> None:
    assert PathScreen("Which?").value_of(typed) == Path.cwd() / typed
