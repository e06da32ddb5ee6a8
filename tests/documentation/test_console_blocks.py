"""Every command in README and docs works as it is written there, in a fresh folder.

`hht` is started warm (tests/support/warm_start.py), with HHT_LONG=1 as it is installed.
"""

import os
import shutil
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
import warm_hht
from console_blocks import PORT, Reader, first_missing, read_blocks, with_held_ports
from sampling import LONG
from warm_start import nursery

pytestmark = pytest.mark.whole_program

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = ROOT / "docs" / "examples"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_print_what_it_says(page: Path, tmp_path: Path) -> None:
    folder, home = tmp_path / "work", tmp_path / "home"
    shutil.copytree(EXAMPLES, folder)
    home.mkdir()
    (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
    programs = [str(Path(sys.executable).parent), os.environ["PATH"]]
    if not LONG:
        programs.insert(0, str(warm_programs(tmp_path / "warm")))
    reader = Reader(folder, home, os.pathsep.join(programs))
    with ExitStack() as at_the_end:
        text = with_held_ports(page.read_text(encoding="utf-8"), at_the_end)
        at_the_end.callback(reader.leave)
        for block in read_blocks(text):
            assert reader.do(block) == "", f"{page.name}, line {block.line}"


def warm_programs(folder: Path) -> Path:
    """Make a folder with an `hht` that the nursery runs."""
    folder.mkdir()
    installed = Path(sys.executable).with_name("hht")
    program = folder / "hht"
    program.write_text(
        f"#!/bin/sh\nexport HHT_TEST_NURSERY='{nursery()}' HHT_TEST_INSTALLED='{installed}'\n"
        f"exec '{sys.executable}' -IS '{warm_hht.__file__}' \"$@\"\n"
    )
    program.chmod(0o755)
    return folder


def test_no_two_pages_use_one_port_as_they_may_be_read_at_once() -> None:
    served = [
        (port, page.name)
        for page in PAGES
        for port in set(PORT.findall(page.read_text(encoding="utf-8")))
    ]
    assert len({port for port, _ in served}) == len(served), sorted(served)


def test_a_block_that_prints_something_else_is_noticed() -> None:
    assert first_missing(("one ... three",), "one two three\n") == ""
    assert "not printed" in first_missing(("three", "two"), "two\nthree\n")
