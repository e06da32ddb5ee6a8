"""Every fault of a manifest, by its row, its code and its column's order."""

import csv
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from facility_samples import (
    CHF,
    COLUMNS,
    ESME,
    ESME_TYPE,
    GPF,
    PPMID,
    Wanted,
    add,
    commands_of,
    eui,
    install_code,
    join,
    row,
    write_batch,
    write_commands,
    write_manifest,
)

from hht.duis.envelope import TRAINING_MARK
from hht.errors import InputError
from hht.facility.building.packing import mode_of
from hht.facility.manifest import Manifest
from hht.facility.manifest_check import check_manifest
from hht.facility.manifest_columns import read_columns
from hht.simulator.head_end.compose.payloads import dlms_command
from hht.simulator.pki.smki import TrainingPki
from hht.simulator.site.preparation import prepare_site
from hht.training.scenario.load import load_scenario

Codes = list[tuple[int, str]]
OTHER = eui(9)
HCALCS = 4
ROW = row(1)


def errors(path: Path, **options: object) -> Codes:
    found = list(check_manifest(Manifest(path), **options))  # type: ignore[arg-type]
    return [(each.row, each.code) for each in found if each.severity == "error"]


def warnings(path: Path) -> Codes:
    found = check_manifest(Manifest(path))
    return [(each.row, each.code) for each in found if each.severity == "warning"]


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    return write_batch(tmp_path, units=2)


def changed(folder: Path, **changes: str) -> Path:
    """A manifest whose first row differs."""
    write_batch(folder, units=2)
    return write_manifest(folder / "manifest.csv", [row(1, **changes), row(2)])


def spoiled(folder: Path, **commands: object) -> Path:
    """A batch whose first unit has other Commands; None leaves one out."""
    path = write_batch(folder, units=1)
    named = {"add": "1-add.xml", "esme": "2-join-esme.xml", "ppmid": "10-join-ppmid.xml"}
    for name, wanted in commands.items():
        file = folder / "unit-1" / named.get(name, f"{name}.xml")
        if wanted is None:
            file.unlink()
        else:
            file.write_bytes(wanted if isinstance(wanted, bytes) else wanted.xml)  # type: ignore[attr-defined]
    return path


def test_a_sound_manifest_has_no_error_and_says_that_certificates_are_missing(batch: Path) -> None:
    assert errors(batch) == []
    assert warnings(batch) == [(1, "no-certificate"), (2, "no-certificate")]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"commands": "C:\\units\\1"}, ["outside-path"]),
        ({"commands": "unit\x1b[31m"}, ["missing-file"]),
        ({"certificate": row(1)["install_code"]}, ["missing-file"]),
        ({"chf": str(eui(2))}, ["identity-clash", "wrong-hub"]),
        ({"gpf": str(eui(2, 1))}, ["identity-clash"]),
        ({"eui": "00DB"}, ["bad-identity"]),
        ({"hht_eui": "x"}, ["bad-identity"]),
        ({"chf": "00DB0000000010"}, ["bad-identity"]),
        ({"gpf": "none"}, ["bad-identity"]),
        ({"eui": ""}, ["bad-row"]),
        ({"chf": "", "commands": ""}, ["bad-row", "bad-row"]),
        ({"install_code": "A1A2"}, ["bad-install-code"]),
        ({"hht_install_code": row(1)["hht_install_code"][:-4] + "0000"}, ["bad-install-code"]),
        ({"hht_eui": str(eui(1))}, ["identity-clash"]),
        ({"commands": "unit-9"}, ["missing-file"]),
        ({"commands": "../elsewhere"}, ["outside-path"]),
        ({"commands": "/etc"}, ["outside-path"]),
        ({"certificate": "none.pem"}, ["missing-file"]),
        ({"hht_identity": "none.json"}, ["missing-file"]),
        ({"install_code": row(3)["install_code"]}, ["wrong-install-code"]),
        ({"chf": str(GPF)}, ["wrong-hub"]),
        ({"gpf": str(CHF)}, ["identity-clash"]),
        ({"chf": str(eui(1))}, ["identity-clash", "wrong-hub"]),
        ({"gpf": str(eui(1, 1))}, ["identity-clash"]),
        ({"hht_eui": "00" * 8}, ["bad-identity"]),
        ({"hht_eui": "FF" * 8}, ["bad-identity"]),
        ({"hht_identity": "manifest.csv"}, ["bad-identity"]),
        (dict.fromkeys(ROW, ""), ["bad-row"] * 6),
    ],
    ids=range(28),
)
def test_a_fault_of_one_row_has_its_code(tmp_path: Path, changes, codes) -> None:
    assert errors(changed(tmp_path, **changes)) == [(1, code) for code in codes]


