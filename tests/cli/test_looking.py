"""A command that only looks leaves the data folder as it found it: where nothing is, nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from hht.cli.program import build_app

BEGINS = {
    *("train", "serve", "board", "import", "gateway-sim", "restore", "pin set", "jobs begin"),
    *("identity import", "identity request", "identity complete", "hub serve"),
    *("facility init", "facility example", "queue take-in", "certificate make"),
}
"""What begins data or a service. Every other command is given what it must have, and no data."""
MORE = {
    "class check": ("--example",),
    "facility load": ("--bench", "sim:1"),
    "identity check": ("--json",),
    "jobs profile": ("strict",),
    "queue retry": ("--all",),
    "queue upload": ("--to", "https://localhost:1", "--give-up-after", "0.1"),
    "scenario new": ("--from", "1"),
    "survey advise": ("--job", "1"),
}
"""Options that lead a command further."""
NUMBERS = ("number", "seat", "exercise", "marks", "capture", "job", "eui", "texts")
ENDINGS = {"profile learn": "none.toml", "scenario new": "none.toml", "jobs report": "none.html"}


def commands_of(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command below the group by its whole name."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands_of(command, f"{path}{name} ")
        else:
            yield path + name, command


COMMANDS = dict(commands_of(typer.main.get_command(build_app())))


def arguments_of(name: str, folder: Path) -> list[str | Path]:
    """Return the command with all that it must be given: a number, a name, a file of `folder`."""
    words: list[str | Path] = [*name.split()]
    for each in COMMANDS[name].params:
        if each.required:
            option = each.opts[:1] if each.param_type_name == "option" else []
            words += [*option, "1" if each.name in NUMBERS else folder / ENDINGS.get(name, "none")]
    return [*words, *MORE.get(name, ())]


@pytest.mark.one_in(3)
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - BEGINS))
def test_looking_into_no_data_makes_none_and_says_so(name, hht, data_dir, tmp_path) -> None:
    ran = hht(*arguments_of(name, tmp_path))
    assert not list(data_dir.parent.rglob("*.db*"))
    assert not data_dir.exists()
    assert "nobody foresaw" not in ran.err
    assert ran.out or ran.err


def test_every_command_that_begins_something_is_there() -> None:
    assert set(COMMANDS) >= BEGINS


@pytest.mark.parametrize(
    "words",
    [
        "pin set",
        "queue take-in none --mode training",
        "queue take-in none --mode live",
        "import none",
        "identity complete --certificate a --contribution a --ca a --install-code a",
        "identity import --certificate a --key a --ca a --install-code a",
    ],
)
def test_what_is_refused_begins_no_data(words, hht, data_dir, tmp_path, monkeypatch) -> None:
    (tmp_path / "short").write_text("12345")
    monkeypatch.setenv("HHT_NEW_PIN_FILE", str(tmp_path / "short"))
    assert hht(*words.split()).code in (1, 2)
    assert not list(data_dir.glob("*"))
