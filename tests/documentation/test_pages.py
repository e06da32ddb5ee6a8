"""README and docs name only commands, options and files that are there; the man page has all."""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from hht.cli.program import build_app
from hht.duis.job.pack_schema import known_names

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CODE = re.compile(r"`(hht [^`]+)`|^\$ (hht (?:.*\\\n)*.*)", re.MULTILINE)
NAMED = re.compile(r"`((?:docs|packaging|assets|hht|screens|tests)/[\w./-]+)`")
OPTION = re.compile(r"--[a-z][a-z-]*")


def tree() -> Any:
    """Build the command tree: typer's own click, which other annotations do not know."""
    return typer.main.get_command(build_app())


def nodes(command: Any, path: tuple[str, ...] = ("hht",)) -> Iterator[tuple[str, Any]]:
    yield " ".join(path), command
    for name, child in getattr(command, "commands", {}).items():
        yield from nodes(child, (*path, name))


def options_of(command: Any) -> set[str]:
    return {name for each in command.params for name in (*each.opts, *each.secondary_opts)}


def unknown_in(said: str, root: Any) -> list[str]:
    """What of a command line of hht does not exist: a command behind a group, or an option."""
    command, known, words = root, options_of(root) | {"--help"}, re.split(r"[\s|]+", said)[1:]
    unknown = []
    for word in words:
        children = getattr(command, "commands", {})
        if word in children:
            command = children[word]
            known |= options_of(command)
        elif word.startswith("--") and (named := OPTION.match(word)) and named[0] not in known:
            unknown.append(f"{said}: {named[0]}")
    return unknown


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_the_first_lines_of_a_page_say_whom_it_is_for(page: Path) -> None:
    heading, *start = page.read_text(encoding="utf-8").splitlines()[:4]
    assert re.search(r"For (the|whoever|everybody)\b", "\n".join([heading, *start]))


def test_each_page_is_reached_from_the_readme_by_the_pages_that_pages_name() -> None:
    reached, new = set[Path](), {PAGES[0]}
    while new:
        reached |= new
        named = {ROOT / name for page in new for name in NAMED.findall(page.read_text("utf-8"))}
        new = {page for page in named if page.suffix == ".md"} - reached
    assert [page.name for page in PAGES if page not in reached] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_option_and_file_that_a_page_names_is_there(page: Path) -> None:
    root, text = tree(), page.read_text(encoding="utf-8")
    said = [" ".join((inline or line).split()) for inline, line in CODE.findall(text)]
    assert [each for line in said for each in unknown_in(line, root)] == []
    assert [name for name in NAMED.findall(text) if not (ROOT / name).exists()] == []


def test_the_page_of_job_packs_lists_every_name_of_its_schema() -> None:
    page = (ROOT / "docs" / "job-pack.md").read_text(encoding="utf-8")
    listed = tomllib.loads(page.partition("```toml\n")[2].partition("```")[0])
    for table, names in known_names():
        given = listed[table] if table else listed
        tables = given if isinstance(given, list) else [given]
        assert names <= {name for each in tables for name in each}, table


@pytest.mark.parametrize("folder", ["examples", "schemas"])
def test_files_that_the_pages_lead_to_are_installed_beside_them(folder: str) -> None:
    assert any(f"`docs/{folder}" in page.read_text(encoding="utf-8") for page in PAGES)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["data-files"][f"share/doc/hht/{folder}"]
    installed = {path for pattern in patterns for path in ROOT.glob(pattern)}
    assert installed == {path for path in (ROOT / "docs" / folder).iterdir() if path.is_file()}


def test_the_summary_of_every_command_is_whole_in_the_list_of_its_group() -> None:
    for path, group in nodes(tree()):
        shown = dict(getattr(group, "commands", {}))
        room = 78 - 6 - max(map(len, shown), default=0)  # click leaves two of the 80 free
        cut = [name for name, each in shown.items() if each.get_short_help_str(room)[-3:] == "..."]
        assert not cut, path


def test_a_command_or_option_that_is_not_there_is_noticed() -> None:
    assert unknown_in("hht survey advise --plane x", tree()) == [
        "hht survey advise --plane x: --plane"
    ]


def test_every_command_and_every_option_stands_in_the_man_page_with_its_help(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    monkeypatch.delitem(sys.modules, "command_tree", raising=False)
    import command_tree  # type: ignore[import-not-found]

    root = tree()
    page = command_tree.man_page(root).replace("\\-", "-")
    for path, command in nodes(root):
        if command.hidden or path == "hht":
            continue
        assert path in page or path.upper() in page, path
        assert command.help, path
        for each in command.params:
            if each.param_type_name == "option" and not each.hidden:
                assert all(name in page for name in each.opts), (path, each.name)
                assert each.help, (path, each.name)
