"""`hht pin` where the machine has a TPM: it is used and said, and the code opens without it."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import warm_start
from patience import PATIENCE
from software_tpm import SoftwareTpm, software_tpm

from hht.store.secrets.tpm import VARIABLE

CODE = re.compile(r"^Recovery code: (\S+)$", re.MULTILINE)


@pytest.fixture
def chip() -> Iterator[SoftwareTpm]:
    with tempfile.TemporaryDirectory(prefix="tpm-") as name, software_tpm(Path(name)) as started:
        yield started


def hht(data: Path, *arguments: str, pin: str, tpm: str = "", code: int = 0) -> str:
    """Run a command in the data folder; what it prints."""
    file = data / "pin"
    file.write_text(pin)
    given = {"HHT_PIN_FILE": str(file), "HHT_NEW_PIN_FILE": str(file), VARIABLE: tpm}
    run = warm_start.run(
        "hht", *arguments, "--data-dir", data, env=os.environ | given, timeout=PATIENCE
    )
    assert run.returncode == code, run.stdout + run.stderr
    return run.stdout + run.stderr


def test_a_pin_is_set_with_the_tpm_and_the_code_that_is_shown_opens_without_it(chip, tmp_path):
    said = hht(tmp_path, "pin", "set", "--mode", "live", pin="271828", tpm=chip.address)
    assert "cannot try a single PIN without this machine's TPM" in said
    (code,) = CODE.findall(said)
    listed = ("jobs", "list", "--mode", "live")
    hht(tmp_path, *listed, pin="271828", tpm=chip.address)
    assert "A part of the key is in a TPM" in hht(tmp_path, *listed, pin="271828", code=1)
    hht(tmp_path, *listed, pin=code)


def test_a_tpm_that_cannot_be_used_or_is_not_wanted_keeps_no_pin_from_being_set(chip, tmp_path):
    said = hht(tmp_path, "pin", "set", "--no-tpm", "--mode", "live", pin="271828", tpm=chip.address)
    assert not CODE.findall(said)
    chip.tool("changeauth", "-c", "owner", "secret")
    said = hht(tmp_path, "pin", "rekey", "--mode", "live", pin="271828", tpm=chip.address)
    assert "owner hierarchy has a password: the PIN is set without it" in said
