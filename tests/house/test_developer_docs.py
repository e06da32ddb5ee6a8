"""What the documents for developers name is there, and every room has its line."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("docs/architecture.md", "docs/adding.md", "docs/glossary.md", "CONTRIBUTING.md")
PATH = re.compile(r"`((?:hht|screens|assets|tests|docs|packaging|\.ci)/[\w./-]+|[\w]+\.md)`")
NAME_IN_FILE = re.compile(r"`([\w/]+\.py)`:\s+`(\w+)`")
CALLED = re.compile(r"`([A-Za-z_][\w.]*)(?:\([^`)]*\))?`")
"""A name, or a call with its arguments."""
RECIPES = (
    "A use case, to read",
    "A use case, to simulate",
    "A Service Request in the head-end",
    "A screen",
    "A command",
    "A scenario",
    "An EZSP version",
    "A fault",
)


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_that_a_document_names_is_there(name: str) -> None:
    named = PATH.findall(text_of(name))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_name_is_still_in_its_file() -> None:
    pairs = NAME_IN_FILE.findall(text_of("docs/adding.md"))
    assert len(pairs) > 12
    assert [pair for pair in pairs if not re.search(rf"\b{pair[1]}\b", text_of(pair[0]))] == []


def test_every_name_that_the_architecture_has_is_in_the_program() -> None:
    paths = (path for top in ("hht", "screens", "tests") for path in (ROOT / top).rglob("*.py"))
    words = set(re.findall(r"\w+", "\n".join(path.read_text("utf-8") for path in paths)))
    named = CALLED.findall(text_of("docs/architecture.md"))
    assert len(named) > 25
    missing = [name for name in named if not set(name.split(".")) <= words]
    assert missing == []


def test_there_is_a_recipe_for_each_thing_that_is_often_added() -> None:
    headings = re.findall(r"^## (.*)$", text_of("docs/adding.md"), re.MULTILINE)
    assert set(RECIPES) <= set(headings)


def test_every_room_has_a_line_in_the_architecture() -> None:
    rooms = {f"hht/{path.parent.name}" for path in (ROOT / "hht").glob("*/__init__.py")}
    lines = re.findall(r"^\| `([\w/]+)` \|", text_of("docs/architecture.md"), re.MULTILINE)
    assert {*rooms, "screens"} == set(lines)


def contracts() -> dict[str, Any]:
    """The contracts of import-linter, by name."""
    settings = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]
    return {each["name"]: each for each in settings["contracts"]}


def test_the_rooms_are_listed_in_the_order_in_which_imports_point() -> None:
    rank = {
        f"hht/{room}": number
        for number, layer in enumerate(contracts()["imports point one way"]["layers"])
        for room in layer.split(" | ")
    }
    lines = re.findall(r"^\| `(hht/\w+)` \|", text_of("docs/architecture.md"), re.MULTILINE)
    assert lines == sorted(lines, key=rank.__getitem__)


def test_the_screen_is_forbidden_to_every_room_but_the_command_line() -> None:
    layers = contracts()["imports point one way"]["layers"]
    rooms = {f"hht.{room}" for layer in layers for room in layer.split(" | ")}
    (forbidden,) = (
        each for each in contracts().values() if "textual" in each.get("forbidden_modules", ())
    )
    assert {*forbidden["source_modules"]} == rooms - {"hht.cli", "hht.__main__"}


def test_every_recipe_for_a_screen_or_a_fault_still_holds() -> None:
    """A screen's F1 text, and a fault's line in the trainer's guide, are where the recipe says."""
    from hht.simulator.hub.faults.kinds import FAULTS

    guide = text_of("docs/scenarios.md")
    assert [fault for fault in FAULTS if f"`{fault}`" not in guide] == []
