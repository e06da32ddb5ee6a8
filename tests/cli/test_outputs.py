"""What a command writes replaces an earlier output of that command, and no other file."""

from pathlib import Path

import pytest

from hht.errors import InputError
from hht.training.exercise.run import hub_options

EXAMPLES = Path(__file__).parents[2] / "docs/examples"
SURVEY = ("survey", "show", EXAMPLES / "survey.json")
OUTPUTS = {
    "bundle.zip": ("doctor", "--bundle"),
    "request.json": ("identity", "request", "00-DB-12-34-56-78-90-B0", "--out"),
    "visit.html": ("jobs", "report", "1", "--out"),
    "returns.zip": ("queue", "export", "--out"),
    "receipts.json": ("queue", "receipts", "--out"),
    "update.xml": ("status-update", EXAMPLES / "status-update.json", "--out"),
    "chart.txt": (*SURVEY, "--out"),
    "table.txt": (*SURVEY, "--as", "table", "--out"),
    "survey.csv": (*SURVEY, "--as", "csv", "--out"),
    "survey.svg": (*SURVEY, "--as", "svg", "--out"),
}


@pytest.mark.whole_program
@pytest.mark.parametrize(("name", "command"), OUTPUTS.items(), ids=list(OUTPUTS))
def test_an_output_is_made_again_and_another_file_is_kept(
    hht, after_play, tmp_path, name, command
) -> None:
    after_play("no-wan-install")
    out = tmp_path / name
    out.write_bytes(b"somebody's own")
    ran = hht(*command, out)
    said = f"hht: {out}: Another file has this name. Choose another name."
    assert (ran.code, ran.err.splitlines()) == (2, [said])
    assert out.read_bytes() == b"somebody's own"
    out.write_bytes(b"")
    for _ in range(2):
        ran = hht(*command, out)
        assert (ran.code, "Another file" in ran.err) == (0, False), ran.err
    assert out.stat().st_size


NEVER_REPLACED = {
    "copy.db": ("backup",),
    "air.pcap": ("radio", "sniff", "--radio", "/dev/null", "--pcap"),
    "own.toml": ("profile", "learn", "visit.pcap", "--out"),
    "mine.toml": ("scenario", "new", "--example"),
}
"""What is not the same when it is made again."""


@pytest.mark.parametrize(("name", "command"), NEVER_REPLACED.items(), ids=list(NEVER_REPLACED))
def test_what_replaces_nothing_is_refused_with_the_same_code(hht, tmp_path, name, command) -> None:
    assert hht("jobs", "begin", "JOB-1").code == 0
    out = tmp_path / name
    out.write_bytes(b"as it was")
    ran = hht(*command, out)
    said = f"hht: {out}: The file is there already. Choose another name."
    assert (ran.code, ran.err.splitlines()) == (2, [said])
    assert out.read_bytes() == b"as it was"


@pytest.mark.whole_program
def test_a_report_keeps_the_notes_beside_it_and_is_not_written_without_its_text(
    hht, after_play, tmp_path
) -> None:
    after_play("no-wan-install")
    notes = tmp_path / "visit.txt"
    notes.write_text("Key safe on the left.")
    assert hht("jobs", "report", "1", "--out", tmp_path / "visit.html").code == 2
    assert notes.read_text() == "Key safe on the left."
    assert not (tmp_path / "visit.html").exists()


@pytest.mark.whole_program
def test_an_export_replaces_no_manifest_of_another_kind(hht, after_play, tmp_path) -> None:
    after_play("no-wan-install")
    manifest = tmp_path / "manifest.json"
    manifest.write_text("{}")
    assert hht("queue", "export", "--out", tmp_path).code == 2
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["manifest.json"]
    assert manifest.read_text() == "{}"


def test_a_capture_without_keys_beside_it_is_of_a_real_air_and_kept(tmp_path) -> None:
    pcap = tmp_path / "air.pcap"
    assert hub_options(1, pcap)
    pcap.write_bytes(b"heard at the hub's power-on")
    with pytest.raises(InputError, match="Another file has this name"):
        hub_options(1, pcap)
    (tmp_path / "air.pcap.keys").touch()
    assert hub_options(1, pcap)
