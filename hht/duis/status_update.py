"""SR 8.14: what became of a Communications Hub, checked field by field and written as DUIS XML.

The XSD lets through what the DCC refuses (an install type of another variant, a time in the future
or without a zone); all of that is checked here. The fields are data: status_update_fields.tsv.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from xml.sax.saxutils import escape

from hht.duis.request_id import COUNTER_LIMIT, RequestId
from hht.duis.return_request import service_request
from hht.entity_id import EntityId
from hht.mpxn import check_digits_fit, mpxn_kind
from hht.tables import rows_of

VARIANTS = ("8.14.1", "8.14.2", "8.14.3", "8.14.4")
DRAFT_ITEM = "DraftCHFChannelMask"
"""In no DUIS: SECMP0012 wanted it on the SR 8.14 of an installation."""
_WITH_DRAFT = ("8.14.1", "8.14.2")
_DRAFT_CHANNELS = range(11, 27)
VARIANT_FIELD = "ServiceReferenceVariant"
ORIGINATOR, TARGET = "BusinessOriginatorID", "BusinessTargetID"
DEFAULT_TARGET = "90-B3-D5-1F-30-00-00-02"  # the DCC of the published test data; theirs is data
CLOCK_TOLERANCE = timedelta(minutes=5)  # two good clocks may differ by this much

_EUI = re.compile(r"[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){7}")
_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-5][0-9])?"
)
_MOST_ZONE = timedelta(hours=14)  # XML Schema, dateTime
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Field:
    """One element of the Service Request; `most` is its characters, 0 without a limit."""

    name: str
    kind: str
    mandatory: bool
    most: int
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatusUpdate:
    """A checked status update; `values` are in the order of the XSD, as they are written.

    `parties` are originator and target as they are written in the RequestID.

    `draft_channels` are the optional data item that SECMP0012 drafts: the 2.4 GHz channels that the
    hub may use. DUIS 5.4 has no such item and refuses it: one with it carries the training mark.
    """

    variant: str
    element: str
    originator: EntityId
    target: EntityId
    parties: str
    values: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...] = ()
    draft_channels: tuple[int, ...] = ()

    @property
    def body(self) -> str:
        """The Body element, compact."""
        fields = "".join(f"<sr:{name}>{_escaped(value)}</sr:{name}>" for name, value in self.values)
        return f"<sr:{self.element}>{fields}{self._draft}</sr:{self.element}>"

    @property
    def _draft(self) -> str:
        channels = "".join(f"<sr:Channel{channel}/>" for channel in self.draft_channels)
        return f"<sr:{DRAFT_ITEM}>{channels}</sr:{DRAFT_ITEM}>" if channels else ""

    def to_xml(self, counter: int) -> bytes:
        """Write the Service Request, compact and unsigned, with this RequestID counter."""
        text = f"{self.parties}:{counter}"
        request_id = RequestId(self.originator, self.target, counter, text)
        is_draft = bool(self.draft_channels)
        return service_request(request_id, self.variant, self.body, training=is_draft)


class Faults(Exception):
    """Everything that is wrong with the fields, a line each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(*lines)
        self.lines = lines


class _Wrong(ValueError):
    """What is wrong with one value."""


def check_status_update(
    given: Mapping[str, object], now: datetime, not_hubs: frozenset[EntityId] = frozenset()
) -> StatusUpdate:
    """Check the fields of one status update; Faults names every field that is wrong.

    `now` is UTC. `not_hubs` are the GPFs and meters that imported jobs know: none is a CHF.
    """
    variant = given.get(VARIANT_FIELD)
    if variant not in VARIANTS:
        raise Faults([f"{VARIANT_FIELD}: {_shown(variant)} is none of {', '.join(VARIANTS)}"])
    element, fields = fields_of(str(variant))
    checker = _Checker(given, now, not_hubs)
    originator = checker.value(Field(ORIGINATOR, "entity", True, 0, ()))
    target = checker.value(Field(TARGET, "entity", False, 0, ())) or DEFAULT_TARGET
    values = [(each.name, checker.value(each)) for each in fields]
    checker.refuse_unknown({VARIANT_FIELD, ORIGINATOR, TARGET, *(each.name for each in fields)})
    if checker.faults:
        raise Faults(checker.faults)
    return StatusUpdate(
        str(variant),
        element,
        EntityId.parse(str(originator)),
        EntityId.parse(target),
        f"{originator}:{target}",
        tuple((name, value) for name, value in values if value is not None),
        tuple(checker.warnings),
    )


def with_draft(update: StatusUpdate, channels: Sequence[int]) -> StatusUpdate:
    """Add SECMP0012's data item to the status update of an installation; Faults where it cannot."""
    if update.variant not in _WITH_DRAFT:
        raise Faults([f"{DRAFT_ITEM}: the draft is about {' and '.join(_WITH_DRAFT)} alone"])
    if not channels or any(channel not in _DRAFT_CHANNELS for channel in channels):
        raise Faults([f"{DRAFT_ITEM}: wants channels from 11 to 26"])
    return replace(update, draft_channels=tuple(sorted(set(channels))))


def check_counter(counter: int) -> int:
    """Check a RequestID counter; Faults unless it is from 0 to 2^64 - 1."""
    if not 0 <= counter < COUNTER_LIMIT:
        raise Faults([f"RequestID counter: {counter} is not from 0 to {COUNTER_LIMIT - 1}"])
    return counter


