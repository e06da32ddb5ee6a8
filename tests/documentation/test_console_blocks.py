"""Every command in README and docs works as it stands there, in a fresh folder."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from console_blocks import Reader, first_missing, read_blocks

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = ROOT / "docs" / "examples"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_print_what_it_says(page: Path, tmp_path: Path) -> None:
    folder, home = tmp_path / "work", tmp_path / "home"
    shutil.copytree(EXAMPLES, folder)
    home.mkdir()
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    reader = Reader(folder, home, programs)
    try:
        for block in read_blocks(page.read_text(encoding="utf-8")):
            assert reader.do(block) == "", f"{page.name}, line {block.line}"
    finally:
        reader.leave()


def test_a_block_that_prints_something_else_is_noticed() -> None:
    assert first_missing(("one ... three",), "one two three\n") == ""
    assert "not printed" in first_missing(("three", "two"), "two\nthree\n")