def test_a_row_has_every_fault_in_the_order_of_the_columns(tmp_path: Path) -> None:
    path = changed(tmp_path, eui="x", install_code="y", chf="z", commands="")
    codes = ("bad-identity", "bad-install-code", "bad-identity", "bad-row")
    assert errors(path) == [(1, code) for code in codes]


def test_one_unit_twice_is_reported_at_both_rows(tmp_path: Path) -> None:
    write_batch(tmp_path, units=1)
    path = write_manifest(tmp_path / "m.csv", [row(1), row(1)])
    codes = ("duplicate-unit", "identity-clash", "shared-commands")
    assert errors(path) == [(at, code) for at in (1, 2) for code in codes]
    assert (1, "install-code-reused") in warnings(path)


def test_a_half_that_is_another_rows_unit_clashes_at_both(tmp_path: Path) -> None:
    found = errors(changed(tmp_path, hht_eui=str(eui(2))))
    assert found == [(1, "identity-clash"), (2, "identity-clash")]


def test_a_unit_of_an_open_batch_is_refused(batch: Path) -> None:
    found = errors(batch, in_open_batch=lambda unit: "B-7" if unit == eui(2) else None)
    assert found == [(2, "in-open-batch")]


@pytest.mark.parametrize(
    ("commands", "codes"),
    [
        ({"add": add(OTHER, install_code(1))}, ["wrong-unit"]),
        ({"add": add(eui(1), install_code(2))}, ["wrong-install-code"]),
        ({"add": add(eui(1), install_code(1), kind=0)}, ["wrong-device-type"]),
        ({"add": add(eui(1), install_code(1), chf=OTHER)}, ["wrong-hub"]),
        ({"add": None}, ["missing-command"]),
        ({"esme": None}, ["missing-command"]),
        ({"ppmid": None}, ["missing-command"]),
        ({"esme": None, "ppmid": None}, ["missing-command"]),
        (
            {"esme": join(ESME, OTHER, PPMID, code=0x000D, counter=2)},
            ["wrong-unit", "missing-command"],
        ),
        ({"zz": join(eui(1), ESME, ESME_TYPE, code=0x00AB, counter=1)}, ["counters-fall"]),
        ({"extra": b"<broken"}, ["unreadable-command"]),
        ({"esme": join(ESME, eui(1), HCALCS, code=0x000D, counter=2)}, ["wrong-device-type"]),
        ({"ppmid": join(eui(1), ESME, HCALCS, code=0x00AB, counter=3)}, ["wrong-device-type"]),
        ({"report": Wanted(OTHER, 0x010F, dlms_command(0x010F, 9), 9)}, ["wrong-hub"]),
    ],
    ids=range(14),
)
def test_commands_that_would_not_let_this_unit_in_are_named(tmp_path, commands, codes) -> None:
    assert errors(spoiled(tmp_path, **commands)) == [(1, code) for code in codes]


def test_files_are_delivered_in_their_natural_order(tmp_path: Path) -> None:
    """As text 10-again comes before 2-join, and the counter would fall."""
    later = join(ESME, eui(1), PPMID, code=0x000D, counter=4)
    path = write_batch(tmp_path, units=1)
    write_commands(tmp_path / "unit-1", {"10-again.xml": later})
    assert errors(path) == []


@pytest.mark.parametrize("name", ["job.json", "notes.txt"])
def test_what_lies_beside_the_description_of_a_training_job_is_for_training(batch, name) -> None:
    folder = batch.parent / "unit-1"
    for file in folder.glob("*.xml"):
        file.write_bytes(file.read_bytes().replace(TRAINING_MARK.encode(), b""))
    assert mode_of(batch.parent, next(Manifest(batch).rows())) == "live"
    (folder / name).write_text('{"format": "hht-job/1", "mode": "training"}')
    assert mode_of(batch.parent, next(Manifest(batch).rows())) == "training"


def test_a_zip_of_commands_and_other_files_in_it_are_fine(tmp_path: Path) -> None:
    write_batch(tmp_path, units=1)
    with zipfile.ZipFile(tmp_path / "unit-1.zip", "w") as archive:
        for name, wanted in commands_of(1).items():
            archive.writestr(name, wanted.xml)
        archive.writestr("readme.txt", "hello")
    path = write_manifest(tmp_path / "manifest.csv", [row(1, commands="unit-1.zip")])
    assert errors(path) == []


