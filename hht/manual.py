"""The pages of the manual, wherever this copy of the program has them."""

import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from hht.errors import InputError

START = "README.md"
_FOR_WHOM = ("engineer", "first-hub", "trainer", "facility", "back-office", "security")
"""Pages for the people who use hht, who most first; the others follow by their names."""
_FIRST = (START, *(f"{name}.md" for name in _FOR_WHOM))
_CHECKOUT = Path(__file__).parents[1]
_INSTALLED = "share/doc/hht/*.md"
"""Where a wheel puts them, and so the Debian package, too."""
_REMEDY = "Install hht again; the pages are part of it."
_PICTURE = re.compile(r"^!\[([^]]*)\]\([^)]*\)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its file's name, its title, and the file."""

    name: str
    title: str
    path: Path


def pages() -> tuple[Page, ...]:
    """List the pages, the first one to read first; InputError where there are none."""
    found = sorted(_files(), key=_place)
    return tuple(Page(path.name, _title(path), path) for path in found)


def read(page: Page) -> str:
    """Return a page as Markdown without its pictures, whose words stay."""
    return _PICTURE.sub(r"*\1*", _text(page.path))


def _place(path: Path) -> tuple[int, str]:
    is_first = path.name in _FIRST
    return (_FIRST.index(path.name) if is_first else len(_FIRST), path.name)


def _files() -> list[Path]:
    docs = _CHECKOUT / "docs"
    beside = [_CHECKOUT / START, *docs.glob("*.md")] if docs.is_dir() else []
    found = beside or _installed()
    if not found:
        raise InputError("The manual is not there", where=_INSTALLED, remedy=_REMEDY)
    return found


def _installed() -> list[Path]:
    try:
        files = metadata.files("hht") or []
    except metadata.PackageNotFoundError:
        return []
    return [Path(str(each.locate())) for each in files if each.match(_INSTALLED)]


def _title(path: Path) -> str:
    first = _text(path).partition("\n")[0]
    return first.removeprefix("# ").strip() or path.stem


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        what = f"A page cannot be read: {error.strerror}"
        raise InputError(what, where=str(path), remedy=_REMEDY) from None
