"""The data folder is its owner's: no other user may put files or links into it."""

import os
import sys
from pathlib import Path

import pytest
from store_samples import open_store

from hht.store import Store, StoreForeign, StoreReadOnly
from hht.store.modes import Mode

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has access lists")


@pytest.mark.parametrize("rights", [0o777, 0o770, 0o1777, 0o702])
def test_a_folder_that_others_may_write_to_is_refused_and_left_alone(tmp_path, rights):
    tmp_path.chmod(rights)
    with pytest.raises(StoreForeign, match="Others may write"):
        open_store(tmp_path)
    assert not any(tmp_path.iterdir())


def test_a_folder_that_others_may_read_is_not(tmp_path):
    tmp_path.chmod(0o755)
    open_store(tmp_path).close()


def test_a_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.stat(tmp_path).st_uid + 1)
    with pytest.raises(StoreForeign, match="another user"):
        open_store(tmp_path)


@pytest.mark.parametrize("suffix", ["", ".lock", ".reserve", "-wal", "-shm", ".restored"])
def test_no_link_in_it_is_followed(tmp_path, suffix):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / f"{Mode.LIVE.file_name}{suffix}").symlink_to(victim)
    with pytest.raises(StoreForeign, match="link"):
        open_store(folder, Mode.LIVE)
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("suffix", [".lock", ".reserve", "-shm", ".restored", ".restoring"])
def test_no_second_name_of_another_file_is_written_to(tmp_path, suffix):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    os.link(victim, folder / f"{Mode.LIVE.file_name}{suffix}")
    with pytest.raises(StoreForeign, match="link"):
        open_store(folder, Mode.LIVE)
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("suffix", ["", "-wal"])
def test_a_database_with_a_second_name_is_read_and_not_written_to(tmp_path, suffix):
    with open_store(tmp_path, Mode.LIVE) as store:
        path = store.database.path
        os.link(path.with_name(path.name + suffix), tmp_path / "second")
    if suffix:
        os.link(tmp_path / "second", path.with_name(path.name + suffix))
    with pytest.raises(StoreReadOnly, match="second name"):
        open_store(tmp_path, Mode.LIVE)
    Store.open_copy(path, Mode.LIVE).close()
    (tmp_path / "second").unlink()
    open_store(tmp_path, Mode.LIVE).close()


@pytest.mark.parametrize(
    "suffix", ["", "-wal", "-journal", ".lock", ".reserve", ".restored", ".restoring"]
)
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_plain_file_is_refused_and_not_waited_for(tmp_path, suffix, make):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    make(folder / f"{Mode.LIVE.file_name}{suffix}")
    with pytest.raises(StoreForeign, match="no plain file"):
        open_store(folder, Mode.LIVE)


def test_a_folder_behind_a_link_of_ones_own_is_fine(tmp_path: Path):
    (tmp_path / "card").mkdir(mode=0o700)
    (tmp_path / "data").symlink_to(tmp_path / "card")
    open_store(tmp_path / "data").close()
