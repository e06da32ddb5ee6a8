"""Training scenarios: TOML files that a trainer writes, checked with the line of each mistake.

A scenario names the site (hub, neighbours, Devices), the job's Commands, the faults that strike in
the middle, what the trainee reads, and the outcome it is expected to reach. The files are in
assets/scenarios; a path to a file of one's own does as well as a name.
"""

import tomllib
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from hht.errors import InputError
from hht.files import decode_text, read_input
from hht.toml_lines import TomlPath, decode_error_line
from hht.training.scenario.parts import scenario_of
from hht.training.scenario.reader import ScenarioMistake, read_table
from hht.training.scenario.spec import Scenario

_NAMED_BY_NOTHING = (["faults"], ["images"])
SITES = ("rtds",)
"""Scenarios that are no exercise: a hub to try messages on."""


def scenario_names() -> tuple[str, ...]:
    """List the names of the scenarios that come with the program."""
    folder = files("assets") / "scenarios"
    names = (entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in names))


def list_scenarios() -> tuple[Scenario, ...]:
    """Load every scenario that comes with the program."""
    return tuple(load_scenario(name) for name in scenario_names())


def load_scenario(name: str) -> Scenario:
    """Read a scenario by name or path; InputError names the file, the line and what is wrong."""
    source = _find(name)
    document, text = parse_toml(source)
    found_again = str(source) if isinstance(source, Path) else name  # from any folder
    return scenario_of(found_again, read_table(document, text, source.name))


def check_scenario(name: str) -> Sequence[InputError]:
    """Return every mistake that a file shows, in the order they were met.

    What is wrong is left out and the rest read again; a fault or an image that can't be without it
    is left out whole. A setting that can't be left out elsewhere ends the search: what else would
    be listed then might only follow from its absence.
    """
    source = _find(name)
    mistakes: list[ScenarioMistake] = []
    try:
        document, text = parse_toml(source)
        while True:
            try:
                scenario_of(name, read_table(document, text, source.name))
            except ScenarioMistake as error:
                follows = error.path in [each.path[:-1] for each in mistakes]
                mistakes += [] if follows else [error]
                if not _left_out(document, error.path, follows):
                    return mistakes
            else:
                return mistakes
    except InputError as error:
        return [*mistakes, error]


def _left_out(document: dict[str, Any], path: TomlPath, follows: bool) -> bool:
    """Leave out the setting; False where there is none, or that is what made this mistake.

    A fault or an image without what it needs is left out whole: nothing else names it.
    """
    *way, last = path or ("",)
    place: Any = document
    for step in way:
        place = place[step]
    if isinstance(place, list) and way in _NAMED_BY_NOTHING:
        place[int(last)] = None
        return True
    if follows or not isinstance(place, dict) or last not in place:
        return False
    del place[last]
    return True


def parse_toml(source: Traversable) -> tuple[dict[str, Any], str]:
    """Read a file's document and its text; InputError where it is not TOML."""
    raw = read_input(source) if isinstance(source, Path) else source.read_bytes()
    try:
        text = decode_text(raw)
        return tomllib.loads(text), text
    except UnicodeDecodeError as error:
        raise _not_toml(source.name, raw.count(b"\n", 0, error.start) + 1, str(error)) from None
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(source.name, decode_error_line(error, text), str(error)) from None
    except RecursionError:
        raise _not_toml(source.name, 1, "its tables or lists are nested too deep") from None


def _not_toml(name: str, line: int, why: str) -> InputError:
    return InputError(
        f"This is not TOML: {why}", where=f"{name}, line {line}", remedy="Correct it."
    )


def _find(name: str) -> Traversable:
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path.resolve()
    if path.suffix == ".toml":
        raise InputError("There is no such file", where=name, remedy="Check its name.")
    if name in SITES:
        return files("assets") / "sites" / f"{name}.toml"
    source = files("assets") / "scenarios" / f"{name}.toml"
    if name not in scenario_names():
        raise InputError(
            f"There is no scenario {name!r}",
            remedy=f"Choose one of {', '.join(scenario_names())}, or give a .toml file.",
        )
    return source
