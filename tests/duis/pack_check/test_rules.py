"""Every code of a job's check, each shown by a pack that has just this fault."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from duis_samples import response_xml
from facility_samples import (
    CHF,
    ESME,
    ESME_TYPE,
    GPF,
    PPMID,
    SUPPLIER,
    Wanted,
    add,
    install_code,
    join,
    write_commands,
)

from hht.duis.envelope import NAMESPACE
from hht.duis.job_pack import read_job_pack
from hht.duis.pack_check.reading import read_job
from hht.duis.pack_check.rules import check_job
from hht.entity_id import EntityId
from hht.errors import InputError
from hht.gbcs.dlms import NULL
from hht.simulator.head_end.compose.payloads import CCS02, CS04, dlms_command, remove_device
from hht.simulator.head_end.compose.payloads import unjoin as unjoined

NOW = datetime(2026, 11, 26, tzinfo=UTC)
GSME, UNIT, STRANGER = (EntityId.parse(f"00-DB-00-00-00-00-10-{n}") for n in ("A1", "A4", "EE"))
GSME_TYPE, GPF_TYPE, CCS06 = 0, 3, 0x010F
TWICE = {"type": "ESME", "entity_id": str(ESME)}
DEVICES = {"ESME": ESME, "GSME": GSME, "PPMID": UNIT}


def read_log(counter: int, chf: EntityId = CHF, more: bytes = b"") -> Wanted:
    return Wanted(chf, CCS06, dlms_command(CCS06, counter, NULL) + more, counter)


def remove(device: EntityId, counter: int) -> Wanted:
    return Wanted(CHF, CCS02, remove_device(counter, device), counter)


def unjoin(device: EntityId, other: EntityId, counter: int) -> Wanted:
    return Wanted(device, CS04, unjoined(other), counter)


def add_again(counter: int) -> Wanted:
    return add(UNIT, install_code(3), counter=counter)


def certificate_until(moment: datetime) -> bytes:
    """Make a certificate (DER) that ends then."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(x509.Name([]))
    builder = builder.public_key(key.public_key()).serial_number(1).not_valid_after(moment)
    builder = builder.not_valid_before(moment - timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def sound():
    """Three Devices added and joined, then the log read."""
    return {
        "01.xml": add(ESME, install_code(1), counter=1, kind=0),
        "02.xml": add(GSME, install_code(2), counter=2, kind=1),
        "03.xml": add(UNIT, install_code(3), counter=3),
        "04.xml": join(ESME, UNIT, PPMID, code=0x000D, counter=4),
        "05.xml": join(UNIT, ESME, ESME_TYPE, code=0x00AB, counter=5),
        "06.xml": join(GSME, GPF, GPF_TYPE, code=0x000E, counter=6),
        "07.xml": join(GPF, GSME, GSME_TYPE, code=0x000E, counter=7),
        "08.xml": read_log(8),
    }


def write_pack(folder: Path, files=None, **changes) -> Path:
    files = sound() if files is None else files
    write_commands(folder, files)
    job = {
        "format": "hht-job/2",
        "mode": "training",
        "reference": "JOB-1",
        "title": "Install",
        "hub": {"chf": str(CHF), "gpf": str(GPF)},
        "devices": [
            {"type": kind, "entity_id": str(entity), "label": kind}
            for kind, entity in DEVICES.items()
        ],
        "commands": [{"file": name, "title": name} for name in sorted(files)],
    } | changes
    (folder / "job.json").write_text(json.dumps(job))
    return folder


def codes(path: Path) -> list[str]:
    return [each.code for each in check_job(read_job(path), NOW)]


def without(*names):
    return {name: wanted for name, wanted in sound().items() if name not in names}


def test_a_sound_pack_has_no_finding(tmp_path: Path) -> None:
    assert codes(write_pack(tmp_path)) == []


@pytest.mark.parametrize(
    ("commands", "found"),
    [
        (sound() | {"09.xml": read_log(8)}, ["duplicate-command"]),
        (sound() | {"09.xml": read_log(9, STRANGER)}, ["wrong-hub"]),
        (sound() | {"09.xml": read_log(9, GPF)}, ["swapped-hub"]),
        (
            sound() | {"09.xml": join(STRANGER, ESME, ESME_TYPE, code=0x00AB, counter=9)},
            ["unknown-device", "missing-join"],
        ),
        (sound() | {"09.xml": read_log(2)}, ["counters-fall"]),
        (without("01.xml"), ["missing-add"]),
        (sound() | {"01.xml": add(ESME, install_code(1), kind=1)}, ["wrong-device-type"]),
        (without("05.xml"), ["missing-join"]),
        (without("06.xml", "07.xml"), ["missing-join"]),
        (without("04.xml", "05.xml"), ["missing-join"]),
        (without("08.xml"), ["no-read-back"]),
        (
            without("03.xml") | {"07a.xml": add(UNIT, install_code(3), counter=7)},
            ["order", "order"],
        ),
        (sound() | {"09.xml": read_log(8, GPF)}, ["swapped-hub"]),
        (sound() | {"08a.xml": read_log(8, more=b"\x00")}, ["duplicate-command"]),
        (
            without("05.xml") | {"03a.xml": join(UNIT, ESME, ESME_TYPE, code=0x00AB, counter=4)},
            ["order"],
        ),
        (sound() | {"07a.xml": remove(UNIT, 7), "07b.xml": unjoin(ESME, UNIT, 7)}, ["order"]),
        (sound() | {"07a.xml": remove(UNIT, 6), "07b.xml": add_again(7)}, []),
        (without("08.xml") | {"00.xml": read_log(0)}, ["no-read-back"]),
    ],
    ids=range(18),
)
def test_a_fault_of_the_commands_has_its_code(tmp_path: Path, commands, found) -> None:
    assert codes(write_pack(tmp_path, commands)) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"not_after": "2026-11-25T00:00:00Z"}, ["expired"]),
        ({"visit": {"mpxn": "1000999888"}}, ["mpxn-check"]),
        ({"hub": {}}, ["unreadable-pack"]),
        ({"commands": [{"file": "01.xml"}, {"file": "01.xml"}]}, ["duplicate-file"]),
        ({"commands": [{"file": "nowhere.xml"}]}, ["missing-file"]),
        ({"site": {"mpxn": ["2000000000015", "1312345678111"]}}, ["mpxn-check"]),
        ({"mode": "other"}, ["unreadable-pack"]),
        ({"profile": "no such hub"}, ["unreadable-pack"]),
        ({"visit": {"answers": {"wan": "perhaps"}}}, ["unreadable-pack"]),
        ({"commands": [{"file": "01.xml", "title": "1", "after": ["02.xml"]}]}, ["order"]),
        ({"not_after": "soon"}, ["unreadable-pack"]),
        ({"coverage": "nowhere.xml"}, ["missing-file"]),
        ({"commands": [{"file": "01.xml"}]}, ["unreadable-pack"]),
        ({"site": {"address": 12}}, ["unreadable-pack"]),
        ({"mode": "live"}, ["unreadable-pack"]),
        ({"devices": [TWICE, TWICE]}, ["unreadable-pack"]),
        ({"devices": [{**TWICE, "type": "Meter", "joined": True}]}, ["wrong-device-type"]),
        ({"firmware_warnings": ["nowhere.xml"]}, ["missing-file"]),
        ({"keys": "nowhere"}, ["missing-file"]),
    ],
    ids=range(19),
)
def test_a_fault_of_the_description_has_its_code(tmp_path: Path, changes, found) -> None:
    assert set(found) <= set(codes(write_pack(tmp_path, **changes)))