def test_two_rows_must_not_share_a_folder(tmp_path: Path) -> None:
    write_batch(tmp_path, units=2)
    rows = [row(1), row(2, commands="./unit-1/")]
    found = errors(write_manifest(tmp_path / "manifest.csv", rows))
    assert {(1, "shared-commands"), (2, "shared-commands")} <= set(found)


@pytest.fixture
def pki(tmp_path: Path) -> TrainingPki:
    """Certificates of two units in the manifest's folder."""
    made = TrainingPki.load_or_create(tmp_path / "pki")
    for number in (1, 2):
        made.certify_device(eui(number), "PPMID")
    return made


def test_a_certificate_of_another_unit_is_wrong(tmp_path: Path, pki: TrainingPki) -> None:
    own, other = (f"pki/{eui(n).hex()}-ka.pem" for n in (1, 2))
    assert errors(changed(tmp_path, certificate=own)) == []
    assert errors(changed(tmp_path, certificate=other)) == [(1, "wrong-certificate")]
    assert errors(changed(tmp_path, certificate="manifest.csv")) == [(1, "wrong-certificate")]
    (tmp_path / "wide.pem").write_text((tmp_path / own).read_text(), "utf-16")
    assert errors(changed(tmp_path, certificate="wide.pem")) == []
    signing = own.replace("-ka", "-ds")
    assert errors(changed(tmp_path, certificate=signing)) == [(1, "wrong-certificate")]


def test_a_join_pinned_to_another_units_certificate_is_wrong(tmp_path, pki) -> None:
    path = changed(tmp_path, certificate=f"pki/{eui(1).hex()}-ka.pem")
    foreign = pki.agreement_certificate(eui(2))
    pinned = join(ESME, eui(1), PPMID, code=0x00AF, counter=9, certificate=foreign)
    write_commands(tmp_path / "unit-1", {"20-join.xml": pinned})
    assert errors(path) == [(1, "wrong-certificate")]


def test_a_join_with_a_certificate_of_a_third_device_is_wrong(tmp_path, pki) -> None:
    """Also where the row has none to compare with, and on the unit's own side."""
    path = changed(tmp_path)
    foreign = pki.agreement_certificate(eui(2))
    for counter, (device, other, kind) in enumerate(((ESME, eui(1), PPMID), (eui(1), ESME, 0)), 20):
        pinned = join(device, other, kind, code=0x00AF, counter=counter, certificate=foreign)
        write_commands(tmp_path / "unit-1", {f"{counter}-join.xml": pinned})
    assert errors(path) == [(1, "wrong-certificate")] * 2


def test_the_identity_of_another_half_clashes(tmp_path: Path) -> None:
    site = prepare_site(load_scenario("no-wan-install").site, tmp_path / "site", 1)
    own = {"hht_identity": "site/hht-identity.json"}
    assert errors(changed(tmp_path, **own)) == [(1, "identity-clash")]
    assert errors(changed(tmp_path, **own, hht_eui=str(site.hht))) == []


def test_a_check_digit_warns(tmp_path: Path) -> None:
    path = changed(tmp_path, mpxn="1000999888")
    assert (1, "mpxn-check") in warnings(path)
    assert errors(path) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_csv_is_read_in_any_encoding_with_any_line_ends(batch, encoding, ends, delimiter) -> None:
    rows = [list(row(1)), *(list(row(n).values()) for n in (1, 2))]
    text = "".join(delimiter.join(cells) + ends for cells in rows)
    batch.write_bytes(text.encode(encoding))
    assert errors(batch) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_manifest_may_begin_with_a_word_of_any_script(batch, tmp_path, encoding) -> None:
    batch.write_bytes(batch.read_text().replace("eui", "设备", 1).encode(encoding))
    names = tmp_path / "maker.toml"
    names.write_text('eui = "设备"\n', "utf-8")
    found = check_manifest(Manifest(batch, read_columns(names)))
    assert not [each for each in found if each.severity == "error"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_is_read_as_a_list_of_objects(batch, encoding) -> None:
    batch.write_bytes(json.dumps([row(1), row(2)], indent=1).encode(encoding))
    assert errors(batch) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"eui,chf\n",
        b"\xff\xfe\xff",
        ",".join(row(1)).encode() + b"\n",
        (",".join([*row(1), "colour"]) + "\n" + "x," * 6 + "x\n").encode(),
        b"[]",
        b"{}",
        b'[{"eui": "x"}]',
        b"[1]",
        json.dumps([row(1)]).encode()[:-1],
        b"\x00" * 64,
        json.dumps([row(1) | {"colour": "red"}]).encode(),
        b'[{"eui":' * 5000,
    ],
    ids=range(13),
)
def test_what_is_no_manifest_is_refused_in_one_line(batch, content) -> None:
    batch.write_bytes(content)
    with pytest.raises(InputError) as refused:
        errors(batch)
    assert "\n" not in str(refused.value)


