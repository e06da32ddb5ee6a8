"""`hht import`: what is taken in, and the one line for what is refused."""

import json

import pytest

pytestmark = pytest.mark.shared


def test_a_local_command_becomes_a_live_job_once(hht, shared):
    sample = shared / "duis/samples/local-command_8.11_CCS01.xml"
    first, again = hht("import", "--json", sample), hht("import", "--json", sample)
    assert first.rows[0]["mode"] == "live"
    assert first.rows == again.rows
    assert len(hht("jobs", "list", "--json").rows) == 1


def test_its_command_keeps_the_request_id(hht, shared):
    hht("import", shared / "duis/samples/local-command_8.11_CCS01.xml")
    (row,) = hht("jobs", "show", "1", "--json").rows
    assert row["request_id"] == "90-B3-D5-1F-30-01-00-00:00-DB-12-34-56-78-90-A2:1001"
    assert row["state"] == "waiting"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("precommand_8.7.1.xml", "Pre-Command"),
        ("ack_I99_8.13.xml", "acknowledgement"),
        ("bad_I96.xml", "I96"),
        ("device-alert_8F66.xml", "over the WAN"),
    ],
)
def test_what_cannot_be_delivered_is_refused_with_the_reason(hht, shared, name, said):
    ran = hht("import", shared / "duis/samples" / name)
    assert ran.code == 2
    assert name in ran.err
    assert said in ran.err
    assert ran.err.count("\n") == 1
    assert hht("jobs", "list", "--json").rows == []


def test_truncated_xml_is_refused_with_its_line(hht, shared, tmp_path):
    whole = (shared / "duis/samples/local-command_8.11_CCS01.xml").read_bytes()
    cut = tmp_path / "cut.xml"
    cut.write_bytes(whole[: len(whole) // 2])
    ran = hht("import", cut)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "cut.xml" in ran.err
    assert "at line 2: " in ran.err
    assert "(<string>" not in ran.err


def test_a_pack_with_a_command_for_another_hub_is_refused(hht, shared, tmp_path):
    pack = tmp_path / "pack"
    pack.mkdir()
    sample = shared / "duis/samples/local-command_8.11_CCS01.xml"
    (pack / "01.xml").write_bytes(sample.read_bytes())
    job = {
        "format": "hht-job/1",
        "mode": "live",
        "reference": "J1",
        "title": "Install",
        "hub": {"gpf": "00-DB-12-34-56-78-90-B3", "chf": "00-DB-12-34-56-78-90-B2"},
        "devices": [],
        "commands": [{"file": "01.xml", "title": "Let the ESME join", "after": []}],
    }
    (pack / "job.json").write_text(json.dumps(job))
    ran = hht("import", pack)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "00-DB-12-34-56-78-90-A2" in ran.err


def test_a_bad_path_stops_no_other_and_makes_the_exit_code_2(hht, shared, tmp_path):
    samples = shared / "duis/samples"
    good = [
        samples / "local-command_8.11_CCS01.xml",
        samples / "local-command_11.3_CS06.xml",
    ]
    bad = [tmp_path / "absent.xml", samples / "precommand_8.7.1.xml"]
    ran = hht("import", bad[0], good[0], bad[1], good[1])
    assert ran.code == 2
    assert [line.partition(",")[0] for line in ran.out.splitlines()] == ["live job 1", "live job 2"]
    assert all(str(path) in line for path, line in zip(bad, ran.err.splitlines(), strict=True))
    assert all(line.startswith("hht: ") for line in ran.err.splitlines())
    assert len(hht("jobs", "list", "--json").rows) == 2


def test_every_path_has_its_object(hht, shared, tmp_path):
    good = shared / "duis/samples/local-command_8.11_CCS01.xml"
    ran = hht("import", "--json", tmp_path / "absent.xml", good)
    assert [row["path"] for row in ran.rows] == [str(tmp_path / "absent.xml"), str(good)]
    assert [row["job"] for row in ran.rows] == [None, 1]
    assert "cannot be read" in ran.rows[0]["error"]
    assert ran.rows[1]["error"] is None
    assert ran.rows[0].keys() == ran.rows[1].keys()


def test_every_path_is_read_before_anything_is_kept(hht, shared, tmp_path, data_dir):
    ran = hht("import", tmp_path / "absent.xml")
    assert ran.code == 2
    assert not (data_dir / "live.db").exists()


def test_a_database_that_cannot_be_opened_has_its_line_for_each_path(hht, shared, data_dir):
    data_dir.mkdir(mode=0o700)
    (data_dir / "live.db").write_text("Dear diary")
    samples = [
        shared / "duis/samples" / name
        for name in ("local-command_8.11_CCS01.xml", "local-command_11.3_CS06.xml")
    ]
    ran = hht("import", *samples)
    assert ran.code == 1
    assert ran.err.count("\n") == 2


def test_what_is_marked_as_training_data_becomes_nothing_else(hht, shared, tmp_path, data_dir):
    sample = (shared / "duis/samples/local-command_8.11_CCS01.xml").read_bytes()
    marked = tmp_path / "marked.xml"
    marked.write_bytes(sample.replace(b"<sr:Response", b"<?hht training?><sr:Response", 1))
    ran = hht("import", marked)
    assert ran.code == 2
    assert "marked as training data" in ran.err
    assert not (data_dir / "live.db").exists()
    assert hht("import", "--training", "--json", marked).rows[0]["mode"] == "training"


def test_the_commands_of_a_training_job_are_refused_as_live_ones(hht, site, tmp_path):
    (tmp_path / "loose").mkdir()
    for path in site.job_dir.glob("*.xml"):
        (tmp_path / "loose" / path.name).write_bytes(path.read_bytes())
    ran = hht("import", tmp_path / "loose")
    assert ran.code == 2
    assert "marked as training data" in ran.err
    job = json.loads((site.job_dir / "job.json").read_text())
    (tmp_path / "loose" / "job.json").write_text(json.dumps(job | {"mode": "live"}))
    ran = hht("import", tmp_path / "loose")
    assert ran.code == 2
    assert "marked as training data" in ran.err
