"""A job pack is read whole or refused: from a folder, a ZIP, or loose DUIS XML."""

import io
import json
import warnings
import zipfile
from pathlib import Path

import pytest
from duis_samples import (
    CHF,
    ESME,
    GPF,
    SUPPLIER,
    close_folder,
    command,
    local_command_xml,
    write_pack,
)

from hht.duis.job_pack import read_job_pack
from hht.duis.pack_files import LARGEST_FILE
from hht.errors import HhtError


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "pack", [command(1), command(2), command(3)])


def zipped(folder: Path, prefix: str = "") -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, prefix + file.name)
    return path


def change_job(pack: Path, **changes: object) -> None:
    job = json.loads((pack / "job.json").read_text())
    (pack / "job.json").write_text(json.dumps(job | changes))


def refusal(path: Path) -> str:
    with pytest.raises(HhtError) as caught:
        read_job_pack(path)
    assert caught.value.where
    assert caught.value.remedy
    return str(caught.value)


def test_a_folder_gives_the_job_and_its_commands_in_order(pack):
    job = read_job_pack(pack)
    assert (job.reference, job.mode, job.hub_gpf, job.hub_chf) == ("JOB-0001", "training", GPF, CHF)
    assert [item.local_command.message.counter for item in job.commands] == [1, 2, 3]
    assert [item.after for item in job.commands] == [(), (0,), (1,)]
    assert job.devices[0].entity_id == ESME


@pytest.mark.parametrize(
    "prefix",
    ["", "JOB-0001/", "JOB-0001\\", "./", "a/b/c/", "a\\b\\c\\", "a/b\\c/", "JOB//0001/", ".\\"],
)
def test_a_zip_gives_the_same_as_its_folder_however_its_names_are_written(pack, prefix):
    assert read_job_pack(zipped(pack, prefix)) == read_job_pack(pack)


JOB_NAMES = ["JOB.JSON", "Job.json", "job.json.", "job.json ", "ｊｏｂ．ｊｓｏｎ"]


@pytest.mark.parametrize("name", JOB_NAMES)
@pytest.mark.parametrize("prefix", ["", "pack/", "pack\\"])
def test_a_job_file_is_known_in_whatever_letters(pack, name, prefix):
    whole = read_job_pack(pack)
    (pack / "job.json").rename(pack / name)
    assert read_job_pack(zipped(pack, prefix)) == whole
    assert read_job_pack(pack) == whole


@pytest.mark.parametrize(
    "name",
    [
        "job.json.txt",
        "job (1).json",
        "job.json.bak",
        "job.jsn",
        "job",
        "JOB.TXT",
        "auftrag.json",
        ".job.json",
        "j\u043eb.js\u043en",
        "jb.dat",
        "cert.pem",
        "._notes",
        "desktop.ini",
        "job.json5",
        "sub/job.json",
        "sub\\job.json",
        "sub/JOB.JSON",
    ],
)
def test_a_pack_whose_job_file_is_elsewhere_is_refused_and_never_taken_as_loose_files(pack, name):
    job = (pack / "job.json").read_text()
    archive = pack.with_name("strange.zip")
    with zipfile.ZipFile(archive, "w") as strange:
        for path in sorted(pack.glob("*.xml")):
            strange.write(path, path.name)
        strange.writestr(name, job)
    assert "where it should have job.json" in refusal(archive)
    (pack / "job.json").unlink()
    (pack / name).parent.mkdir(exist_ok=True)
    (pack / name).write_text(job)
    assert "where it should have job.json" in refusal(pack)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_job_is_known_by_what_describes_it_in_any_encoding_and_in_a_zip_within(pack, encoding):
    whole = zipped(pack, "pack/").read_bytes()
    job = (pack / "job.json").read_text()
    (pack / "job.json").unlink()
    for name, content in (("notes.txt", job.encode(encoding)), ("other.zip", whole)):
        (pack / name).write_bytes(content)
        assert "where it should have job.json" in refusal(pack)
        assert "where it should have job.json" in refusal(zipped(pack))
        (pack / name).unlink()


def test_two_job_files_are_refused(pack):
    (pack / "more").mkdir()
    for name in ("JOB.JSON", "more/job.json"):
        (pack / name).write_text((pack / "job.json").read_text())
        assert "where it should have job.json" in refusal(pack)
        (pack / name).unlink()


def test_files_outside_the_folder_of_the_job_file_are_refused(pack, tmp_path):
    whole = zipped(pack, "pack/")
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr("00.xml", local_command_xml(command(9)))
    assert "pack/job.json" in refusal(whole)


def test_a_zip_behind_another_is_refused_for_nobody_sees_what_the_first_holds(pack):
    whole = zipped(pack, "pack/").read_bytes()
    (pack / "job.json").unlink()
    loose = zipped(pack)
    loose.write_bytes(whole + loose.read_bytes())
    assert "lies in front of it" in refusal(loose)


