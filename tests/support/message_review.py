"""Our words for the reference messages beside another parser's: what is missing or different.

`python tests/support/message_review.py SHARED OUT.md` writes for each message our line, our tree,
and each value of the other parser that is not in it; at the end the counts by kind of agreement. A
number is found by its digits, whatever the unit and the decimal point, or behind the words of a
code; a date in our form; octets as hexadecimal, identifier, text or number; a name word by word or
as `judge_names.tsv` has it. What was found serves once.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from judge_texts import JudgedValue, ValueKind, judged_values
from judged_moments import our_forms
from judged_names import Named, names_beside

from hht.cli.inspect.inspection import Inspection, inspect_all
from hht.duis.message_sources import find_messages
from hht.gbcs.alerts import alert_name
from hht.gbcs.explain.describe import Field
from hht.gbcs.explain.object_names import object_name
from hht.gbcs.keystore import PemFolder
from hht.gbcs.use_cases import use_case
from hht.spans import Kind

MISSING = "not found"
_SUM = "total "
"""Before what the line adds up itself, see tests/gbcs/explain/test_series.py."""

_AMOUNTS = (Kind.AMOUNT, Kind.MONEY, Kind.QUOTE)
_FIRST = {"Bit String": 0, "Enum": 1}
"""Codes by nature, which find their like before plain numbers may take it."""
_NAMES = Path(__file__).with_name("judge_names.tsv")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?|\d\d:\d\d(?::\d\d)?")
_COUNTER = (1 << 64) - 1
_MASK_BITS, _EVENTS = 32, 256
_CHANNELS = 27
_MPAN = 13
_FIRST_CHANNELS = {28: 0, 29: 27, 30: 35, 31: 0}
_SERIAL = 15
"""Where the serial number of a certificate begins, which is 16 octets long."""


@dataclass
class Reviewed:
    """One message: our line, our tree, and how ours agrees with each value of the other parser."""

    use_case: str
    name: str
    line: str
    tree: list[str]
    verdicts: list[tuple[JudgedValue, str]] = field(default_factory=list)

    unfounded: list[str] = field(default_factory=list)
    """Amounts, money and texts of the line in neither its tree nor that of its Command."""

    @property
    def missing(self) -> list[JudgedValue]:
        return [value for value, verdict in self.verdicts if verdict == MISSING]


def review(shared: Path) -> Iterator[Reviewed]:
    """Compare every reference message that the other parser printed, use case by use case."""
    keys = PemFolder(shared / "rtds" / "keystore")
    trees: dict[str, str] = {}
    for folder in sorted((shared / "rtds" / "messages").iterdir()):
        for seen in inspect_all(find_messages(str(folder)), keys, show_secrets=True):
            name = Path(seen.source).stem
            judged = shared / "judge" / folder.name / f"{name}.txt"
            if judged.is_file():
                found = compare(name, seen, judged_values(judged))
                trees[name] = "\n".join(found.tree)
                asked = trees.get(name.replace("_RESPONSE_", "_COMMAND_"), "")
                found.unfounded = [text for text in found.unfounded if text not in asked]
                yield found


def compare(name: str, seen: Inspection, values: Iterable[JudgedValue]) -> Reviewed:
    """Find each value of the other parser in our tree."""
    assert seen.description, f"{name}: {seen.error}"
    payload = next(f for f in seen.description.fields if f.name == "Payload")
    ours = Ours(payload.children)
    in_order = sorted(values, key=lambda value: _FIRST.get(value.name, len(_FIRST)))
    verdicts = [(value, ours.verdict(value)) for value in in_order]
    line = seen.description.reading
    before = ("", *(span.text for span in line.spans))
    said = (
        span.text.rstrip(" …")
        for last, span in zip(before, line.spans, strict=False)
        if span.kind in _AMOUNTS and not last.endswith(_SUM)
    )
    unfounded = [text for text in said if text not in ours.text]
    case = seen.description.use_case
    return Reviewed(case, name, str(line), ours.rows, verdicts, unfounded)


class Ours:
    """The values of our tree: what of its numbers and moments was not used yet, and its text."""

    def __init__(self, fields: tuple[Field, ...]) -> None:
        self.rows = list(_rows(fields))
        self.text = "\n".join(self.rows)
        self._bare = self.text.replace("-", "").replace(" ", "").upper()
        self._words = self.text.lower()
        self._numbers = Counter(_NUMBER.findall(self.text))
        self._codes = Counter(_numbers_of(fields))
        self._moments = Counter(_MOMENT.findall(self.text))

    def verdict(self, value: JudgedValue) -> str:
        """How ours agrees with one value; MISSING where nothing does."""
        for kind, agrees in self._ways(value):
            if agrees:
                return kind
        return MISSING

    def _ways(self, value: JudgedValue) -> Iterator[tuple[str, bool]]:
        """The ways in which a value of its kind may be found, tried in order."""
        match value.kind:
            case ValueKind.NUMBER:
                number = value.number
                if value.name == "Bit String" and len(value.meaning) >= _MASK_BITS:
                    yield "channels of a mask", self._has_channels(number)
                    yield "events of a filter", self._has_events(number)
                    return
                yield "code behind its words", _take(self._codes, number)
                yield "number", _take(self._numbers, str(abs(number)))
                yield "number", self._scaled(number)
                yield "signed number", _take(self._codes, number - (1 << 8 * len(value.content)))
                yield "bits from the left", _take(self._codes, reversed_bits(number))
                yield "moment", self._has_moment(value)
                yield "name in other words", self._says(value)
            case ValueKind.MOMENT:
                yield "moment", self._has_moment(value)
            case ValueKind.TEXT:
                text = value.meaning.strip('" ')
                yield "text", text in self.text
                yield (
                    "two MPANs",
                    bool(text) and text[:_MPAN] in self.text and text[_MPAN:] in self.text,
                )
                yield "octets", self._has_octets(value)
            case ValueKind.OBJECT:
                address, _, _ = value.meaning.partition(" - ")
                yield "nothing in it", not any(value.content)
                yield "object's address", address in self.text
                yield "object's name", (object_name(value.content) or "?") in self.text
            case ValueKind.OCTETS:
                yield from self._octets(value)
            case ValueKind.NAME:
                yield "name", value.meaning.lower() in self._words
                yield "name in other words", self._says(value)
                yield "alert's name", self._names_alert(value)
                yield "moment", self._has_moment(value)
                yield "use case", value.name == "Message Code" and self._names_use_case(value)
                yield "octets", self._has_octets(value)
                yield "text and identifier", self._has_model(value)

    def _octets(self, value: JudgedValue) -> Iterator[tuple[str, bool]]:
        content = value.content
        number = int.from_bytes(content, "big")
        yield "nothing in it", not any(content)
        yield "octets", self._has_octets(value)
        yield "channel and trigger", self._has_channel(value)
        yield "counter", len(content) in (9, 10) and f"counter {number & _COUNTER}" in self._words
        yield "text", content.decode("latin-1") in self.text
        yield "code behind its words", _take(self._codes, number)
        yield "number", _take(self._numbers, str(number))
        yield "use case", value.name == "Message Code" and use_case(number).name in self.text
        yield "moment", self._has_moment(value)
        yield "certificate by its serial number", _serial(content) in self._bare
        yield "alert's name", self._names_alert(value)
        yield "name in other words", self._says(value)

    def _has_octets(self, value: JudgedValue) -> bool:
        """Whether they are there in hexadecimal, with their tag and length or without."""
        ways = {value.content, value.octets}
        if value.octets and value.octets[0] == len(value.octets) - 1:
            ways.add(value.octets[1:])
        return any(way.hex().upper() in self._bare for way in ways)

    def _has_model(self, value: JudgedValue) -> bool:
        """Whether the first half is there as text and the other as an identifier, 8 octets each."""
        model = value.octets[1:]
        name = model[:8].decode("latin-1").strip()
        return len(model) == 16 and name in self.text and model[8:].hex().upper() in self._bare

    def _has_moment(self, value: JudgedValue) -> bool:
        forms = our_forms(value)
        return any(_take(self._moments, form) for form in forms) or any(
            form in self.text for form in forms if not form[0].isdigit() or " " in form[:3]
        )

    def _names_alert(self, value: JudgedValue) -> bool:
        return f"{value.alert:04X}, {alert_name(value.alert)}" in self.text

    def _has_events(self, number: int) -> bool:
        """Whether each bit of a filter is there as its alert code, and no other.

        Of 512 bits, the upper half says which events are to change.
        """
        bits = number >> _EVENTS if number >> _EVENTS else number
        places = [at for at in range(_EVENTS) if bits >> at & 1]
        return any(
            all(f"\n  {first + at:04X}: " in self.text for at in places)
            for first in (0x8000, 0x8100)
        )

    def _has_channel(self, value: JudgedValue) -> bool:
        """An entry of the sub-GHz channel log: 7, mask (4), a trigger with tag and length."""
        octets = value.octets
        is_entry = len(octets) == 8 and octets[0] == 7
        return is_entry and self._has_channels(int.from_bytes(octets[1:5], "big"))

    def _has_channels(self, mask: int) -> bool:
        """Whether the page of a mask is there with each of its channels."""
        first = _FIRST_CHANNELS.get(mask >> _CHANNELS)
        if first is None:
            return False
        channels = [str(first + bit) for bit in range(_CHANNELS) if mask >> bit & 1]
        words = "channel" if len(channels) == 1 else "channels"
        return f"page {mask >> _CHANNELS}, {words} {', '.join(channels)}" in self.text

    def _names_use_case(self, value: JudgedValue) -> bool:
        return value.meaning.split()[0] in self.text

    def _scaled(self, number: int) -> bool:
        """Whether a number of the same figures is left, whatever its decimal point and noughts."""
        wanted = digits(str(number))
        same = (text for text, left in self._numbers.items() if left and digits(text) == wanted)
        return _take(self._numbers, next(same, ""))

    def _says(self, value: JudgedValue) -> bool:
        """Whether ours has the words that the table gives for it, all of them."""
        row = names().get((value.label, value.meaning)) or names().get(("", value.meaning))
        ways = row.split(" | ") if row else []
        return any(all(part in self._words for part in way.split(" & ")) for way in ways)


@cache
def names() -> dict[tuple[str, str], str]:
    """Our words by name and meaning of the other parser; an empty name is any."""
    rows = _NAMES.read_text("utf-8").splitlines()
    cells = (row.split("\t") for row in rows if row and not row.startswith("#"))
    return {(label, meaning): ours for label, meaning, ours in cells}


def digits(text: str) -> str:
    """The significant digits of a number, whatever its sign, decimal point and scale."""
    return text.lstrip("-").replace(".", "").strip("0") or "0"


def reversed_bits(number: int) -> int:
    """The number of whole octets whose first bit is bit 0, as COSEM counts the bits of a string."""
    size = max(8, -(-number.bit_length() // 8) * 8)
    return int(f"{abs(number):0{size}b}"[::-1], 2)


def _take(left: Counter[str] | Counter[int], key: str | int) -> bool:
    if left[key] <= 0:  # type: ignore[index]
        return False
    left[key] -= 1  # type: ignore[index]
    return True


def _serial(content: bytes) -> str:
    """The serial number of a certificate of which the beginning is known; no text otherwise."""
    if content[:1] != b"\x30" or len(content) < _SERIAL + 8:
        return "?"
    return content[_SERIAL : _SERIAL + 8].hex().upper()


def _rows(fields: Iterable[Field], depth: int = 0) -> Iterator[str]:
    for each in fields:
        value = f": {each.value}" if each.value else ""
        yield f"{'  ' * depth}{each.name}{value}"
        yield from _rows(each.children, depth + 1)


def _numbers_of(fields: Iterable[Field]) -> Iterator[int]:
    for each in fields:
        yield from (span.number for span in each.value.spans if span.number is not None)
        yield from _numbers_of(each.children)


def counts(reviewed: Iterable[Reviewed]) -> Counter[str]:
    """How many values agree in each way."""
    return Counter(verdict for each in reviewed for _, verdict in each.verdicts)


def write(reviewed: list[Reviewed], named: Iterable[Named], out: Path) -> None:
    """Write the review: every message with its line, and what is not found in its tree; names."""
    rows = ["# Our words beside another parser's", ""]
    for each in reviewed:
        rows += [f"## {each.use_case}: {each.name}", "", each.line, ""]
        rows += [f"- NOT FOUND {v.name}: {v.octets.hex()} = {v.meaning}" for v in each.missing]
        rows += [f"- ONLY IN THE LINE {text}" for text in each.unfounded]
        rows += ["```", *each.tree, "```", ""]
    rows += ["# Counts", ""]
    rows += [f"- {verdict}: {count}" for verdict, count in counts(reviewed).most_common()]
    rows += ["", "# Names side by side", "", "| what | theirs | ours |", "|---|---|---|"]
    rows += [f"| {each.what} | {each.theirs} | {each.ours or MISSING} |" for each in named]
    out.write_text("\n".join(rows) + "\n", "utf-8")


if __name__ == "__main__":
    shared_folder, review_file = map(Path, sys.argv[1:])
    found = list(review(shared_folder))
    write(found, names_beside(shared_folder), review_file)
    print(*(f"{count:6} {verdict}" for verdict, count in counts(found).most_common()), sep="\n")
