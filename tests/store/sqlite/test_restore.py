"""Restore: one step, whenever it is killed; what was there is never lost and never mixed in."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest
from store_samples import CS14_ALERT, hear, open_store

from hht.store import Mode, Store
from hht.store.sqlite.backup import back_up
from hht.store.sqlite.pending import mark_of, part_of
from hht.store.sqlite.restore import restore

NEW = 20
# Every call that changes a name or makes one durable; the process dies at the number it is given.
DIES = """
import os, sys
from pathlib import Path
from hht.store import Mode
from hht.store.sqlite import restore as module
left = int(sys.argv[3])
def dying(owner, name):
    real = getattr(owner, name)
    def call(*given, **named):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
        return real(*given, **named)
    setattr(owner, name, call)
for name in ("replace", "unlink", "link", "fsync"):
    dying(os, name)
for name in ("replace", "unlink"):
    dying(Path, name)
module.restore(Path(sys.argv[1]), Path(sys.argv[2]), Mode.LIVE)
"""
FILLS = """
import os, sys
from pathlib import Path
from store_samples import CS14_ALERT, hear, open_store
from hht.store import Mode
store = open_store(Path(sys.argv[1]), Mode.LIVE)
for number in range(int(sys.argv[2])):
    hear(store, CS14_ALERT + bytes([number]))
os._exit(9)
"""
SUPPORT = Path(__file__).parents[2] / "support"


def python(code: str, *arguments: object) -> int:
    path = os.pathsep.join((str(SUPPORT), str(SUPPORT.parents[1])))
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, check=False).returncode


@pytest.fixture
def killed(tmp_path: Path) -> tuple[Path, Path]:
    """A database of a killed app, its last captures in the WAL alone, and an older backup."""
    with open_store(tmp_path / "data", Mode.LIVE) as store:
        hear(store, CS14_ALERT)
        backup = back_up(store.database, tmp_path / "backup.db")
    python(FILLS, tmp_path / "data", NEW)
    return tmp_path / "data" / "live.db", backup


def captures(path: Path) -> int:
    with Store.open(path, Mode.LIVE) as store:
        return len(store.captures.all())


@pytest.mark.whole_program
def test_a_restore_that_is_killed_anywhere_is_done_whole_or_not_at_all(killed, tmp_path):
    path, backup = killed
    found = []
    for number in range(1, 60):
        folder = tmp_path / f"killed-{number}"
        folder.mkdir(mode=0o700)
        for file in path.parent.iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
        code = python(DIES, backup, folder / "live.db", number)
        asides = list(folder.glob("*.before-restore-1"))
        found.append(captures(folder / "live.db"))
        assert found[-1] in (1 + NEW, 1), f"killed at {number}: neither before nor after"
        asides = list(folder.glob("live.db.before-restore-1"))
        if found[-1] == 1:
            assert captures(asides[0]) == 1 + NEW, f"killed at {number}: what was there is lost"
        assert not list(folder.glob("*.restor*ing*"))
        if code == 0:
            break
        assert code == -signal.SIGKILL
    print(f"{len(found)} moments: {found}")
    assert found.index(1) > 0
    assert set(found[found.index(1) :]) == {1}, "once it is decided on it is never undone"


def test_what_was_there_is_kept_with_its_wal(killed):
    path, backup = killed
    aside = restore(backup, path, Mode.LIVE)
    assert aside is not None
    assert (captures(path), captures(aside)) == (1, 1 + NEW)


def test_a_part_that_nobody_decided_on_is_taken_away(killed):
    path, _ = killed
    part = path.with_name("live.db.restored")
    part.write_bytes(b"half")
    assert captures(path) == 1 + NEW
    assert not part.exists()


@pytest.mark.parametrize("mark", [b"", b"..", b"live.db", b"../out", b"\xff\0"], ids=repr)
def test_a_mark_that_names_no_place_still_keeps_what_was_there(killed, mark):
    path, backup = killed
    part_of(path).write_bytes(backup.read_bytes())
    mark_of(path).write_bytes(mark)
    assert captures(path) == 1
    assert captures(path.with_name("live.db.before-restore-1")) == 1 + NEW


def test_a_copy_that_breaks_off_where_there_are_no_second_names_is_no_copy(killed, monkeypatch):
    path, backup = killed
    aside = path.with_name("live.db.before-restore-1")

    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "No second names here")

    def break_off(file: BinaryIO, copy: BinaryIO) -> None:
        copy.write(file.read(100))
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", refuse)
    with monkeypatch.context() as broken:
        broken.setattr(shutil, "copyfileobj", break_off)
        with pytest.raises(KeyboardInterrupt):
            restore(backup, path, Mode.LIVE)
    assert not aside.exists()
    assert captures(path) == 1
    assert captures(aside) == 1 + NEW
