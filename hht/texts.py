"""Every text that a person reads on a visit, from one catalogue a language in assets/texts."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

ENGLISH = "en"
PSEUDO = "pseudo"
"""No language: English made longer and marked, so that what is in no catalogue stands out."""

SHORT = ("status", "stepper", "key", "action", "chart")
"""Sections of short forms: they share one line with others, and no language may let them grow."""

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MARKED = "áƀçđéƒǧħíĵķłɱñóƥɋřšŧúṽŵẋýžÁɃÇĐÉƑǦĦÍĴĶŁṀÑÓƤɊŘŠŦÚṼŴẊÝŽ"
_LONGER = 0.3  # Welsh and German prose is up to a third longer than English

Plural = Callable[[int], str]


QUESTIONS = "questions"
BOOKS = ("screens", "visit", "failures", "help", QUESTIONS)
"""The files of a language, in the order of need: only the first is read for the first paint.

English has its questions of the visit in the table that says what is asked.
"""


class Catalogue:
    """The texts of one language, by `section.name`; English stands in for what is not there."""

    def __init__(self, language: str, fallback: Catalogue | None = None) -> None:
        self._language = language
        self._fallback = fallback
        self._unread = list(BOOKS)
        self._texts: dict[str, Any] = {}

    def entry(self, key: str) -> Any:
        """Return a text or its plural forms; None where no catalogue has it."""
        section, _, name = key.partition(".")
        while name not in self._texts.get(section, {}) and self._unread:
            self._texts |= _read(self._language, self._unread.pop(0))
        found = self._texts.get(section, {}).get(name)
        return self._fallback.entry(key) if found is None and self._fallback else found

    def text(self, key: str, values: Mapping[str, object]) -> str:
        """Return a text with its values put in; KeyError for none.

        `count` chooses among plural forms; one number may have a form of its own, such as "=2".
        """
        found = self.entry(key)
        if found is None:
            raise KeyError(key)
        if isinstance(found, dict):
            count = float(str(values["count"]))
            form = _PLURALS[self._language](int(count)) if count.is_integer() else "other"
            found = found.get(f"={values['count']}") or found.get(form, found["other"])
        return str(found).format(**values)


class _Language:
    """The language in use; one for the whole process, as with gettext."""

    catalogue: Catalogue | None = None


def use(language: str) -> None:
    """Use this language from now on: one of `languages`, or PSEUDO."""
    _Language.catalogue = load(language)


def text(key: str, **values: object) -> str:
    """Return a text of the screens in the language in use: `text("deliver.left", count=3)`."""
    return _in_use().text(key, values)


def texts_of(section: str) -> Callable[..., str]:
    """Return `text` for one section: its names alone are given."""

    def of_section(name: str, /, **values: object) -> str:
        return text(f"{section}.{name}", **values)

    return of_section


def has_text(key: str) -> bool:
    return _in_use().entry(key) is not None


def _in_use() -> Catalogue:
    if _Language.catalogue is None:
        use(ENGLISH)
    assert _Language.catalogue
    return _Language.catalogue


@cache
def load(language: str) -> Catalogue:
    return Catalogue(language, None if language in (ENGLISH, PSEUDO) else load(ENGLISH))


def _read(language: str, book: str) -> dict[str, Any]:
    """Return one file of a language; the pseudo-language is made of the English one."""
    texts = _texts(ENGLISH if language == PSEUDO else language, book)
    if language != PSEUDO:
        return texts
    return {section: _marked(section, part) for section, part in texts.items()}


def _texts(language: str, book: str) -> dict[str, Any]:
    """Return one file of a language; nothing where it has none."""
    folder = files("assets")
    if (language, book) == (ENGLISH, QUESTIONS):
        table = tomllib.loads((folder / "tables" / "install_questions.toml").read_text("utf-8"))
        return {"question": {entry["id"]: entry["text"] for entry in table["question"]}}
    path = folder / "texts" / language / f"{book}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _marked(section: str, part: Any) -> Any:
    """Return a section of the catalogue with every letter marked; prose longer, short forms not."""
    if isinstance(part, dict):
        return {name: _marked(section, value) for name, value in part.items()}
    longer = "" if section in SHORT else " " + "~" * int(len(part) * _LONGER)
    return _mark_letters(part) + longer.rstrip(" ")


def _mark_letters(words: str) -> str:
    """Mark the letters, but not those of a {value}."""
    table, inside, marked = str.maketrans(_PLAIN, _MARKED), False, ""
    for character in words:
        inside = (inside or character == "{") and character != "}"
        marked += character if inside else character.translate(table)
    return marked


def _one_other(count: int) -> str:
    return "one" if count == 1 else "other"


def _welsh(count: int) -> str:
    """Return the six forms of Welsh (CLDR)."""
    forms = {0: "zero", 1: "one", 2: "two", 3: "few", 6: "many"}
    return forms.get(count, "other")


_PLURALS: Mapping[str, Plural] = {ENGLISH: _one_other, PSEUDO: _one_other, "cy": _welsh}
