"""Every page has commands, in blocks that are run (tests/documentation runs them)."""

from pathlib import Path

import pytest
from console_blocks import complaint

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_commands_and_all_of_them_are_run(page: Path) -> None:
    assert complaint(page.read_text(encoding="utf-8")) == ""


def test_a_page_without_commands_or_with_an_indented_one_is_noticed() -> None:
    assert complaint("# Words\n") == "no console block"
    assert "indented" in complaint("Run it:\n\n    hht train\n")
    assert "not run" in complaint("```sh\nhht train\n```\n")
