"""A whole program is marked in its own test module, where .ci/run looks for the mark."""

from pathlib import Path

from sources import ROOT

MARK = "whole_program"


def gives_the_mark(path: Path) -> bool:
    return MARK in path.read_text("utf-8") and not path.name.startswith("test_")


def test_no_shared_file_marks_a_test_as_a_whole_program(tmp_path: Path) -> None:
    """.ci/run collects only modules that name the mark: one given from elsewhere plays nowhere."""
    shared = tmp_path / "conftest.py"
    shared.write_text(f"item.add_marker('{MARK}')")
    assert gives_the_mark(shared)
    assert not list(filter(gives_the_mark, (ROOT / "tests").rglob("*.py")))