def test_a_row_with_other_cells_than_the_header_is_bad(batch) -> None:
    lines = batch.read_text().splitlines()
    batch.write_text("\n".join([*lines, "one,two", f"{lines[1]},more"]) + "\n")
    assert [each for each in errors(batch) if each[0] > 2] == [(3, "bad-row"), (4, "bad-row")]


def test_a_makers_own_columns_are_mapped(batch, tmp_path) -> None:
    batch.write_text(batch.read_text().replace("eui,install", "IEEE address,install", 1))
    names = tmp_path / "maker.toml"
    names.write_text('eui = "IEEE address"\n')
    found = check_manifest(Manifest(batch, read_columns(names)))
    assert not [each for each in found if each.severity == "error"]


@pytest.mark.parametrize(
    "text",
    [
        "eui = 5",
        "colour = 'x'",
        "eui",
        "eui = 'a'\nchf = 'a '",
        "ignore = 'x'",
        "separator = 'x'",
        "columns = 1",
        "eui = " + "9" * 5000,
        "eui = " + "[" * 5000,
    ],
    ids=range(9),
)
def test_a_mapping_that_cannot_be_is_refused(tmp_path, text) -> None:
    path = tmp_path / "maker.toml"
    path.write_text(text)
    with pytest.raises(InputError):
        read_columns(path)


def test_a_value_of_json_that_is_no_text_hides_no_other_fault(batch: Path) -> None:
    rows = [row(1, chf="x") | {"serial": 5, "mpxn": None}, row(2) | {"order": 0}]
    batch.write_text(json.dumps(rows))
    found = [each for each in check_manifest(Manifest(batch)) if each.severity == "error"]
    assert [(each.row, each.eui, each.code) for each in found] == [
        (1, str(eui(1)), "bad-identity"),
        (1, str(eui(1)), "bad-row"),
        (2, str(eui(2)), "bad-row"),
    ]


@pytest.mark.parametrize("name", ["\ud800", "a\0b", "x" * 200_000], ids=range(3))
def test_a_name_that_no_file_can_have_is_missing_and_is_not_shown_at_its_length(
    batch: Path, name: str
) -> None:
    batch.write_text(json.dumps([row(1, commands=name)]))
    [found] = [each for each in check_manifest(Manifest(batch)) if each.severity == "error"]
    assert (found.code, len(found.what) < 300) == ("missing-file", True)


def test_a_long_cell_is_a_fault_of_its_row_in_csv_too(batch: Path) -> None:
    write_manifest(batch, [row(1, commands="x" * 200_000), row(2)])
    assert errors(batch) == [(1, "missing-file")]


def test_a_number_beyond_all_size_is_no_text(batch: Path) -> None:
    batch.write_text(json.dumps([row(1), row(2, serial="S")]).replace('"S"', "9" * 5000))
    assert errors(batch) == [(2, "bad-row")]


@pytest.mark.parametrize("blank", ["00" * 8, "FF" * 8])
def test_an_identifier_of_nothing_is_compared_with_nothing(tmp_path: Path, blank: str) -> None:
    assert errors(changed(tmp_path, eui=blank)) == [(1, "bad-identity")]


def test_files_nested_without_end_are_no_identity_and_no_order(tmp_path: Path) -> None:
    path = changed(tmp_path, hht_identity="deep.json")
    for name in ("deep.json", "unit-1/job.json"):
        (tmp_path / name).write_text("[" * 100_000)
    assert errors(path) == [(1, "bad-identity")]


def test_the_manifests_own_folder_may_hold_the_commands(tmp_path: Path) -> None:
    write_commands(tmp_path, commands_of(1))
    assert errors(write_manifest(tmp_path / "manifest.csv", [row(1, commands=".")])) == []


def test_a_link_in_the_folder_may_not_lead_out_of_it(batch: Path, tmp_path: Path) -> None:
    inside = tmp_path / "unit-1" / "1-add.xml"
    inside.rename(tmp_path / "elsewhere.xml")
    inside.symlink_to(tmp_path / "elsewhere.xml")
    assert errors(batch) == [(1, "outside-path")]


def test_a_zip_that_cannot_be_read_is_one_fault(batch: Path, tmp_path: Path) -> None:
    (tmp_path / "unit-1.zip").write_bytes(b"PK\x03\x04 cut short")
    path = write_manifest(tmp_path / "manifest.csv", [row(1, commands="unit-1.zip")])
    assert errors(path) == [(1, "unreadable-command")]


