"""`hht jobs report`: one page to print, without script, link or secret, and a text twin."""

import json
import re

import pytest

pytestmark = pytest.mark.xdist_group("kept play")


@pytest.fixture
def played(after_play, data_dir):
    after_play("no-wan-install")
    return data_dir / "training/runs/no-wan-install-1"


def test_the_page_names_what_was_installed_joined_delivered_and_returned(
    hht, played, tmp_path
) -> None:
    out = tmp_path / "visit.html"
    ran = hht("jobs", "report", "1", "--out", out, "--json")
    assert ran.code == 0
    assert ran.rows[0]["bytes"] == len(out.read_bytes()) <= 200_000
    page, text = out.read_text(), out.with_suffix(".txt").read_text()
    for said in (
        "Deep indoors (from the job, not seen)",
        "joined with PPMID",
        "Let the ESME join the SM HAN",
        "SR 8.14.2",
        "keypad",
    ):
        assert said in page
        assert said in text


def test_the_page_fetches_and_runs_nothing(hht, played, tmp_path) -> None:
    hht("jobs", "report", "1", "--out", tmp_path / "visit.html")
    page = (tmp_path / "visit.html").read_text().lower()
    assert not re.search(r"<(script|link|a|img|iframe|object|form|base|meta http)[ >]", page)
    assert not re.search(r"https?:|src=|href=|url\(|@import|javascript:|on[a-z]+=", page)


def test_no_secret_of_the_site_is_in_it(hht, played, tmp_path) -> None:
    hht("jobs", "report", "1", "--out", tmp_path / "visit.html")
    site = json.loads((played / "site.json").read_text())
    identity = json.loads((played / "hht-identity.json").read_text())
    secrets = [*site["install_codes"].values(), site["network_key"], site["hht_install_code"]]
    secrets.append(identity["private_key"])
    for path in (tmp_path / "visit.html", tmp_path / "visit.txt"):
        plain = re.sub("[^0-9a-f]", "", path.read_text().lower())
        assert [each for each in secrets if each.lower() in plain] == []


@pytest.mark.parametrize("name", ["visit", "visit.pdf"])
def test_another_kind_of_file_is_refused_with_one_line(hht, played, tmp_path, name) -> None:
    ran = hht("jobs", "report", "1", "--out", tmp_path / name)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)


def test_a_job_that_is_not_there_has_one_line(hht, played, tmp_path) -> None:
    ran = hht("jobs", "report", "9", "--out", tmp_path / "visit.html")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert not (tmp_path / "visit.html").exists()


def test_lists_name_what_other_tools_rely_on(hht, played) -> None:
    (job,) = hht("jobs", "list", "--json").rows
    assert (job["answered"], job["total"], job["outcome"]) == (17, 17, "complete")
    commands = hht("jobs", "show", "1", "--json").rows
    assert [(row["position"], row["number"]) for row in commands] == [(n, n + 1) for n in range(17)]
    assert all({"title", "state", "reason"} <= row.keys() for row in commands)
