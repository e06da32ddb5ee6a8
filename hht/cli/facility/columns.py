"""A maker's column names: read from a file, and kept as a profile under its name."""

from pathlib import Path
from typing import TYPE_CHECKING

from hht.errors import InputError
from hht.files import read_plain

if TYPE_CHECKING:
    from hht.facility.manifest_columns import MakersColumns

_FOLDER = "columns"


def column_names(given: str | None, data_dir: Path) -> "MakersColumns | None":
    """Read the names from a file, which is kept, or from the kept one of that name."""
    from hht.facility.manifest_columns import read_columns
    from hht.files import private_folder, write_whole

    if given is None:
        return None
    kept = data_dir / _FOLDER
    path = Path(given)
    if path.suffix.lower() == ".toml":
        names = read_columns(path)
        write_whole(private_folder(kept) / path.name, read_plain(path))
        return names
    profile = kept / f"{given}.toml"
    if "/" in given or not profile.exists():
        known = ", ".join(sorted(each.stem for each in kept.glob("*.toml"))) or "none yet"
        raise InputError(
            f"There are no column names kept as {given[:40]!r}",
            where=str(kept),
            remedy=f"Give the TOML file once; kept: {known}.",
        )
    return read_columns(profile)