@cache
def fields_of(variant: str) -> tuple[str, tuple[Field, ...]]:
    """Look up a variant's body element and its fields in their order."""
    rows = [row for row in rows_of("status_update_fields.tsv") if row[0] == variant]
    fields = tuple(
        Field(
            name, kind, use == "mandatory", int(most or 0), tuple(filter(None, choices.split("|")))
        )
        for _, _, name, kind, use, most, choices in rows
    )
    return rows[0][1], fields


class _Checker:
    """A check of the given fields, which collects what is wrong with them."""

    def __init__(
        self, given: Mapping[str, object], now: datetime, not_hubs: frozenset[EntityId]
    ) -> None:
        self.faults: list[str] = []
        self.warnings: list[str] = []
        self._given = given
        self._now = now
        self._not_hubs = not_hubs
        self._kinds: Mapping[str, Callable[[Field, object], str]] = {
            "entity": self._entity,
            "choice": self._choice,
            "time": self._time,
            "boolean": self._boolean,
            "mpxn": self._mpxn,
            "text": self._text,
        }

    def value(self, field: Field) -> str | None:
        """Check one field and give its text in the XML; None where it is absent or wrong."""
        if field.name not in self._given:
            if field.mandatory:
                self.faults.append(f"{field.name}: missing; {_expected(field)}")
            return None
        try:
            return self._kinds[field.kind](field, self._given[field.name])
        except _Wrong as wrong:
            self.faults.append(f"{field.name}: {wrong}")
            return None

    def refuse_unknown(self, known: set[str]) -> None:
        """Note every given name that this variant does not have."""
        for name in self._given:
            if name not in known:
                self.faults.append(f"{_shown(name)}: not a field of this variant")

    def _entity(self, field: Field, value: object) -> str:
        text = _string(field, value)
        if not _EUI.fullmatch(text):
            raise _Wrong(f"{_shown(text)} is no Entity Identifier; {_expected(field)}")
        if field.name == "DeviceID" and EntityId.parse(text) in self._not_hubs:
            raise _Wrong(f"{text} is a GPF or a meter of an imported job; give the CHF")
        return text

    def _choice(self, field: Field, value: object) -> str:
        text = _string(field, value)
        if text not in field.choices:
            raise _Wrong(f"{_shown(text)} is not allowed here; {_expected(field)}")
        return text

    def _time(self, field: Field, value: object) -> str:
        text = _string(field, value)
        if _moment(text) > self._now + CLOCK_TOLERANCE:
            raise _Wrong(f"{text} is in the future; the DCC refuses it (E081402)")
        return text

    def _boolean(self, field: Field, value: object) -> str:
        if not isinstance(value, bool):
            raise _Wrong(f"{_shown(value)} is not true or false")
        return "true" if value else "false"

    def _mpxn(self, field: Field, value: object) -> str:
        text = _string(field, value)
        if mpxn_kind(text) is None:
            raise _Wrong(f"{_shown(text)} is no MPAN (13 digits) and no MPRN (6 to 10 digits)")
        if not check_digits_fit(text):
            self.warnings.append(f"{field.name}: the check digit of {text} fails; compare it again")
        return text

    def _text(self, field: Field, value: object) -> str:
        text = _string(field, value)
        if not text.strip():
            raise _Wrong("empty; leave the field out or fill it")
        if field.most and len(text) > field.most:
            raise _Wrong(f"{len(text)} characters; at most {field.most}")
        if found := _NOT_XML.search(text):
            raise _Wrong(f"has the character U+{ord(found.group()):04X}, which XML cannot carry")
        return text


def _string(field: Field, value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"{_shown(value)} is not a text; {_expected(field)}")
    return value


def _moment(text: str) -> datetime:
    """Read an xs:dateTime with a zone; _Wrong says what it lacks."""
    match = _TIME.fullmatch(text)
    if not match:
        raise _Wrong(f"{_shown(text)} is not written as 2026-11-26T09:30:00Z")
    if not match[3]:
        raise _Wrong(f"{text} has no zone; end it with Z or +01:00")
    midnight = match[1].endswith("T24:00:00") and not (match[2] or "").strip(".0")
    start = match[1].replace("T24:", "T00:") if midnight else match[1]
    try:
        moment = datetime.fromisoformat(start + match[3].replace("Z", "+00:00"))
        later = moment + timedelta(days=1 if midnight else 0)
    except (ValueError, OverflowError):
        raise _Wrong(f"{text} is no date and time that there is") from None
    if abs(moment.utcoffset() or timedelta()) > _MOST_ZONE:
        raise _Wrong(f"{text} has a zone beyond 14:00")
    return later


def _expected(field: Field) -> str:
    """Say what a field may be."""
    if field.kind == "choice":
        return "one of " + ", ".join(f"'{choice}'" for choice in field.choices)
    return {
        "entity": "8 pairs of hexadecimal digits with dashes",
        "time": "a time such as 2026-11-26T09:30:00Z",
        "boolean": "true or false",
        "mpxn": "13 digits of an MPAN or 6 to 10 of an MPRN",
    }.get(field.kind, "a text")


def _shown(value: object) -> str:
    """Show a value in a line, short and printable."""
    text = json.dumps(value) if value is None or isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _escaped(text: str) -> str:
    """Escape for XML; a carriage return as a reference, for a parser would make a newline of it."""
    return escape(text, {"\r": "&#13;"})
