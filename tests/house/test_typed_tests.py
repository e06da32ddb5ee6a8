"""Tests are checked by mypy as the program is; no module of theirs is passed over."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mypy"]


def test_mypy_reads_the_program_and_the_tests_strictly() -> None:
    assert {"hht", "screens", "tests"} <= set(settings()["files"])
    assert settings()["strict"] is True


def test_no_module_is_passed_over() -> None:
    assert not {"ignore_errors", "exclude"} & settings().keys()
    assert not [each for each in settings()["overrides"] if "ignore_errors" in each]
    by_comment = "# mypy: " + "ignore-errors"
    texts = {path: path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("*.py"))}
    assert [path for path, text in texts.items() if by_comment in text] == []
