"""Plain words as data: a line is made of spans, each a text, an Entity Identifier, an amount...

Screens mark the spans and put names in place of identifiers; `str` gives the plain line.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Union

from hht.entity_id import EntityId


class Kind(StrEnum):
    """What a span is."""

    TEXT = "text"
    ENTITY = "entity"
    MONEY = "money"
    AMOUNT = "amount"
    MOMENT = "moment"
    COUNT = "count"
    CODE = "code"
    RAW = "raw"  # the number of a code whose name follows
    QUOTE = "quote"  # what a person wrote
    HIDDEN = "hidden"


class Span(NamedTuple):
    """A piece of a line.

    An ENTITY has its identifier, and in a sentence the article that a name has in place of
    `text`; a MOMENT in UTC has it in `at`, and as its number the status of the clock that gave it,
    where that is in doubt; amounts, counts and codes have their number.
    """

    text: str
    kind: Kind = Kind.TEXT
    entity: EntityId | None = None
    article: str = ""
    at: datetime | None = None
    number: int | None = None


Part = Union[str, Span, "Line"]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line of plain words; it equals what reads the same, such as itself out of a journal."""

    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, *parts: Part) -> "Line":
        """Return the parts, one after another; empty texts are left out."""
        spans: list[Span] = []
        for part in parts:
            if isinstance(part, str):
                if part:
                    spans.append(Span(part))
            elif isinstance(part, Span):
                spans.append(part)
            else:
                spans += part.spans
        return cls(tuple(spans))

    def __str__(self) -> str:
        return "".join([span.text for span in self.spans])

    @property
    def size(self) -> int:
        """How many characters it has."""
        return sum(len(span.text) for span in self.spans)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Line) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __add__(self, other: Part) -> "Line":
        return Line.of(self, other)

    def capital(self) -> "Line":
        """Return the line with a capital letter first."""
        if not self.spans:
            return self
        first = self.spans[0]
        named = first._replace(text=capital(first.text), article=capital(first.article))
        return replace(self, spans=(named, *self.spans[1:]))

    def uncapital(self) -> "Line":
        """Return the line as it goes on in a sentence, with a small letter first."""
        if not self.spans:
            return self
        first = self.spans[0]
        text = first.text[:1].lower() + first.text[1:]
        return replace(self, spans=(first._replace(text=text), *self.spans[1:]))

    def without(self, kind: Kind) -> "Line":
        """Return the line without the spans of a kind."""
        return Line(tuple(span for span in self.spans if span.kind is not kind))

    def without_end(self, text: str) -> "Line":
        """Return the line without a text that its last span ends with."""
        if not self.spans:
            return self
        *before, last = self.spans
        return replace(self, spans=(*before, last._replace(text=last.text.removesuffix(text))))

    @property
    def doubts(self) -> "list[int]":
        """The clock status of each moment that a doubtful clock gave."""
        return [span.number for span in self.spans if span.kind is Kind.MOMENT and span.number]

    def has(self, kind: Kind) -> bool:
        """Return whether a span of the kind is in it."""
        return any(span.kind is kind for span in self.spans)


EMPTY = Line()


def say(template: str, *parts: Part) -> Line:
    """Return the template with each `{}` replaced by a part, in order."""
    texts = template.split("{}")
    if len(texts) != len(parts) + 1:
        raise ValueError(f"{template!r} has no place for each of {len(parts)} parts")
    pieces: list[Part] = [texts[0]]
    for part, text in zip(parts, texts[1:], strict=True):
        pieces += (part, text)
    return Line.of(*pieces)


def joined(separator: str, parts: "list[Line]") -> Line:
    """Return the parts with a text between."""
    pieces: list[Part] = []
    for part in parts:
        pieces += (separator, part) if pieces else (part,)
    return Line.of(*pieces)


def entity(identifier: EntityId) -> Span:
    """Return an Entity Identifier alone."""
    return Span(str(identifier), Kind.ENTITY, identifier)


def device(identifier: EntityId, kind: str = "Device", *, known: bool = False) -> Span:
    """Return a Device in a sentence: `Device 00-...`.

    `known` for one that has been spoken of: `the ...`.

    Where its name is known, `the` and the name take this span's place.
    """
    article = "the "
    text = f"{article if known else ''}{kind} {identifier}"
    return Span(text, Kind.ENTITY, identifier, article)


def counted(number: float, what: str, many: str = "") -> str:
    """Write `1 item`, `3 items`, `0 items`, `1.5 minutes`; `many` where that is no `s` more."""
    return f"{number:,.15g} {_noun(number, what, many)}"


def _noun(number: float, what: str, many: str) -> str:
    return what if number == 1 else many or f"{what}s"


def count(number: int, what: str, many: str = "") -> Span:
    """Write `1 Device`, `3 Devices`, `no Devices`."""
    return Span(f"{number or 'no'} {_noun(number, what, many)}", Kind.COUNT, number=number)


def amount(text: str, number: int | None = None) -> Span:
    """Return an amount with its unit."""
    return Span(text, Kind.AMOUNT, number=number)


def money(text: str, number: int | None = None) -> Span:
    """Return an amount of money with its currency."""
    return Span(text, Kind.MONEY, number=number)


def quote(text: str) -> Span:
    """Return a text that a person wrote."""
    return Span(text, Kind.QUOTE)


def moment(text: str, at: datetime | None = None, doubt: int | None = None) -> Span:
    """Return a moment in words; `at` where it is one in UTC, `doubt` the status of a doubtful
    clock."""
    return Span(text, Kind.MOMENT, at=at, number=doubt)


def code(text: str, number: int | None = None) -> Span:
    """Return a code with or without its name."""
    return Span(text, Kind.CODE, number=number)


def named_code(number: int, name: str) -> Line:
    """Return a code with its number before its name."""
    return Line((Span(f"{number}, ", Kind.RAW, number=number), code(name, number)))


def hidden(octets: bytes) -> Span:
    """Return what is shown of an Install Code, key or PIN."""
    return Span(f"{len(octets)} bytes, hidden" if octets else "empty", Kind.HIDDEN)


def capital(words: str) -> str:
    """Return the words with a capital letter first."""
    return words[:1].upper() + words[1:]


_SOUND_LIKE_VOWELS = "AEFHILMNORSX"
"""Letters whose names begin with a vowel: an ESME, an HCALCS, an IHD, but a GSME."""


def with_article(name: str) -> str:
    """Return `an ESME`, `a PPMID`, `an Alert`: an abbreviation by the name of its first letter."""
    vowels = _SOUND_LIKE_VOWELS if name[1:2].isupper() else "AEIOUaeiou"
    return f"{'an' if name[:1] in tuple(vowels) else 'a'} {name}"
