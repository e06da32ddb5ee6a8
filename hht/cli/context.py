"""What every command is given: where the data is, which dongle, and how results are printed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@dataclass(frozen=True)
class Context:
    """The global options, settled."""

    data_dir: Path
    radio: str | None

    @classmethod
    def make(cls, data_dir: Path | None, radio: str | None) -> "Context":
        """Take the options as given; the platform's own data folder where none is."""
        from hht.hub_profile import OWN_FOLDER, use_own_profiles

        folder = data_dir or default_data_dir()
        use_own_profiles(folder / OWN_FOLDER)
        return cls(folder, radio)


def default_data_dir() -> Path:
    """Say where this platform keeps an application's data."""
    from platformdirs import user_data_path

    return user_data_path("hht", appauthor=False)


def print_json(row: Mapping[str, object]) -> None:
    """Print one JSON object on a line of its own, at once."""
    print(json.dumps(row, ensure_ascii=False, separators=(",", ":")), flush=True)
