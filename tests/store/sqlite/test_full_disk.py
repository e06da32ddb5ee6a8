"""A full disk: deliveries stop first, the reserve goes to captures, and nothing kept is lost."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import warm_start

from hht.store.errors import StoreError, StoreFull, translate

pytestmark = pytest.mark.whole_program

SUPPORT = Path(__file__).parents[2] / "support"


def on_a_small_disk(folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command with a file system of 40 MiB at the folder, which no other process sees.

    Its programs get a nursery of their own: one that is outside would not see the folder either.
    """
    inside = {name: value for name, value in os.environ.items() if name != warm_start.ADDRESS}
    mount = f'mount -t tmpfs -o size=40m none "{folder}" && exec "$@"'
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", mount, "sh", *command],
        capture_output=True,
        text=True,
        env=inside | {"PYTHONPATH": os.pathsep.join((str(SUPPORT), str(SUPPORT.parents[1])))},
        timeout=240,
        check=False,
    )


def test_a_full_disk_stops_deliveries_then_captures_and_loses_nothing(tmp_path):
    if not shutil.which("unshare") or on_a_small_disk(tmp_path, ["true"]).returncode != 0:
        pytest.skip("this machine lets us make no small file system")
    run = on_a_small_disk(tmp_path, [sys.executable, str(SUPPORT / "full_disk.py"), str(tmp_path)])
    assert run.returncode == 0, run.stdout + run.stderr
    assert "delivery stopped" in run.stdout
    assert "captures are still kept" in run.stdout
    assert "captures stopped" in run.stdout
    kept = re.search(r"kept (\d+) of (\d+)", run.stdout)
    assert kept is not None
    assert kept[1] == kept[2]
    assert int(kept[1]) > 500, "the reserve should hold a day of captures"
    assert "wrong ['room']" in run.stdout


@pytest.mark.parametrize("pin", ["PIN", "no PIN"])
def test_a_full_or_read_only_card_can_be_listed_shown_exported_and_backed_up(
    tmp_path, monkeypatch, pin
):
    if not shutil.which("unshare") or on_a_small_disk(tmp_path, ["true"]).returncode != 0:
        pytest.skip("this machine lets us make no small file system")
    card, out, secret = tmp_path / "card", tmp_path / "out", tmp_path / "pin"
    card.mkdir()
    out.mkdir()
    secret.write_text("271828")
    monkeypatch.setenv("HHT_PIN_FILE", str(secret))
    script = str(SUPPORT / "card_trouble.py")
    run = on_a_small_disk(card, [sys.executable, script, str(card), str(out), pin])
    print(run.stdout + run.stderr)
    assert run.returncode == 0
    assert "free 0" in run.stdout
    assert "FAILS" not in run.stdout
    assert "kept 6 of 6" in run.stdout
    assert "unbroken" in run.stdout


def test_the_right_pin_counts_against_nobody_however_little_room_is_left(tmp_path):
    if not shutil.which("unshare") or on_a_small_disk(tmp_path, ["true"]).returncode != 0:
        pytest.skip("this machine lets us make no small file system")
    card, elsewhere = tmp_path / "card", tmp_path / "elsewhere"
    card.mkdir()
    script = str(SUPPORT / "pin_on_full_card.py")
    run = on_a_small_disk(card, [sys.executable, script, str(card), str(elsewhere)])
    assert run.returncode == 0, run.stdout + run.stderr
    said = run.stdout.splitlines()
    assert said
    assert all(line.endswith("counted 0") for line in said), run.stdout
    assert "opened" in said[-1]
    assert "opened" not in said[0], "the least room was room enough: nothing was tried"


@pytest.mark.parametrize(("free", "kind"), [(0, StoreFull), (4096, StoreError)])
def test_a_failed_write_on_a_full_disk_is_called_what_it_is(tmp_path, monkeypatch, free, kind):
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    assert type(translate(error, tmp_path / "live.db")) is kind