def test_a_manifest_without_its_header_shows_no_code(batch: Path) -> None:
    batch.write_text(",".join(reversed(row(1).values())) + "\nx\n")
    with pytest.raises(InputError) as refused:
        errors(batch)
    assert row(1)["install_code"][:16] not in str(refused.value)


LAYOUTS = {
    "a table": ('[columns]\neui = "GUID"\n', ["GUID", *COLUMNS[1:]], ","),
    "columns passed over": ('ignore = ["Model"]\n', [*COLUMNS, "Model"], ","),
    "a separator": ('separator = "|"\n', list(COLUMNS), "|"),
    "no header": (f"header = {list(COLUMNS)}\n", [], ";"),
    "a comma in a name": (
        'chf = "Hub, CHF, ID"\n',
        [*COLUMNS[:4], "Hub, CHF, ID", "commands"],
        ";",
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_makers_layout_is_read(batch: Path, tmp_path: Path, layout: str) -> None:
    text, header, delimiter = LAYOUTS[layout]
    (tmp_path / "maker.toml").write_text(text)
    with batch.open("w", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        lines = [[*row(n).values(), "M"][: len(header) or 6] for n in (1, 2)]
        writer.writerows([header, *lines] if header else lines)
    found = check_manifest(Manifest(batch, read_columns(tmp_path / "maker.toml")))
    assert not [each for each in found if each.severity == "error"]


def test_no_finding_holds_an_install_code(tmp_path: Path) -> None:
    code = row(1)["install_code"]
    path = changed(tmp_path, eui=code, hht_install_code=code[:-1], install_code=code[:-2] + "00")
    text = " ".join(f"{each.eui} {each.what}" for each in check_manifest(Manifest(path)))
    assert code[:16] not in text


@pytest.mark.parametrize("between", [".", "_", "/", ", "], ids=["dot", "bar", "slash", "comma"])
def test_a_code_in_an_unusual_form_is_shown_neither_as_a_path_nor_as_a_columns_name(
    tmp_path: Path, between: str
) -> None:
    digits = row(1)["install_code"]
    code = between.join(digits[at : at + 4] for at in range(0, len(digits), 4))
    path = changed(tmp_path, commands=code, certificate=code)
    said = " ".join(each.what for each in check_manifest(Manifest(path)))
    path.write_text(json.dumps([row(1) | {code: "x"}]))
    with pytest.raises(InputError) as refused:
        errors(path)
    assert digits[:4] not in said + str(refused.value)


def test_empty_lines_before_the_header_are_passed_over(batch: Path) -> None:
    batch.write_bytes(b"\r\n \n" + batch.read_bytes())
    assert errors(batch) == []


def peak_of(folder: Path, rows: int) -> int:
    folder.mkdir()
    path = write_manifest(folder / "m.csv", [row(n, commands=f"u{n}") for n in range(rows)])
    tracemalloc.start()
    try:
        for _ in check_manifest(Manifest(path)):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.whole_program
def test_memory_hardly_grows_with_the_rows(tmp_path: Path) -> None:
    """100,000 rows may cost 32 MiB more than 100; a hundredth of them a hundredth of that."""
    few, many = peak_of(tmp_path / "few", 100), peak_of(tmp_path / "many", 1_000)
    assert many - few < 0.32 * 1024 * 1024


def test_an_absolute_path_is_refused_even_into_the_manifests_folder(tmp_path: Path) -> None:
    for absolute in (str(tmp_path / "unit-1"), "\\unit-1"):
        path = changed(tmp_path, commands=absolute)
        assert errors(path) == [(1, "outside-path")]


def test_a_file_that_job_json_names_alone_is_missing(batch: Path) -> None:
    names = ("1-add.xml", "2-join-esme.xml", "10-join-ppmid.xml", "11-tariff.xml")
    job = {"commands": [{"file": name} for name in names]}
    (batch.parent / "unit-2" / "job.json").write_text(json.dumps(job))
    assert errors(batch) == [(2, "missing-file")]


def test_no_install_code_is_shown_that_a_file_is_named_by(batch: Path) -> None:
    code = row(1)["install_code"]
    (batch.parent / "unit-1" / f"{code}.xml").write_bytes(b"no XML")
    with zipfile.ZipFile(batch.parent / "unit.zip", "w") as archive:
        archive.writestr(f"../{code}.xml", b"no XML")
    write_manifest(batch, [row(1), row(2, commands="unit.zip")])
    found = [each for each in check_manifest(Manifest(batch)) if each.severity == "error"]
    assert [each.code for each in found] == ["unreadable-command", "outside-path"]
    assert not [each for each in found if code in each.what]
