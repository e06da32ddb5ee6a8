"""The fields of a ZCL payload, named and typed by assets/tables/zcl_commands.tsv, losslessly.

`encode_fields(decode_fields(...))` gives back the payload, whatever it is: octets the table does
not account for are a last field of type "rest".
"""

import re
from functools import cache
from typing import NamedTuple

from hht.gbcs.errors import MalformedMessage
from hht.gbcs.gbz.payload import ZclFrame
from hht.gbcs.gbz.zcl_types import (
    TYPES_BY_NAME,
    ZclType,
    ZclValue,
    decode_zcl,
    encode_zcl,
    zcl_type,
)
from hht.tables import rows_of

REST = "rest"
DEFAULT_RESPONSE = 0x0B
READ_ATTRIBUTES = 0x00
READ_ATTRIBUTES_RESPONSE = 0x01
_WRITES = frozenset({0x02, 0x03, 0x05, 0x0A})
_PART = re.compile(
    r"(?P<minor>~?)(?P<name>\w+)(\[(?P<count>\w+)\])?:(?P<type>\w+)(/(?P<form>\w+))?"
)


class Field(NamedTuple):
    """One field: `type` is the ZCL type name; a record of several has `members` instead.

    `form` and `minor` are what the table says of how it is shown, and whether it is bookkeeping.
    """

    name: str
    type: str
    value: ZclValue = None
    members: "tuple[Field, ...]" = ()
    form: str = ""
    minor: bool = False


class Part(NamedTuple):
    """One field of a layout: its type, and the field that counts it where it is repeated."""

    name: str
    type: ZclType
    counted_by: str = ""
    form: str = ""
    minor: bool = False


_IDENTIFIER = Part("attribute", TYPES_BY_NAME["attribId"])
_STATUS, _TYPE = (Part(name, TYPES_BY_NAME["enum8"]) for name in ("status", "type"))


class Layout(NamedTuple):
    """A command's name, its fields in order, and the record that is repeated to the end."""

    name: str
    parts: tuple[Part, ...]
    record: tuple[Part, ...] = ()


FOUNDATION: dict[int, str] = {
    0x00: "Read Attributes",
    0x01: "Read Attributes Response",
    0x02: "Write Attributes",
    0x03: "Write Attributes Undivided",
    0x04: "Write Attributes Response",
    0x05: "Write Attributes No Response",
    0x06: "Configure Reporting",
    0x07: "Configure Reporting Response",
    0x08: "Read Reporting Configuration",
    0x09: "Read Reporting Configuration Response",
    0x0A: "Report Attributes",
    0x0B: "Default Response",
    0x0C: "Discover Attributes",
    0x0D: "Discover Attributes Response",
}
"""The commands all clusters share. Source: ZigBee Cluster Library, section 2.5."""


def command_name(cluster: int, frame: ZclFrame) -> str:
    """Return the name of a frame's command; "command XX" for one the table does not have."""
    if frame.is_foundation:
        return FOUNDATION.get(frame.command, f"command {frame.command:02X}")
    layout = layouts().get((cluster, frame.from_server, frame.command))
    return layout.name if layout else f"command {frame.command:02X}"


def answered_name(cluster: int, frame: ZclFrame, command: int) -> str:
    """Return the name of the command that a default response answers; empty for none."""
    layout = layouts().get((cluster, not frame.from_server, command))
    return layout.name if layout else ""


def decode_fields(cluster: int, frame: ZclFrame) -> tuple[Field, ...]:
    """Return the fields of a plain frame's payload."""
    payload = frame.payload
    if not frame.is_foundation:
        layout = layouts().get((cluster, frame.from_server, frame.command))
        return _lay_out(layout, payload) if layout else _rest(payload, 0)
    if frame.command == READ_ATTRIBUTES_RESPONSE:
        return _attributes(payload, with_status=True)
    if frame.command in _WRITES:
        return _attributes(payload, with_status=False)
    shared = _SHARED.get(frame.command)
    return _lay_out(shared, payload) if shared else _rest(payload, 0)


