"""`hht jobs check` as a depot calls it."""

import json

import pytest
from store_samples import CCS01_COMMAND, open_store, pack

from hht.store import Mode


@pytest.mark.xdist_group("kept play")
def test_the_job_of_an_exercise_is_sound_as_a_pack_and_as_an_imported_job(
    hht, data_dir, after_play
) -> None:
    after_play("no-wan-install")
    pack = data_dir / "training/runs/no-wan-install-1/job"
    for given in (pack, "1"):
        ran = hht("jobs", "check", given, "--json")
        assert (ran.code, ran.rows) == (0, [])
    assert "no fault found" in hht("jobs", "check", pack).out


@pytest.mark.xdist_group("kept play")
def test_a_fault_exits_with_one_and_names_file_device_and_remedy(hht, data_dir, after_play) -> None:
    after_play("no-wan-install")
    pack = data_dir / "training/runs/no-wan-install-1/job"
    next(pack.glob("*ccs01-gsme.xml")).unlink()
    ran = hht("jobs", "check", pack, "--json")
    assert ran.code == 1
    assert {row["code"] for row in ran.rows} == {"missing-file", "missing-add"}
    assert all(set(row) == {"severity", "code", "where", "what", "remedy"} for row in ran.rows)


def test_a_job_whose_hub_profile_is_gone_is_found_before_the_van_leaves(hht, data_dir) -> None:
    with open_store(data_dir, Mode.LIVE) as store:
        job = store.jobs.add(pack(CCS01_COMMAND, mode="live"))
        store.jobs.set_profile(job.id, "/media/gone/own.toml")
    ran = hht("jobs", "check", "1", "--json")
    assert ran.code == 1
    (found,) = [row for row in ran.rows if row["code"] == "no-profile"]
    assert "/media/gone/own.toml" in found["what"]


@pytest.mark.xdist_group("kept play")
def test_a_name_that_no_pack_has_is_a_warning_with_its_line(hht, data_dir, after_play) -> None:
    after_play("no-wan-install")
    folder = data_dir / "training/runs/no-wan-install-1/job"
    described = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    described |= {"format": "hht-job/2", "refrence_typo": "JOB-1"}
    (folder / "job.json").write_text(json.dumps(described, indent=1), encoding="utf-8")
    ran = hht("jobs", "check", folder, "--json")
    assert (ran.code, [row["code"] for row in ran.rows]) == (0, ["unknown-name"])
    assert "line" in ran.rows[0]["where"]
    assert ran.rows[0]["what"] == "'refrence_typo' is unknown"


def test_a_path_that_is_not_there_exits_with_two(hht) -> None:
    ran = hht("jobs", "check", "./nowhere.zip")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)


@pytest.mark.xdist_group("kept play")
def test_a_job_of_the_training_data_is_meant_by_its_mode(hht, after_play) -> None:
    after_play("no-wan-install")
    assert hht("jobs", "begin", "JOB-9", "--mode", "live").code == 0
    assert "17 Local Commands" in hht("jobs", "check", "1", "--mode", "training").out
    assert "0 Local Commands" in hht("jobs", "check", "1").out


@pytest.mark.parametrize("command", ["check", "rehearse"])
def test_a_number_that_no_list_has_is_refused_in_a_line(hht, command) -> None:
    assert hht("jobs", "begin", "JOB-9").code == 0
    ran = hht("jobs", command, "9" * 5000)
    assert (ran.code, ran.out, ran.err.count("so large a number")) == (1, "", 1)


def test_what_a_pack_has_of_control_characters_reaches_no_terminal(hht, tmp_path) -> None:
    job: dict[str, object] = {
        "format": "hht-job/2",
        "mode": "\x1b[31mli\nve",
        "reference": "1",
        "title": "x",
    }
    job["hub"] = {"chf": "00-DB-00-00-00-00-10-A2", "gpf": "00-DB-00-00-00-00-10-A3"}
    job["commands"] = [{"file": "\x1b[31m\n", "title": "1"}]
    (tmp_path / "job.json").write_text(json.dumps(job))
    ran = hht("jobs", "check", tmp_path)
    assert (ran.code, ran.out.count("\n")) == (1, 2)
    assert ran.out.replace("\n", "").isprintable()
