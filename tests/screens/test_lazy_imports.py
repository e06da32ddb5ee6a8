"""The first paint waits for nothing heavy: what the radio, XML and the store need comes later."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import screens

pytestmark = pytest.mark.whole_program

HEAVY = ("bellows", "zigpy", "lxml", "sqlite_utils", "cryptography", "aiohttp", "typer")

BESIDE_THE_SIMULATOR = ("trainer", "unit", "class_board", "seat")
"""Screens of an exercise or a class: they need the simulator's keys at once."""


def modules_after(code: str) -> set[str]:
    """The top-level packages that a fresh Python holds after running `code`."""
    tail = "; import json, sys; print(json.dumps([name.split('.')[0] for name in sys.modules]))"
    ended = subprocess.run(
        [sys.executable, "-c", code + tail], capture_output=True, text=True, check=True
    )
    return set(json.loads(ended.stdout))


def test_no_screen_imports_what_is_heavy() -> None:
    """One Python imports them all, and what is there then is true of each of them."""
    folder = Path(screens.__file__).parent
    modules = [
        ".".join(path.relative_to(folder.parent).with_suffix("").parts)
        for path in sorted(folder.rglob("screen.py"))
        if path.parent.name not in BESIDE_THE_SIMULATOR
    ]
    assert len(modules) > 15
    assert not modules_after(
        f"import screens.app, screens.service.lookups, {', '.join(modules)}"
    ) & set(HEAVY)


def test_the_commands_are_put_together_without_anything_heavy() -> None:
    code = "from hht.cli.program import build_app; build_app()"
    assert not modules_after(code) & ({*HEAVY, "textual"} - {"typer"})


def test_making_the_app_imports_nothing_heavy_either() -> None:
    code = (
        "from pathlib import Path; from screens.app import HhtApp; "
        "from screens.context import HhtContext; "
        "HhtApp(HhtContext(Path('nowhere'), 'live', None, None))"
    )
    assert not modules_after(code) & set(HEAVY)


def test_the_first_paint_needs_nothing_of_a_visit_or_of_the_store() -> None:
    code = (
        "import screens.app, sys; "
        "sys.exit(any(name.startswith(('hht.journeys', 'hht.store', 'hht.gbcs')) "
        "for name in sys.modules))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("line", [[], ["train"], ["train", "gsme-asleep"]])
def test_from_the_shell_to_the_app_nothing_heavy_is_imported(line: list[str], tmp_path) -> None:
    code = (
        f"import sys; sys.argv = ['hht', '--data-dir', {str(tmp_path)!r}, *{line!r}]; "
        "import hht.cli.start; hht.cli.start.need_terminal = lambda: None; "
        "from textual.app import App; App.run = lambda self: None; "
        "from hht.cli.main import run; run()"
    )
    assert not modules_after(code) & {*HEAVY, "pydantic", "rich.table"}