def test_what_macos_keeps_in_a_zip_for_itself_is_passed_over(pack):
    whole = zipped(pack, "pack/")
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr("__MACOSX/pack/._job.json", b"\x00\x05\x16\x07")
        archive.writestr("pack/._01.xml", b"\x00\x05\x16\x07")
    assert read_job_pack(whole) == read_job_pack(pack)


@pytest.mark.parametrize("name", ["__MACOSX/job.json", "._job.json", "pack/._JOB.JSON"])
def test_a_job_description_does_not_hide_among_what_macos_keeps(pack, tmp_path, name):
    job = (pack / "job.json").read_bytes()
    loose = tmp_path / "loose.zip"
    with zipfile.ZipFile(loose, "w") as archive:
        archive.writestr("01.xml", local_command_xml(command(9)))
        archive.writestr(name, job)
    assert "job.json" in refusal(loose)


def test_a_file_out_of_a_packs_folder_is_refused_and_its_job_file_is_the_pack(pack):
    assert "belongs to the job pack" in refusal(pack / "01.xml")
    (pack / "sub").mkdir()
    (pack / "sub" / "02.xml").write_bytes((pack / "02.xml").read_bytes())
    assert "belongs to the job pack" in refusal(pack / "sub")
    assert "belongs to the job pack" in refusal(pack / "sub" / "02.xml")
    (pack / "sub" / "02.xml").unlink()
    assert read_job_pack(pack / "job.json") == read_job_pack(pack)


@pytest.mark.parametrize(
    "names",
    [
        ("a.xml", "a.xml"),
        ("p/a.xml", "p\\a.xml"),
        ("a.xml", "./a.xml"),
        ("a.xml", "a.XML"),
        ("P/a.xml", "p/A.xml"),
        ("a.xml", "\uff41.xml"),
        ("p /a.xml", "p/a.xml"),
    ],
)
def test_a_name_twice_in_a_zip_is_refused(tmp_path, names):
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for number, name in enumerate(names):
            archive.writestr(name, local_command_xml(command(number)))
    assert "twice" in refusal(path)


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000], ids=["number", "nesting"])
def test_a_number_or_a_nesting_beyond_all_size_in_job_toml_is_refused(pack, value):
    (pack / "job.json").unlink()
    (pack / "job.toml").write_text(f"reference = {value}")
    assert "beyond all size" in refusal(pack)


@pytest.mark.parametrize("name", ["reference", "profile", "unknown"])
def test_half_a_character_in_the_job_file_is_refused(pack, name):
    job = pack / "job.json"
    job.write_text(job.read_text().replace("{", f'{{"{name}\\ud800": "\\udfff",', 1))
    assert "damaged" in refusal(pack)


def test_a_name_twice_in_the_job_file_is_refused(pack):
    text = (pack / "job.json").read_text()
    (pack / "job.json").write_text(text.replace("{", '{"mode": "live", ', 1))
    assert "'mode' twice" in refusal(pack)


def test_names_in_the_job_file_may_have_the_separators_of_windows(pack):
    (pack / "commands").mkdir()
    for path in pack.glob("*.xml"):
        path.rename(pack / "commands" / path.name)
    job = json.loads((pack / "job.json").read_text())
    for entry in job["commands"]:
        entry["file"] = f"commands\\{entry['file']}"
        entry["after"] = [f"commands\\{name}" for name in entry.get("after", [])]
    (pack / "job.json").write_text(json.dumps(job))
    assert [item.after for item in read_job_pack(pack).commands] == [(), (0,), (1,)]


def test_loose_xml_is_a_job_with_no_mode_and_no_hub(tmp_path):
    path = tmp_path / "one.xml"
    path.write_bytes(local_command_xml(command()))
    job = read_job_pack(path)
    assert (job.reference, job.mode, job.hub_gpf, len(job.commands)) == ("one", None, None, 1)


def test_a_folder_of_loose_xml_is_taken_in_the_order_of_names(tmp_path):
    for number in (3, 1, 2):
        (tmp_path / f"{number}.xml").write_bytes(local_command_xml(command(number)))
    assert [c.local_command.message.counter for c in read_job_pack(tmp_path).commands] == [1, 2, 3]


def test_a_file_that_the_description_does_not_list_is_named(pack):
    whole = read_job_pack(pack)
    assert whole.notes == ()
    (pack / "surplus.xml").write_bytes(next(pack.glob("*.xml")).read_bytes())
    for path in (pack, zipped(pack)):
        job = read_job_pack(path)
        assert job.notes == ("surplus.xml: the pack does not list it",)
        assert job.commands == whole.commands


def test_one_message_in_two_loose_files_is_one_local_command_and_a_note_says_so(tmp_path):
    for name in ("1.xml", "2.xml"):
        (tmp_path / name).write_bytes(local_command_xml(command(7)))
    job = read_job_pack(tmp_path)
    assert len(job.commands) == 1
    assert job.notes == ("2.xml: the same Local Command as 1.xml",)


def test_one_message_under_two_request_ids_is_refused(tmp_path):
    for number in (1, 2):
        content = local_command_xml(command(7), request_id=f"{SUPPLIER}:{CHF}:{number}")
        (tmp_path / f"{number}.xml").write_bytes(content)
    assert "two RequestIDs" in refusal(tmp_path)


