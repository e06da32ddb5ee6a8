"""Building: nothing of a faulty manifest is taken, and what was broken off goes on."""

import csv
import json
import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from facility_site import FacilitySite

from hht.errors import HhtError
from hht.facility.batches.book_keeping import FindBatches, Package
from hht.facility.building.build import Builder
from hht.facility.building.parallel import in_parallel
from hht.facility.manifest import Manifest
from hht.facility.package.keys import FacilityKey

pytestmark = pytest.mark.whole_program

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def site(tmp_path: Path) -> FacilitySite:
    made = FacilitySite(tmp_path)
    made.hht("init")
    made.hht("example", "--units", "4", "--out", str(tmp_path / "example"))
    return made


def rewrite(site: FacilitySite, name: str, **changes: str) -> Path:
    """The manifest with other cells in its first row."""
    with site.manifest.open(newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0] |= changes
    path = site.manifest.with_name(name)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def build(site: FacilitySite, path: Path, *options: str, code: int = 0) -> list[dict[str, Any]]:
    ran = site.hht("build", str(path), "--json", *options, code=code)
    return [json.loads(line) for line in ran.stdout.splitlines()]


def packages(site: FacilitySite) -> dict[str, bytes]:
    books = site.books()
    made = {eui: (books.do(Package(site.batch, eui)) or (b"", b""))[1] for eui in site.rows()}
    books.close()
    return made


def test_a_manifest_with_an_error_opens_no_batch(site: FacilitySite) -> None:
    bad = rewrite(site, "bad.csv", chf="00-DB-00-00-00-00-F0-09")
    found = build(site, bad, code=1)
    assert {each["code"] for each in found if each["severity"] == "error"} == {"wrong-hub"}
    assert "No batch is open" in site.hht("status", code=1).stderr


def test_built_again_it_adds_nothing_and_makes_the_same_packages(site: FacilitySite) -> None:
    first = build(site, site.manifest)[-1]
    site.batch = first["batch"]
    made = packages(site)
    again = build(site, site.manifest, "--workers", "1")[-1]
    assert (again["batch"], again["added"]) == (first["batch"], 0)
    assert packages(site) == made


def test_a_unit_in_an_open_batch_is_in_no_second_one(site: FacilitySite) -> None:
    build(site, site.manifest)
    other = rewrite(site, "other.csv", serial="another")
    found = build(site, other, code=1)
    assert [each["code"] for each in found].count("in-open-batch") == 4


def test_a_batch_that_is_refused_while_it_is_made_leaves_its_units_free(tmp_path: Path) -> None:
    site = FacilitySite(tmp_path)
    site.hht("example", "--units", "22", "--out", str(tmp_path / "example"))
    manifest = Manifest(site.manifest)
    certificate = manifest.path.parent / list(manifest.rows())[-1].cells["certificate"]
    kept = certificate.read_bytes()
    books = site.books()

    def spoil(done: str, rows: int) -> None:
        if (done, rows) == ("built", 20):
            certificate.write_bytes(b"of another kind")

    builder = Builder(books, FacilityKey.generate(), workers=1, progress=spoil)
    with pytest.raises(HhtError, match="certificate is none"):
        builder.build(manifest, NOW)
    assert books.do(FindBatches()) == []
    certificate.write_bytes(kept)
    other = Manifest(rewrite(site, "other.csv", serial="another"))
    assert Builder(books, FacilityKey.generate(), workers=1).build(other, NOW).added == 22
    books.close()


def test_a_held_unit_gets_its_package_when_its_certificate_is_there(site: FacilitySite) -> None:
    row = build(site, rewrite(site, "without.csv", certificate=""))[-1]
    site.batch = row["batch"]
    assert row["held"] == 1
    assert sorted(each.state for each in site.rows().values()) == ["held"] + 3 * ["waiting"]
    assert build(site, site.manifest, "--into", site.batch)[-1]["added"] == 1
    assert {each.state for each in site.rows().values()} == {"waiting"}
    assert site.load(slots=2).summary["loaded"] == 4


def test_without_a_key_there_is_no_build(tmp_path: Path) -> None:
    other = FacilitySite(tmp_path)
    (tmp_path / "m.csv").write_text("eui,install_code,hht_eui,hht_install_code,chf,commands\nx\n")
    ran = other.hht("build", str(tmp_path / "m.csv"), code=1)
    assert "hht facility init" in ran.stderr


def test_a_makers_columns_are_kept_as_a_profile(site: FacilitySite) -> None:
    text = site.manifest.read_text().replace("eui,", "IEEE,", 1)
    site.manifest.write_text(text)
    names = site.folder / "maker.toml"
    names.write_text('eui = "IEEE"\n')
    assert site.hht("check", str(site.manifest), "--columns", "maker", code=2).stderr
    site.hht("check", str(site.manifest), "--columns", str(names))
    site.hht("check", str(site.manifest), "--columns", "maker")


def test_a_last_day_that_has_passed_is_refused(site: FacilitySite) -> None:
    ran = site.hht("build", str(site.manifest), "--not-after", "2020-01-01", code=2)
    assert "The last day has passed" in ran.stderr


def test_the_signing_key_is_sealed_by_the_pin(site: FacilitySite, monkeypatch) -> None:
    from hht.facility.signing_key import SECRET
    from hht.store.databases import open_store

    with open_store(site.data_dir, "facility") as store:
        secret = store.secrets.get(SECRET)
        store.vault.protect("482913")
    files = [path.read_bytes() for path in site.data_dir.glob("facility.db*")]
    assert not any(secret in content or secret.hex().encode() in content for content in files)
    assert "PIN" in site.hht("build", str(site.manifest), code=1).stderr
    (site.folder / "pin").write_text("482913")
    monkeypatch.setenv("HHT_PIN_FILE", str(site.folder / "pin"))
    build(site, site.manifest)


def test_workers_give_their_results_in_the_order_of_the_rows() -> None:
    for workers in (1, 2, 3):
        made = [each for some in in_parallel(str, range(1000), workers) for each in some]
        assert made == [str(number) for number in range(1000)]


def test_workers_end_whatever_the_parent_does_on_a_signal() -> None:
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        assert list(in_parallel(str, range(3), 2)) == [["0", "1", "2"]]
    finally:
        signal.signal(signal.SIGTERM, before)


def test_an_error_in_a_worker_is_the_callers() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        list(in_parallel(int, ["1", "x"], 2))


def test_a_worker_that_is_killed_ends_the_work_in_place_of_hanging() -> None:
    with pytest.raises(HhtError, match="ended from outside"):
        list(in_parallel(os._exit, [1], 2))
