"""`hht facility check` as an operator's office calls it."""

from facility_samples import row, write_batch, write_manifest


def test_a_sound_manifest_exits_with_zero_and_its_warnings(hht, tmp_path) -> None:
    ran = hht("facility", "check", write_batch(tmp_path), "--json")
    assert ran.code == 0
    assert {each["severity"] for each in ran.rows} == {"warning"}
    assert set(ran.rows[0]) == {"row", "eui", "severity", "code", "what", "remedy"}


def test_an_error_exits_with_one(hht, tmp_path) -> None:
    write_batch(tmp_path)
    path = write_manifest(tmp_path / "m.csv", [row(1, chf="x"), row(2)])
    ran = hht("facility", "check", path, "--json")
    assert ran.code == 1
    assert ("bad-identity", 1) in [(each["code"], each["row"]) for each in ran.rows]
    said = hht("facility", "check", path).out
    assert "row 1: error: bad-identity" in said
    assert "error" in said.splitlines()[-1]


def test_what_cannot_be_read_exits_with_two(hht, tmp_path) -> None:
    ran = hht("facility", "check", tmp_path / "nowhere.csv")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)


def test_a_makers_columns_are_mapped(hht, tmp_path) -> None:
    path = write_batch(tmp_path)
    path.write_text(path.read_text().replace("eui,", "IEEE,", 1))
    names = tmp_path / "maker.toml"
    names.write_text('eui = "IEEE"\n')
    assert hht("facility", "check", path).code == 2
    assert hht("facility", "check", path, "--columns", names).code == 0