def test_a_marked_copy_does_not_hide_behind_one_without_the_mark(tmp_path):
    plain = local_command_xml(command(7))
    (tmp_path / "1.xml").write_bytes(plain)
    (tmp_path / "2.xml").write_bytes(plain.replace(b"<sr:Resp", b"<?hht training?><sr:Resp", 1))
    with pytest.raises(HhtError, match="marked as training data"):
        read_job_pack(tmp_path).check_mode("live", "here")


def test_a_hex_command_needs_its_request_id_beside_it(pack):
    (pack / "04.HEX").write_text(command(4, to=ESME).encode().hex())
    entry = {"file": "04.HEX", "title": "Clock"}
    change_job(pack, commands=[entry])
    assert "RequestID" in refusal(pack)
    change_job(pack, commands=[entry | {"request_id": f"{SUPPLIER}:{ESME}:4"}])
    assert read_job_pack(pack).commands[0].local_command.message.recipient == ESME


def test_certificates_come_with_the_pack_and_private_keys_do_not(pack):
    (pack / "keys").mkdir()
    for name in ("00db1234567890a0-ds.pem", "00db1234567890a0-ds.key"):
        (pack / "keys" / name).write_text("text")
    change_job(pack, keys="keys")
    assert read_job_pack(pack).certificates == (("00db1234567890a0-ds.pem", b"text"),)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"format": "other/1"}, "hht-job/1"),
        ({"mode": "production"}, "mode"),
        ({"reference": 7}, "reference"),
        ({"hub": {"gpf": "00-DB", "chf": str(CHF)}}, "gpf"),
        ({"hub": None}, "hub"),
        ({"devices": "ESME"}, "devices"),
        ({"profile": "../other"}, "hub profile"),
        ({"commands": []}, "no command"),
        ({"commands": [{"file": "09.xml", "title": "x"}]}, "09.xml"),
        ({"commands": [{"file": "01.xml", "title": "x", "after": ["02.xml"]}]}, "after"),
        ({"commands": [{"file": "01.xml", "title": "x", "after": ["01.xml"]}]}, "after"),
        ({"commands": [{"file": "01.xml", "title": "x"}] * 2}, "twice"),
    ],
)
def test_a_job_that_does_not_hold_together_is_refused(pack, changes, says):
    change_job(pack, **changes)
    assert says in refusal(pack)


def test_what_people_are_shown_is_printable_and_on_one_line(pack):
    change_job(
        pack, reference="R\x1b]0;x\x07\n1", title="Küche\t 日本\u202e", premises="1 Road\nBath"
    )
    job = read_job_pack(pack)
    assert (job.reference, job.title, job.premises) == ("R ]0;x 1", "Küche 日本", "1 Road Bath")


def test_a_closed_folder_in_a_pack_is_not_passed_over(pack, monkeypatch):
    (pack / "more").mkdir()
    close_folder(monkeypatch, pack / "more")
    assert "Permission denied" in refusal(pack)


@pytest.mark.parametrize(
    "name", ["../x.xml", "/etc/x.xml", "a/../../x.xml", "C:x.xml", "..\\x.xml"]
)
def test_a_zip_that_names_files_outside_itself_is_refused(tmp_path, name):
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "<x/>")
    assert "outside" in refusal(path)


def test_a_link_out_of_the_folder_is_refused(pack, tmp_path):
    (tmp_path / "elsewhere.xml").write_text("<x/>")
    (pack / "04.xml").symlink_to(tmp_path / "elsewhere.xml")
    assert "outside" in refusal(pack)


def test_a_zip_bomb_is_refused_without_being_unpacked(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", bytes(LARGEST_FILE * 8))
    assert path.stat().st_size < 200_000
    assert "larger than 4 MiB" in refusal(path)


def test_a_zip_of_very_many_files_is_refused(tmp_path):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(2001):
            archive.writestr(f"{number}.xml", "<x/>")
    assert "2,000 files" in refusal(path)


def test_a_damaged_zip_and_a_missing_file_have_their_line(pack, tmp_path):
    whole = zipped(pack).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refusal(tmp_path / "cut.zip")
    flipped = bytearray(whole)
    flipped[60] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(flipped)
    refusal(tmp_path / "flipped.zip")
    needed = whole.index(b"PK\1\2") + 6  # the version that the first member needs, in tenths
    (tmp_path / "later.zip").write_bytes(whole[:needed] + bytes([90]) + whole[needed + 1 :])
    assert "zip file version 9.0" in refusal(tmp_path / "later.zip")
    assert "cannot be read" in refusal(tmp_path / "absent.xml")


def test_the_refusal_names_the_file_inside_the_pack(pack):
    (pack / "02.xml").write_bytes(b"<sr:Response")
    assert "02.xml" in refusal(pack)
    stream = io.BytesIO(b"not a zip")
    (pack.parent / "junk.zip").write_bytes(stream.read())
    assert "junk.zip" in refusal(pack.parent / "junk.zip")
