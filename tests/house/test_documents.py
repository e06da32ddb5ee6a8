"""Every page has commands, in blocks that are run (tests/documentation runs them)."""

import re
import subprocess
from pathlib import Path

import pytest
from console_blocks import complaint

ROOT = Path(__file__).parents[2]
VARIABLE = re.compile(r'"(HHT_[A-Z_]+)"')
FOR_TESTS = {"HHT_CRASH_AT", "HHT_DIE_AT"}
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_commands_and_all_of_them_are_run(page: Path) -> None:
    assert complaint(page.read_text(encoding="utf-8")) == ""


def test_a_page_without_commands_or_with_an_indented_one_is_noticed() -> None:
    assert complaint("# Words\n") == "no console block"
    for indent in ("    ", "\t"):
        assert "indented" in complaint(f"Run it:\n\n{indent}hht train\n")
    for fence in ("```sh\n", "~~~\n", "  ```console\n", "```\n$ "):
        assert "not run" in complaint(f"{fence}hht train\n")
    assert "without a command" in complaint("```console\nhht train\n```\n")


def test_every_variable_that_the_program_reads_is_in_the_man_page_or_for_tests_alone() -> None:
    grep = ("grep", "-rhE", "--include=*.py", VARIABLE.pattern, "hht", "screens")
    read = set(VARIABLE.findall(subprocess.check_output(grep, cwd=ROOT, text=True)))
    man_page = (ROOT / "packaging" / "command_tree.py").read_text("utf-8")
    assert read > FOR_TESTS
    assert read - FOR_TESTS <= set(VARIABLE.findall(man_page))
