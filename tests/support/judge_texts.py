"""The texts of another parser for the reference messages, read as values: numbers, dates, names.

A line is `Name: octets  = meaning`. What frames the payload (lengths, counts of elements, headers,
MAC and signature) is left out: the values of the payload and of what was decrypted remain.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_LINE = re.compile(
    r"^ *(?:\[\d+\] )?(?P<name>[^:]*): *(?P<octets>[0-9A-F]{2}(?: [0-9A-F]{2})*(?: …)?)?"
    r"(?:  = (?P<meaning>.*)| *)?$"
)
_SECTIONS = ("## Payload", "## GBZ Component", "## Decrypted")
_FRAMES = re.compile(
    r"(Ciphered Information Length|Length|Structure|Array|Null|List of .*|"
    r"Access (Request|Response) Specification|Class Id|DLMS .*|Control Field|Cluster Id|"
    r"ZCL (Header|Payload)|Frame Control|"
    r"Sequence Number|Profile ID|Number of GBZ components|Security Header|Encrypted .*|AE MAC|"
    r"Additional Header .*|Type Description|Contents|Compact Array|Future Dated Alert Payload|"
    r"Attribute Data Type|Payload|Attribute Id( \d+)?|Command Id|Method Id|Data Access Result|"
    r"Action Result|Access Selector|.*Command|.*Response|Key Ciphered Data|Other Information|"
    r"Protection (Parameters|Options)|Key Info|Agreed Key Info Options|Protected Attributes|"
    r"Command Accepted|Read PPMID HCALCS Firmware version)"
)
_CONTAINERS = (b"\x30", b"\xa2", b"\xa5", b"\xa6")
_TAGS = (b"\x04", b"\x09", b"\x0a", b"\x0c", b"\x18", b"\x02", b"\x03")
"""DLMS and DER tags that a length follows."""
_SIZES = {0x05: 4, 0x06: 4, 0x0F: 1, 0x10: 2, 0x11: 1, 0x12: 2, 0x16: 1}
"""DLMS types of a fixed size."""
_SHORTEST_VALUE = 5
"""Octets of a DER header; a certificate is shown with more."""
_TYPES_ALONE = (b"\x06", b"\x05", b"\x12", b"\x16", b"\x00")
"""What is in a compact array, by tag alone; and nothing."""


class ValueKind(Enum):
    """What a value is, as the other parser writes it."""

    NUMBER = "number"
    MOMENT = "date or time"
    TEXT = "text"
    OBJECT = "object"
    OCTETS = "octets"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class JudgedValue:
    """One value: its name, its octets, and what the other parser makes of them."""

    name: str
    octets: bytes
    meaning: str
    kind: ValueKind
    cut: bool = False
    """Whether there are more octets than are printed."""

    @property
    def label(self) -> str:
        """Its name without the number of an element."""
        return re.sub(r" ?\[?\d+\]?", "", self.name)

    @property
    def content(self) -> bytes:
        """What follows a tag and a length, where the octets have them and they fit."""
        if len(self.octets) > 1 and _SIZES.get(self.octets[0]) == len(self.octets) - 1:
            return self.octets[1:]
        if self.octets[:1] not in _TAGS or len(self.octets) < 2:
            return self.octets
        fits = self.octets[1] == len(self.octets) - 2
        return self.octets[2:] if fits or self.cut else self.octets

    @property
    def number(self) -> int:
        """The number; of a bit string with its last octet filled up."""
        if self.name == "Bit String":
            return int(self.meaning.ljust(-(-len(self.meaning) // 8) * 8, "0"), 2)
        return int(self.meaning, 16) if self.meaning.startswith("0x") else int(self.meaning)

    @property
    def alert(self) -> int:
        """Its last two octets, as an alert code is."""
        return int.from_bytes(self.octets[-2:], "big")


def judged_values(path: Path) -> list[JudgedValue]:
    """Every value of the payload and of its decrypted parts, in order."""
    return [value for line in _payload_lines(path) if (value := _value(line))]


def judged_lines(path: Path) -> Iterator[tuple[str, str, str]]:
    """Name, octets and meaning of every line of the payload, frames and all."""
    for line in _payload_lines(path):
        found = _LINE.match(line)
        if found:
            yield found["name"].strip(), found["octets"] or "", found["meaning"] or ""


def _payload_lines(path: Path) -> Iterator[str]:
    inside = False
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            inside = line.startswith(_SECTIONS)
        elif inside:
            yield line


def _value(line: str) -> JudgedValue | None:
    found = _LINE.match(line)
    if found is None or _FRAMES.fullmatch(found["name"].strip()):
        return None
    written, meaning = found["octets"] or "", (found["meaning"] or "").strip()
    octets = bytes.fromhex(written.removesuffix("…"))
    holds_others = octets[:1] in _CONTAINERS and len(octets) < _SHORTEST_VALUE
    if (not octets and not meaning) or holds_others or octets in _TYPES_ALONE:
        return None
    name = found["name"].strip()
    return JudgedValue(name, octets, meaning, _kind(meaning), cut="…" in written)


_MOMENT = re.compile(
    r"NOW|NEVER|.*\d{1,2}:\d\d.*|:.*:.*\.\d\d|\d{4}-\d\d-\d\d.*|"
    r"(\d{1,2}|Every day|Last day.*) (January|February|March|April|May|June|July|August|September|"
    r"October|November|December|every month).*|.* every year"
)


def _kind(meaning: str) -> ValueKind:
    if not meaning:
        return ValueKind.OCTETS
    if re.fullmatch(r"-?\d+|0x[0-9A-Fa-f]+", meaning):
        return ValueKind.NUMBER
    if meaning.startswith('"'):
        return ValueKind.TEXT
    if re.match(r"\d+-\d+:\d+\.\d+\.\d+\.\d+", meaning):
        return ValueKind.OBJECT
    return ValueKind.MOMENT if _MOMENT.fullmatch(meaning) else ValueKind.NAME
