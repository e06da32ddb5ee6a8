"""One value of a summary with its name in plain words, and which values a summary has at all."""

import re
from functools import cache
from typing import NamedTuple

from hht.gbcs.explain.field import Field
from hht.gbcs.explain.summary.parsed import small
from hht.spans import Kind, Line, say
from hht.tables import rows_of

ORDER = ((Kind.MONEY, Kind.QUOTE), (Kind.AMOUNT, Kind.CODE))
"""What matters most: money and texts, then other amounts and codes, then all else."""

_SAID_ELSEWHERE = (
    "Alert Code",
    "Date Time",
    "Object",
    "Selection",
    "status",
    "start time",
    "implementation time",
    "site id time",
    "to be carried out",
)
_ACTIVATION = "activation time"
_LITTLE = re.compile(r"\b(?:capture period|interval)\b")
"""How often something is measured: what is measured comes before it."""


_ENTRIES, _OF_A_UNIT = (" entry", " entries"), " GBP a "
"""Of a count that does not say what is counted, and of a price that says of what it is."""

_NO_TIER = re.compile(r"no tier, |, no tier")
"""What GBCS says of a price or register that belongs to no time of use."""


class Piece(NamedTuple):
    """One value with its name."""

    name: str
    value: Line

    @property
    def words(self) -> Line:
        """`name amount`; with a colon after a name that ends in a figure or `value`, or is long."""
        if not self.name:
            return self.value
        plain = _plain_words().get(self.name)
        if plain:
            return say(plain, self.value)
        is_long = self.name.endswith((*"0123456789", " value")) or ", " in self.name
        return say("{}{}{}", self.name, ": " if is_long else " ", self.value)

    @property
    def rank(self) -> int:
        """How much it matters: 0 most."""
        if self.value.has(Kind.COUNT):
            return len(ORDER) - 1
        if str(self.value).isdigit() or self.name.startswith("start") or self._is_little:
            return len(ORDER)
        for rank, kinds in enumerate(ORDER):
            if any(self.value.has(kind) for kind in kinds):
                return rank
        return len(ORDER)

    @property
    def _is_little(self) -> bool:
        return _LITTLE.search(self.name) is not None


def in_short(piece: Piece) -> Piece:
    """Return how many of many alike there are, by their name alone; a price of its unit alone."""
    first = piece.value.spans[0]
    if first.kind is Kind.COUNT and len(piece.value.spans) > 1:
        piece = Piece(piece.name, Line.of(first))
    says_what = first.kind is Kind.COUNT and not first.text.endswith(_ENTRIES)
    return Piece("", piece.value) if says_what or _OF_A_UNIT in str(piece.value) else piece


@cache
def _plain_words() -> dict[str, str]:
    """Read how a setting is said to somebody who does not know its name in GBCS."""
    return dict(rows_of("plain_words.tsv"))


def is_said(field: Field) -> bool:
    return not (field.minor or field.name in _SAID_ELSEWHERE or _ACTIVATION in name_of(field))


def name_of(field: Field) -> str:
    return _NO_TIER.sub("", small(field.name if field.brief is None else field.brief))
