"""What the command line says of a job's pairings and firmware, after plays without a person."""

import json
from pathlib import Path

import pytest
import warm_start
from scenario_plays import play

pytestmark = pytest.mark.whole_program


def rows_after(scenario: str, folder: Path, *command: str) -> list[dict[str, str | None]]:
    """Play a scenario and give the rows of a command about its job."""
    play(scenario, 1, "--data-dir", str(folder))
    done = warm_start.run("hht", "--data-dir", folder, *command, "1", "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_paired_display_shows_with_each_partner_that_it_is_proven(tmp_path: Path) -> None:
    rows = rows_after("ppmid-engineer", tmp_path, "jobs", "pairing")
    assert [(row["label"], row["state"]) for row in rows] == [("PPMID", "proven")] * 4
    assert rows[0]["partner"] is None
    assert len({row["partner"] for row in rows}) == 4


def test_a_switch_a_display_and_a_cad_are_let_in_by_ccs01_and_shown_with_their_partners(
    tmp_path: Path,
) -> None:
    rows = rows_after("switch-and-display", tmp_path, "jobs", "pairing")
    assert [row["label"] for row in rows] == [*2 * ["HCALCS"], *3 * ["IHD"], *3 * ["CAD"]]
    assert {row["state"] for row in rows} == {"proven"}


def test_an_added_display_with_another_code_is_said_not_to_be_proven(tmp_path: Path) -> None:
    on_han, esme = rows_after("ppmid-wrong-code", tmp_path, "jobs", "pairing")
    assert on_han["state"] == "half"
    assert "Install Code" in str(on_han["said"])
    assert esme["state"] == "refused"


def test_another_units_certificate_is_the_gas_meters_refusal_alone(tmp_path: Path) -> None:
    rows = rows_after("ppmid-other-units-certificate", tmp_path, "jobs", "pairing")
    assert [row["state"] for row in rows] == ["proven", "proven", "proven", "refused"]


def test_the_table_of_firmware_has_version_transfer_and_the_hash_to_activate(
    tmp_path: Path,
) -> None:
    rows = {row["label"]: row for row in rows_after("firmware-hcalcs", tmp_path, *VERSIONS)}
    assert rows["ESME"]["version"] is None
    switch = rows["HCALCS"]
    assert (switch["version"], switch["told_by"]) == ("0A0B0C0D", "CS06")
    assert len(str(switch["activation_sha256"])) == 64
    assert switch["image"] == "this image is verified"
    assert switch["transfer"] == "the hub has given it the image"


def test_the_hash_of_another_image_is_reported_before_anybody_activates_it(tmp_path: Path) -> None:
    rows = {row["label"]: row for row in rows_after("firmware-wrong-hash", tmp_path, *VERSIONS)}
    assert rows["HCALCS"]["image"] == "the Device has reported another image"
    assert rows["HCALCS"]["told_by"] == "CS08"


VERSIONS = ("firmware", "versions")
