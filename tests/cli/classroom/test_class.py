"""A trainer's class on the command line: curriculum, results, override, certificate, round."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from class_samples import CURRICULUM, pass_exercise

from hht.training.classroom.folder import open_class

Hht = Callable[..., Any]


def test_a_class_from_its_curriculum_to_a_certificate_that_others_check(
    hht: Hht, tmp_path: Path
) -> None:
    course, room, page = tmp_path / "c.toml", tmp_path / "room", tmp_path / "ann.html"
    course.write_text(CURRICULUM)
    assert hht("class", "check", course, "--json").rows[0]["pass_mark"] == 60
    made = hht("class", "new", room, "--curriculum", course, "--trainee", "Ann", "--trainee", "Bo")
    assert made.code == 0
    (first, _) = hht("class", "list", room, "--json").rows
    assert (first["trainee"], first["scenario"]) == ("Ann", "join-refused")
    run = pass_exercise(open_class(room))
    assert hht("certificate", "make", room, "2", "--out", page).code == 1
    given = hht("class", "override", room, "1", "1", "clock", "50", "--reason", "Late", "--by", "T")
    assert "100 -> 50" in given.out
    rows = hht("class", "results", room, "--csv", tmp_path / "r.csv", "--json").rows
    assert [(row["points"], row["passed"], row["clock"]) for row in rows] == [
        (100, True, 50),
        (None, False, None),
    ]
    assert (tmp_path / "r.csv").exists()
    assert hht("certificate", "make", room, "1", "--out", page, "--by", "T").code == 0
    name = hht("certificate", "key").out.strip()
    known = hht("certificate", "verify", page, "--json")
    assert (known.code, known.rows[0]["signer"], known.rows[0]["known"]) == (0, name, True)
    elsewhere = ("--data-dir", tmp_path / "elsewhere", "certificate", "verify", page)
    unknown = hht(*elsewhere)
    assert unknown.code == 1
    assert f"does not know: {name}" in unknown.out
    assert not (tmp_path / "elsewhere" / "training.db").exists()
    assert hht(*elsewhere, "--key", name).code == 0
    page.write_bytes(page.read_bytes().replace(b"Ann", b"Bob"))
    changed = hht("certificate", "verify", page)
    assert (changed.code, "INVALID" in changed.out) == (1, True)
    assert "round 2" in hht("class", "round", room).out
    assert hht("class", "results", room, "--json").rows[0]["state"] == "not begun"
    assert run.run_dir.exists()


def test_a_mistake_in_a_curriculum_is_one_line(hht: Hht, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(CURRICULUM.replace("60", "200"))
    ran = hht("class", "check", tmp_path / "c.toml")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert "c.toml, line 2" in ran.err
    assert "from 0 to 100" in hht("class", "check", tmp_path / "c.toml").err


def test_the_example_is_checked_as_it_is_printed(hht: Hht, tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(hht("class", "check", "--example").out)
    assert len(hht("class", "check", tmp_path / "c.toml", "--json").rows) == 3
