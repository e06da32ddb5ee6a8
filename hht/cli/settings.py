"""The global options, settled: where the data is, and which dongle."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Context:
    """What every command is given."""

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
