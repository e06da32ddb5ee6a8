"""`hht jobs check` as a depot calls it."""


def test_the_job_of_an_exercise_is_sound_as_a_pack_and_as_an_imported_job(
    hht, data_dir, after_play
) -> None:
    after_play("no-wan-install")
    pack = data_dir / "training/runs/no-wan-install-1/job"
    for given in (pack, "1"):
        ran = hht("jobs", "check", given, "--json")
        assert (ran.code, ran.rows) == (0, [])
    assert "no fault found" in hht("jobs", "check", pack).out


def test_a_fault_exits_with_one_and_names_file_device_and_remedy(hht, data_dir, after_play) -> None:
    after_play("no-wan-install")
    pack = data_dir / "training/runs/no-wan-install-1/job"
    next(pack.glob("*ccs01-gsme.xml")).unlink()
    ran = hht("jobs", "check", pack, "--json")
    assert ran.code == 1
    assert {row["code"] for row in ran.rows} == {"missing-file", "missing-add"}
    assert all(set(row) == {"severity", "code", "where", "what", "remedy"} for row in ran.rows)


def test_a_path_that_is_not_there_exits_with_two(hht) -> None:
    ran = hht("jobs", "check", "./nowhere.zip")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
