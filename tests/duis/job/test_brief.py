"""What a job pack of format 2 says of site, hub, Devices and channels; as TOML and as JSON."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from duis_samples import CHF, ESME, GPF

from hht.duis.job_pack import JobPack, read_job_pack
from hht.errors import InputError
from hht.store import Mode, Store
from hht.zse.install_code import crc

CODE = bytes(range(16))
TEXT = f"""
format = "hht-job/2"
mode = "training"
reference = "JOB-0007"
title = "Install"
not_after = 2026-12-31
notes = "Ring first"

[site]
address = "1 High Street"
mpxn = ["2000000000015", "1000999888"]
uprn = 100023336956

[hub]
chf = "{CHF}"
gpf = "{GPF}"
wan_variant = " "
han_variant = "dual band"

[channel_plan]
channels = [15, 20]
note = "shared HAN"

[[devices]]
type = "ESME"
entity_id = "{ESME}"
label = "Meter"
install_code = "{(CODE + crc(CODE)).hex("-")}"
band = "sub-GHz"
joined = true

[visit.answers]
wan = false
"""


def toml_pack(folder: Path, text: str = TEXT) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "job.toml").write_text(text)
    return folder


def json_pack(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "job.json").write_text(json.dumps(tomllib.loads(TEXT), default=str, indent=1))
    return folder


@pytest.fixture(params=["toml", "json"])
def pack(request, tmp_path: Path) -> JobPack:
    make = toml_pack if request.param == "toml" else json_pack
    return read_job_pack(make(tmp_path / "pack"))


def test_everything_it_says_of_the_premises_is_read(pack: JobPack) -> None:
    brief = pack.brief
    assert pack.premises == "1 High Street"
    assert (brief.mpxns, brief.uprn) == (("2000000000015", "1000999888"), "100023336956")
    assert (brief.wan_variant, brief.han_variant) == (" ", "dual band")
    assert (brief.channels, brief.channel_note, brief.notes) == (
        (15, 20),
        "shared HAN",
        "Ring first",
    )
    assert brief.not_after == datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    (device,) = pack.devices
    assert (device.install_code, device.band, device.joined) == (CODE, "sub-GHz", True)
    assert CODE.hex() not in repr(pack)


def test_a_check_digit_that_fails_is_a_doubt_and_no_refusal(pack: JobPack) -> None:
    (note,) = pack.notes
    assert "the check digit of 1000999888 fails" in note
    assert ", line " in note


def test_it_is_the_same_out_of_the_database(pack: JobPack, tmp_path: Path) -> None:
    with Store.open(tmp_path / "training.db", Mode.TRAINING) as store:
        job = store.jobs.add(pack)
        assert job.brief == pack.brief
        assert job.devices[0].install_code == CODE
        assert job.visit is not None
        assert CODE.hex().encode() not in (tmp_path / "training.db").read_bytes()


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        (7, 'notes = "Ring first'),
        (11, 'mpxn = "12345"'),
        (12, 'uprn = "house 7"'),
        (15, 'chf = "00-DB"'),
        (18, 'han_variant = "triple band"'),
        (21, "channels = [9]"),
        (28, f'install_code = "{CODE.hex()}0000"'),
        (29, 'band = "5 GHz"'),
        (30, 'joined = "yes"'),
        (33, 'wan = "perhaps"'),
        (4, "reference = 7"),
        (6, "not_after = 2026-12-31T12:00:00"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path: Path, line: int, instead: str) -> None:
    rows = TEXT.split("\n")
    rows[line - 1] = instead
    with pytest.raises(InputError) as caught:
        read_job_pack(toml_pack(tmp_path / "pack", "\n".join(rows)))
    assert caught.value.where.endswith(f"job.toml, line {line}")
    assert CODE.hex() not in str(caught.value)


def test_a_name_that_nobody_knows_is_left_out_and_said(tmp_path: Path) -> None:
    pack = read_job_pack(toml_pack(tmp_path / "pack", TEXT.replace('note = "sh', 'nte = "sh')))
    assert any("'nte' is unknown" in note and "line 22" in note for note in pack.notes)


def test_json_and_toml_together_are_one_job_too_many(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_job_pack(json_pack(toml_pack(tmp_path / "pack")))


@pytest.mark.shared
def test_the_answer_to_sr_12_1_is_kept_as_it_came(tmp_path: Path, shared: Path) -> None:
    sample = shared / "duis/samples/wan-matrix_space.xml"
    text = TEXT.replace("notes =", 'coverage = "coverage.xml"\nnotes =')
    folder = toml_pack(tmp_path / "pack", text)
    (folder / "coverage.xml").write_bytes(sample.read_bytes())
    matrix = read_job_pack(folder).brief.wan_matrix
    assert matrix is not None
    assert matrix.regions
