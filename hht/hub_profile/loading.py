"""Where hub profiles come from: the tool's own files, those of one's own, and what they extend."""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from hht.errors import HhtError, InputError
from hht.files import decode_text, read_plain
from hht.hub_profile.allowed import allows, in_words, shown, some
from hht.hub_profile.profile import HubProfile, needed_values, value_types

DEFAULT = "stand-in"
OWN_FOLDER = "profiles"  # in the data folder
_UNSET = "none"


class _Shelf:
    """Where profiles of one's own are: DATA/profiles, once the data folder is settled."""

    folder: Path | None = None


def use_own_profiles(folder: Path | None) -> None:
    """Have the profiles in this folder serve by their names, beside the tool's; None ends it."""
    _Shelf.folder = folder


def stock_names() -> tuple[str, ...]:
    """List the profiles that come with the tool."""
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in _stock()))


def own_files() -> tuple[Path, ...]:
    """List the files of profiles in the folder of one's own."""
    folder = _Shelf.folder
    return tuple(sorted(folder.glob("*.toml"))) if folder and folder.is_dir() else ()


def is_hidden(path: Path) -> bool:
    """Return whether a file there is not used because a profile of the tool has its name."""
    in_shelf = _Shelf.folder is not None and path.parent.resolve() == _Shelf.folder.resolve()
    return in_shelf and path.stem in stock_names()


def profile_names() -> tuple[str, ...]:
    """List every profile that has a name: those of the tool, then one's own."""
    stock = stock_names()
    return (*stock, *(path.stem for path in own_files() if path.stem not in stock))


def profile_fault(name: str) -> str:
    """Say why no profile of that name, or in the file of that path, can be loaded; "" if it can."""
    try:
        load_profile(name)
    except HhtError as error:
        return str(error)
    return ""


def settled_name(name: str) -> str:
    """Return the name, or the whole path of a file, that serves in whichever folder hht starts."""
    return name if name in profile_names() else str(Path(name).resolve())


def load_profile(name: str = DEFAULT) -> HubProfile:
    """Load a profile by its name, or by the path of its file.

    InputError when there is none or a value is wrong.
    """
    return _load_stock(name) if name in stock_names() else _made_of(name)


@cache
def _load_stock(name: str) -> HubProfile:
    return _made_of(name)


def _made_of(name: str) -> HubProfile:
    files_of_it = profile_files(name)
    for file in files_of_it:
        file.check()
    values = {key: value for each in reversed(files_of_it) for key, value in each.values}
    if lacking := sorted(needed_values() - values.keys()):
        what = f"the hub profile lacks {some(lacking)}"
        raise _wrong(files_of_it[0].where, what, f'Begin it with extends = "{DEFAULT}".')
    return HubProfile(**values)


@dataclass(frozen=True)
class ProfileFile:
    """One file that a profile is made of; `path` is the whole one of a file of one's own."""

    where: str
    text: str
    path: Path | None = None

    @cached_property
    def _table(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:  # numbers and nesting beyond Python's limits
            raise _wrong(self.where, f"the hub profile is not TOML ({error})") from error

    @property
    def base(self) -> str | None:
        """The profile whose values hold where this file has none."""
        base = self._table.get("extends")
        if base is not None and not isinstance(base, str):
            what = f"the hub profile's extends cannot be {shown(base)}"
            raise _wrong(self.where, what, "It may be the name of a profile, or a path.")
        return base

    @property
    def values(self) -> tuple[tuple[str, Any], ...]:
        """The values of this file."""
        table = self._table.items()
        return tuple((key, _value(value)) for key, value in table if key != "extends")

    def check(self) -> None:
        """InputError at the first value that no profile may have, or no one knows."""
        hints = value_types()
        for key, value in self.values:
            if key not in hints:
                what = f"the hub profile does not know: {shown(key)}"
                raise _wrong(self.where, what, "Correct its name, or take it out.")
            if not allows(hints[key], value):
                what = f"the hub profile's {key} cannot be {shown(value)}"
                raise _wrong(self.where, what, f"It may be {in_words(hints[key])}.")


def profile_files(name: str) -> tuple[ProfileFile, ...]:
    """Read the file of a profile and those it extends, the most general last."""
    found: list[ProfileFile] = []
    wanted: str | None = name
    while wanted is not None:
        file = _file(wanted, found[-1] if found else None)
        if file.path and file.path in [each.path for each in found]:
            raise _wrong(file.where, "the hub profile extends itself")
        found.append(file)
        wanted = file.base
    return tuple(found)


def _file(name: str, derived: ProfileFile | None) -> ProfileFile:
    """Read the file of a name or path; a path in another profile begins at that one's folder."""
    if name in stock_names():
        stock = files("assets") / "hub_profiles" / f"{name}.toml"
        return ProfileFile(stock.name, stock.read_text("utf-8"))
    own = {path.stem: path for path in own_files()}
    path = own.get(name) or _existing(name, derived)
    if path is None:
        remedy = f"Use one of {some(profile_names())}, or the path of a .toml file."
        where = derived.where if derived else ""
        raise InputError(f"There is no hub profile {shown(name)}", where=where, remedy=remedy)
    try:
        text = decode_text(read_plain(path))
    except (OSError, ValueError):
        raise _unreadable(path) from None
    return ProfileFile(str(path), text, path.resolve())


def _unreadable(path: Path) -> InputError:
    if path.is_dir():
        return _wrong(str(path), "this is a folder, not a hub profile", "Move it elsewhere.")
    if path.is_symlink() and not path.exists():
        return _wrong(str(path), "this link leads to no file", "Remove it, or mend it.")
    return _wrong(str(path), "the hub profile cannot be read as text")


def _existing(name: str, derived: ProfileFile | None) -> Path | None:
    beside = [derived.path.parent / name] if derived and derived.path else []
    for path in (*beside, Path(name)):
        try:
            if path.suffix == ".toml" and path.is_file():
                return path
        except (OSError, ValueError):  # a name that no file can have
            return None
    return None


def _stock() -> list[Any]:
    folder = files("assets") / "hub_profiles"
    return [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]


def _value(value: Any) -> Any:
    return None if value == _UNSET else value


def _wrong(where: str, what: str, remedy: str = "Correct the profile.") -> InputError:
    return InputError(what, where=where, remedy=remedy)