def encode_fields(fields: tuple[Field, ...]) -> bytes:
    return b"".join(map(_encode_field, fields))


@cache
def layouts() -> dict[tuple[int, bool, int], Layout]:
    """Return the layouts by cluster, whether the server sends it, and command."""
    return dict(map(_layout_row, rows_of("zcl_commands.tsv")))


def _layout_row(row: list[str]) -> tuple[tuple[int, bool, int], Layout]:
    cluster, sender, command, name, fields = row
    parts, _, record = fields.partition("{")
    key = (int(cluster, 16), sender == "server", int(command, 16))
    return key, Layout(name, _parts(parts), _parts(record))


def _parts(text: str) -> tuple[Part, ...]:
    return tuple(
        Part(
            _words(found["name"]),
            TYPES_BY_NAME[found["type"]],
            _words(found["count"] or ""),
            found["form"] or "",
            bool(found["minor"]),
        )
        for found in _PART.finditer(text)
    )


def _words(name: str) -> str:
    return name.replace("_", " ")


_SHARED = {
    READ_ATTRIBUTES: Layout("", (), _parts("attribute:attribId")),
    0x04: Layout("", (), _parts("status:enum8 attribute:attribId")),
    DEFAULT_RESPONSE: Layout("", _parts("command:uint8 status:enum8")),
}


def _lay_out(layout: Layout, payload: bytes) -> tuple[Field, ...]:
    """Return the payload as the layout says, and what it does not say as the rest."""
    fields: list[Field] = []
    position = 0
    try:
        for part in layout.parts:
            for _ in range(_times(part, fields)):
                if position == len(payload):
                    return tuple(fields)
                field, position = _field(part, payload, position)
                fields.append(field)
        while layout.record and position < len(payload):
            record, position = _record(layout.record, payload, position)
            fields.append(record)
    except MalformedMessage:
        pass  # what does not fit the layout is shown as the rest
    return (*fields, *_rest(payload, position))


def _times(part: Part, fields: list[Field]) -> int:
    if not part.counted_by:
        return 1
    counted = next((field.value for field in fields if field.name == part.counted_by), 0)
    return counted if isinstance(counted, int) else 0


def _field(part: Part, payload: bytes, position: int) -> tuple[Field, int]:
    value, position = decode_zcl(part.type, payload, position)
    return Field(part.name, part.type.name, value, (), part.form, part.minor), position


def _record(parts: tuple[Part, ...], payload: bytes, position: int) -> tuple[Field, int]:
    members = []
    for part in parts:
        member, position = _field(part, payload, position)
        members.append(member)
    if len(members) == 1:
        return members[0], position
    return Field("entry", "", members=tuple(members)), position


def _attributes(payload: bytes, *, with_status: bool) -> tuple[Field, ...]:
    fields: list[Field] = []
    position = 0
    try:
        while position < len(payload):
            field, position = _attribute(payload, position, with_status)
            fields.append(field)
    except MalformedMessage:
        pass  # what is no attribute record is shown as the rest
    return (*fields, *_rest(payload, position))


def _attribute(payload: bytes, position: int, with_status: bool) -> tuple[Field, int]:
    field, position = _field(_IDENTIFIER, payload, position)
    members = [field]
    if with_status:
        status, position = _field(_STATUS, payload, position)
        members.append(status)
        if status.value:
            return Field("attribute", "", members=tuple(members)), position
    kind, position = _field(_TYPE, payload, position)
    value_type = zcl_type(payload[position - 1])
    value, position = _field(Part("value", value_type), payload, position)
    return Field("attribute", "", members=(*members, kind, value)), position


def _rest(payload: bytes, position: int) -> tuple[Field, ...]:
    return (Field(REST, REST, payload[position:]),) if position < len(payload) else ()


def _encode_field(field: Field) -> bytes:
    if field.members:
        return encode_fields(field.members)
    if field.type == REST:
        return field.value if isinstance(field.value, bytes) else b""
    return encode_zcl(TYPES_BY_NAME[field.type], field.value)