def test_a_finding_names_the_line_of_what_it_is_about(tmp_path: Path) -> None:
    """job.toml says the same as job.json, and its faults stand at their lines."""
    path = write_pack(tmp_path)
    (path / "job.json").unlink()
    lines = ['format = "hht-job/2"', 'mode = "live"', 'reference = "JOB-1"', 'title = "Install"']
    lines += ["[site]", 'mpxn = "1000999888"', "[hub]", f'chf = "{CHF}"', f'gpf = "{GPF}"']
    lines += ["[[devices]]", 'type = "ESME"', f'entity_id = "{STRANGER}"']
    (path / "job.toml").write_text("\n".join(lines))
    found = {(each.code, each.where) for each in check_job(read_job(path), NOW)}
    assert {("mpxn-check", "job.toml, line 6"), ("missing-add", "job.toml, line 10")} <= found


def test_a_hub_whose_halves_are_exchanged_has_no_other_fault(tmp_path: Path) -> None:
    found = codes(write_pack(tmp_path, hub={"chf": str(GPF), "gpf": str(CHF)}))
    assert set(found) == {"swapped-hub"}


def test_nothing_is_missing_from_a_list_of_commands_that_cannot_be_read(tmp_path: Path) -> None:
    for number, commands in enumerate(({}, [{"title": "no file"}])):
        found = codes(write_pack(tmp_path / str(number), commands=commands))
        assert set(found) - {"surplus-file"} == {"unreadable-pack"}


def test_certificates_are_read_wherever_the_pack_carries_them(tmp_path: Path) -> None:
    """In its folder of keys, and in a Join of method C: garbage is named, and so is an old one."""
    old = certificate_until(NOW - timedelta(days=1))
    joins = {
        "07a.xml": join(GSME, UNIT, PPMID, code=0x00AF, counter=7, certificate=old),
        "07b.xml": join(UNIT, GSME, GSME_TYPE, code=0x00AF, counter=7),
    }
    path = write_pack(tmp_path, sound() | joins, keys="keys")
    (path / "keys").mkdir()
    (path / "keys/one-ds.pem").write_text("no certificate")
    found = [(each.code, each.where) for each in check_job(read_job(path), NOW)]
    assert found == [("unreadable-pack", "keys/one-ds.pem"), ("expired", "07a.xml")]


