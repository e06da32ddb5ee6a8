"""`hht jobs rehearse`: a job's own Local Commands against Devices made from its pack."""

import base64
import json
import re
import shutil
from pathlib import Path

import pytest

from hht.simulator.unchecked import PROGRAM

pytestmark = pytest.mark.whole_program
ROOT = Path(__file__).parents[2]

OF_ONE_DEVICE = {"CHF": (1, 2, 7), "ESME": (1, 3), "GSME": (2, 4, 6), "GPF": (2, 5)}
"""The numbers of special-install-mesh's Local Commands by Device, from what lets it in onwards."""


@pytest.fixture
def packed(after_play, data_dir, tmp_path) -> Path:
    """The pack of an exercise, in a folder of its own."""
    after_play("special-install-mesh")
    folder = tmp_path / "pack"
    shutil.copytree(data_dir / "training/runs/special-install-mesh-1/job", folder)
    return folder


def spoil_macs(folder: Path) -> None:
    """Give every Command another MAC, as those have that another key made."""
    for path in folder.glob("*.xml"):
        text = path.read_text()
        found = re.search("GBCSPayload>([^<]+)<", text)
        assert found
        raw = base64.b64decode(found[1])
        other = raw[:-12] + bytes(octet ^ 0x5A for octet in raw[-12:])
        path.write_text(text.replace(found[1], base64.b64encode(other).decode()))


def test_commands_whose_macs_nobody_here_can_check_are_played_in_order(
    hht, data_dir, packed
) -> None:
    spoil_macs(packed)
    before = {path: path.stat().st_mtime_ns for path in data_dir.rglob("*") if path.is_file()}
    ran = hht("jobs", "rehearse", packed, "--json")
    *rows, summary = ran.rows
    assert (ran.code, summary["outcome"], summary["open"]) == (0, "complete", 0)
    sent = [row["number"] for row in rows]
    assert sorted(sent) == list(range(1, len(rows) + 1))
    # While one Device joins the next that can go does: the order holds for each Device.
    for device, numbers in OF_ONE_DEVICE.items():
        assert tuple(each for each in sent if each in numbers) == numbers, device
    assert {row["state"] for row in rows} == {"answered"}
    assert "not checked" in summary["note"]
    after = {path: path.stat().st_mtime_ns for path in data_dir.rglob("*") if path.is_file()}
    assert {path: at for path, at in after.items() if path.suffix == ".db"} == {
        path: at for path, at in before.items() if path.suffix == ".db"
    }


def test_an_imported_job_is_played_as_if_nothing_had_been_delivered(hht, packed) -> None:
    ran = hht("jobs", "rehearse", "1", "--json")
    assert (ran.code, ran.rows[-1]["answered"]) == (0, len(ran.rows) - 1)


def test_a_device_with_another_install_code_than_its_ccs01_stays_outside(hht, packed) -> None:
    job = json.loads((packed / "job.json").read_text())
    next(each for each in job["devices"] if each["type"] == "ESME")["install_code"] = "11" * 16
    (packed / "job.json").write_text(json.dumps(job))
    ran = hht("jobs", "rehearse", packed, "--json")
    assert ran.code == 1
    still_open = [row["title"] for row in ran.rows[:-1] if row["state"] != "answered"]
    assert still_open == ["Set the clock of the ESME"]


def test_loose_commands_say_no_hub_to_rehearse_with(hht, packed) -> None:
    (packed / "job.json").unlink()
    ran = hht("jobs", "rehearse", packed)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)


def test_only_a_rehearsal_starts_devices_that_check_nothing() -> None:
    naming = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "hht").rglob("*.py")
        if PROGRAM in path.read_text() or "checks_protection = False" in path.read_text()
    ]
    assert sorted(naming) == [
        "hht/simulator/devices/core/device.py",
        "hht/simulator/unchecked.py",
        "hht/training/rehearsal.py",
    ]
