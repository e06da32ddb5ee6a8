"""The end of a batch: every unit is named, and the evidence answers for itself."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from facility_site import FacilitySite

from hht.facility.unit.faults import FAULTS

pytestmark = pytest.mark.whole_program


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> FacilitySite:
    made = FacilitySite(tmp_path_factory.mktemp("site")).make(2 * len(FAULTS), faults=True)
    for unit in sorted(made.units_dir.glob("*.unit"))[-4:]:
        unit.rename(unit.with_suffix(".away"))  # four units that are not brought
    made.load(slots=6)
    return made


def report(site: FacilitySite, path: Path) -> list[dict[str, Any]]:
    site.hht("report", site.batch, "--out", str(path))
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_loaded_rejected_and_missing_are_the_manifest_by_name(
    site: FacilitySite, tmp_path: Path
) -> None:
    lines = report(site, tmp_path / "e")
    units = {each["eui"]: each["state"] for each in lines if each["line"] == "unit"}
    assert set(units) == set(site.rows())
    end = lines[-1]
    assert end["loaded"] + end["rejected"] + end["missing"] == end["units"] == len(units)
    closed = site.hht("close", site.batch, "--json").stdout.splitlines()
    named = [json.loads(line) for line in closed]
    missing = {each["eui"] for each in named if each["event"] == "missing"}
    assert len(missing) == end["missing"] >= 4
    assert named[-1]["event"] == "summary"
    assert site.hht("status", site.batch, "--json").stdout.count('"state":"closed"') == 1


def test_evidence_holds_and_any_change_of_it_does_not(site: FacilitySite, tmp_path: Path) -> None:
    path = tmp_path / "evidence.jsonl"
    report(site, path)
    assert "it holds" in site.hht("verify", str(path)).stdout
    whole, draw = path.read_bytes(), random.Random(7)
    lines = whole.splitlines(keepends=True)
    spoiled = [b"".join(lines[:-1]), b"".join(lines[1:]), whole + lines[-1], b"", b"[]\n"]
    spelt = [(b"\n", b"\r\n"), (b":", b": "), (b"{", b"{ "), (b"\n", b"\n\n")]
    spoiled += [whole[:-1], b"\xef\xbb\xbf" + whole]
    spoiled += [whole.replace(said, other, 1) for said, other in spelt]
    for _ in range(6):
        at = draw.randrange(len(whole))
        spoiled.append(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    for content in spoiled:
        path.write_bytes(content)
        refused = site.hht("verify", str(path), code=None)
        assert refused.returncode == 1, content[:80]
        assert len(refused.stderr.splitlines()) == 1, refused.stderr


def test_a_label_that_is_asked_for_is_written_and_no_other(
    site: FacilitySite, tmp_path: Path
) -> None:
    rows = site.rows().items()
    first, second = [eui for eui, row in rows if row.state.value in ("loaded", "rejected")][:2]
    asked = ("--unit", first, "--unit", second.lower())
    said = site.hht("label", site.batch, "--out", str(tmp_path / "labels"), *asked).stdout
    assert said.startswith("2 labels in ")
    names = {each.stem for each in (tmp_path / "labels").iterdir()}
    assert names == {each.replace("-", "").lower() for each in (first, second)}


def test_what_was_seen_is_apart_from_what_was_meant(site: FacilitySite, tmp_path: Path) -> None:
    for each in report(site, tmp_path / "e"):
        if each["line"] != "unit":
            continue
        assert each["intended"]["package_sha256"]
        seen = each["observed"]["receipt"]
        assert (seen is not None) == (each["state"] == "loaded")


def test_no_secret_is_in_books_evidence_or_output(site: FacilitySite, tmp_path: Path) -> None:
    report(site, tmp_path / "e")
    codes = [line.split(",") for line in site.manifest.read_text().splitlines()[1:]]
    planted = [bytes.fromhex(cell[:-4]) for row in codes for cell in (row[1], row[3])]
    planted += [memory.agreement_key for memory in site.memories().values()]
    books = site.books_file() + (tmp_path / "e").read_bytes()
    assert site.batch.encode() in books
    for secret in planted:
        assert secret not in books
        assert secret.hex().encode() not in books.lower()
    assert len(planted) > 100


def test_a_closed_batch_stays_as_its_evidence_says_and_is_named_where_none_is_open(
    site: FacilitySite, tmp_path: Path
) -> None:
    site.hht("close", site.batch)
    rejected = next(eui for eui, row in site.rows().items() if row.state == "rejected")
    for arguments in (
        ("retry", rejected, "--operator", "Ada", "--batch", site.batch),
        ("build", str(site.manifest), "--into", site.batch),
    ):
        assert "The batch is closed" in site.hht(*arguments, code=2).stderr
    unnamed = site.hht("report", "--out", str(tmp_path / "e"), code=1).stderr
    assert f"No batch is open. Name one, the newest first: {site.batch} (closed)" in unnamed