@pytest.mark.parametrize("name", ["mail.eml", "answer.txt", "page.html"])
def test_loose_commands_are_found_where_an_import_finds_them(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"Good morning,\n\n" + read_log(1).xml + b"\n")
    assert codes(tmp_path / name) == []
    assert len(read_job_pack(tmp_path / name).commands) == 1


def test_a_device_that_is_joined_needs_no_ccs01(tmp_path: Path) -> None:
    joined = [{"type": "ESME", "entity_id": str(ESME), "label": "ESME", "joined": True}]
    others = [
        {"type": k, "entity_id": str(e), "label": k} for k, e in DEVICES.items() if k != "ESME"
    ]
    assert codes(write_pack(tmp_path, without("01.xml"), devices=joined + others)) == []


def test_an_install_code_of_the_pack_is_compared(tmp_path: Path) -> None:
    devices = [
        {"type": kind, "entity_id": str(entity), "label": kind, "install_code": code.hex()}
        for (kind, entity), code in zip(DEVICES.items(), map(install_code, (1, 2, 4)), strict=True)
    ]
    assert codes(write_pack(tmp_path, devices=devices)) == ["wrong-install-code"]


def test_a_file_that_the_pack_does_not_list_is_surplus(tmp_path: Path) -> None:
    path = write_pack(tmp_path)
    write_commands(path, {"zz.xml": read_log(99)})
    assert codes(path) == ["surplus-file"]


@pytest.mark.parametrize("name", ["photo.jpg", "README.txt", "old/job-1.json", "stray.pem"])
def test_so_is_a_file_of_a_kind_that_no_pack_lists(tmp_path: Path, name: str) -> None:
    path = write_pack(tmp_path)
    (path / name).parent.mkdir(exist_ok=True)
    (path / name).write_bytes(b"{}")
    found = [(each.code, each.where) for each in check_job(read_job(path), NOW)]
    assert found == [("surplus-file", name)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<broken", "unreadable-command"),
        (b"", "unreadable-command"),
        (response_xml(f"{SUPPLIER}:{CHF}:1", "E4", ""), "not-a-command"),
        (f'<Request xmlns="{NAMESPACE}"/>'.encode(), "not-a-command"),
    ],
    ids=["damaged", "empty", "refused", "request"],
)
def test_a_file_that_is_no_command_is_named(tmp_path: Path, content, code) -> None:
    path = write_pack(tmp_path)
    (path / "08.xml").write_bytes(content)
    assert code in codes(path)


def test_a_file_that_cannot_be_read_is_named_by_its_title_in_the_pack(tmp_path: Path) -> None:
    """Its bytes do not say any more which Device it is for."""
    path = write_pack(tmp_path)
    described = json.loads((path / "job.json").read_text())
    described["commands"][0]["title"] = "Let the ESME join"
    (path / "job.json").write_text(json.dumps(described))
    (path / described["commands"][0]["file"]).write_bytes(b"<broken")
    (found,) = (each for each in check_job(read_job(path), NOW) if "unreadable" in each.code)
    assert found.what.startswith("Let the ESME join: ")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_in_a_zip_is_a_duplicate_file(tmp_path: Path) -> None:
    path = tmp_path / "job.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.xml", read_log(1).xml)
        archive.writestr("a.xml", read_log(2).xml)
    assert codes(path) == ["duplicate-file"]


@pytest.mark.parametrize("name", ["job.toml", "sub/job.json", "JOB.JSON"])
def test_two_descriptions_in_one_pack_are_refused_as_the_import_does(
    tmp_path: Path, name: str
) -> None:
    path = write_pack(tmp_path)
    (path / name).parent.mkdir(exist_ok=True)
    (path / name).write_text("{}")
    assert codes(path) == ["unreadable-pack"]


def test_what_any_device_takes_is_for_another_hub_where_that_hub_is_known(tmp_path: Path) -> None:
    """A hub is known by a Command that only a hub accepts, or by another job."""
    read_joins = Wanted(STRANGER, 0x0013, dlms_command(0x0013, 9, NULL), 9)
    path = write_pack(tmp_path, sound() | {"09.xml": read_joins})
    assert codes(path) == ["unknown-device"]
    job = read_job(path)
    job.other_hubs = frozenset({STRANGER})
    assert [each.code for each in check_job(job, NOW)] == ["wrong-hub"]


def test_commands_with_one_name_are_kept_apart(tmp_path: Path) -> None:
    """An imported job calls its Commands by their titles, of which two may be the same."""
    job = read_job(write_pack(tmp_path))
    job.commands = [("the same", command) for _, command in job.commands]
    assert check_job(job, NOW) == []


def test_a_file_that_is_no_pack_is_distinguished_from_one_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "job.zip"
    path.write_bytes(b"no zip")
    assert codes(path) == ["unreadable-pack"]
    with pytest.raises(InputError):
        read_job(tmp_path / "nowhere.zip")
