"""The three DLMS messages GBCS uses: access-request, access-response, data-notification.

Data stays out of reprs: it may hold Install Codes and PINs. In GBCS the invoke-id is 20 followed
by the low three octets of the originator counter, and dates are absent. Source: DLMS UA Green
Book, sections 9.3.9 and 9.3.12; GBCS section 7.3.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from hht.gbcs.dlms.data import NULL, decode_value, encode_value
from hht.gbcs.dlms.scalars import Value, take
from hht.gbcs.length import encode_length, malformed, read_length

ACCESS_REQUEST = 0xD9
ACCESS_RESPONSE = 0xDA
DATA_NOTIFICATION = 0x0F


class SpecKind(IntEnum):
    """What an access-request asks of one attribute or method."""

    GET = 1
    SET = 2
    ACTION = 3
    GET_SELECTED = 4
    SET_SELECTED = 5


class Excess(NamedTuple):
    """Octets by which the counts and the length of a message exceed their shortest form."""

    date_time: int = 0
    specs: int = 0
    data: int = 0
    results: int = 0


SHORTEST = Excess()


class Spec(NamedTuple):
    """One thing asked: `member` is the attribute, or for ACTION the method, of the object.

    `obis` is the 6-byte logical name. `selector` and `selection` are there for the SELECTED kinds.
    """

    kind: SpecKind
    class_id: int
    obis: bytes
    member: int
    selector: int | None = None
    selection: Value = NULL


class Result(NamedTuple):
    """What came of one thing asked; code 0 is success. `kind` is that of the Spec answered."""

    kind: int
    code: int


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A Command: what is asked of which objects, and one Data element for each."""

    invoke: int
    specs: tuple[Spec, ...]
    data: tuple[Value, ...] = field(repr=False)
    date_time: bytes = b""
    excess: Excess = SHORTEST


@dataclass(frozen=True, slots=True)
class AccessResponse:
    """A Response: one Data element and one result for each thing asked.

    `specs` repeats the request's, where the optional field is present.
    """

    invoke: int
    data: tuple[Value, ...] = field(repr=False)
    results: tuple[Result, ...]
    date_time: bytes = b""
    specs: tuple[Spec, ...] | None = None
    excess: Excess = SHORTEST


@dataclass(frozen=True, slots=True)
class Notification:
    """An Alert: `body` is a structure of alert code, COSEM date-time and what the alert adds."""

    invoke: int
    body: Value = field(repr=False)
    date_time: bytes = b""
    excess: Excess = SHORTEST

    @property
    def alert_code(self) -> int:
        """The alert code; MalformedMessage when the body does not begin with one."""
        return self._member(0).number

    @property
    def time_stamp(self) -> bytes:
        """The 12-byte COSEM date-time of the alert."""
        return self._member(1).octets

    @property
    def content(self) -> tuple[Value, ...]:
        """What follows the time stamp."""
        return self.body.members[2:]

    def _member(self, index: int) -> Value:
        members = self.body.members
        if len(members) < 2:
            malformed("the data-notification holds no alert code and time")
        return members[index]


def invoke_of(counter: int) -> int:
    """Return the long-invoke-id-and-priority GBCS gives a message of this originator counter."""
    return 0x20000000 | counter & 0xFFFFFF


def decode_access_request(raw: bytes) -> AccessRequest:
    """Read a whole access-request."""
    invoke, date_time, position, of_date = _header(raw, ACCESS_REQUEST)
    specs, position, of_specs = _specs(raw, position)
    data, position, of_data = _data(raw, position)
    _finished(raw, position)
    return AccessRequest(invoke, specs, data, date_time, Excess(of_date, of_specs, of_data))


def decode_access_response(raw: bytes) -> AccessResponse:
    """Read a whole access-response."""
    invoke, date_time, position, of_date = _header(raw, ACCESS_RESPONSE)
    present, position = take(raw, position, 1)
    specs, of_specs = None, 0
    if present == b"\x01":
        specs, position, of_specs = _specs(raw, position)
    elif present != b"\x00":
        malformed("the optional specification of an access-response is neither there nor absent")
    data, position, of_data = _data(raw, position)
    count, position, of_results = read_length(raw, position)
    field, position = take(raw, position, 2 * count)
    _finished(raw, position)
    results = tuple(map(Result, field[::2], field[1::2]))
    excess = Excess(of_date, of_specs, of_data, of_results)
    return AccessResponse(invoke, data, results, date_time, specs, excess)


def decode_notification(raw: bytes) -> Notification:
    """Read a whole data-notification."""
    invoke, date_time, position, of_date = _header(raw, DATA_NOTIFICATION)
    body, position = decode_value(raw, position)
    _finished(raw, position)
    return Notification(invoke, body, date_time, Excess(of_date))


def encode_access_request(request: AccessRequest) -> bytes:
    head = _head(ACCESS_REQUEST, request)
    specs = _encode_specs(request.specs, request.excess.specs)
    return head + specs + _encode_data(request.data, request.excess.data)


def encode_access_response(response: AccessResponse) -> bytes:
    head = _head(ACCESS_RESPONSE, response)
    excess = response.excess
    specs = b"\x00"
    if response.specs is not None:
        specs = b"\x01" + _encode_specs(response.specs, excess.specs)
    results = b"".join(bytes(result) for result in response.results)
    counted = encode_length(len(response.results), excess.results) + results
    return head + specs + _encode_data(response.data, excess.data) + counted


def encode_notification(notification: Notification) -> bytes:
    """Return the octets of a data-notification."""
    return _head(DATA_NOTIFICATION, notification) + encode_value(notification.body)


def _header(raw: bytes, tag: int) -> tuple[int, bytes, int, int]:
    fixed, position = take(raw, 0, 5)
    if fixed[0] != tag:
        malformed(f"this DLMS message begins with {fixed[0]:02X}, not {tag:02X}")
    size, position, excess = read_length(raw, position)
    date_time, position = take(raw, position, size)
    return int.from_bytes(fixed[1:], "big"), date_time, position, excess


def _head(tag: int, message: AccessRequest | AccessResponse | Notification) -> bytes:
    date_time = message.date_time
    size = encode_length(len(date_time), message.excess.date_time)
    return bytes([tag]) + message.invoke.to_bytes(4, "big") + size + date_time


def _specs(raw: bytes, position: int) -> tuple[tuple[Spec, ...], int, int]:
    count, position, excess = read_length(raw, position)
    specs = []
    for _ in range(count):
        spec, position = _spec(raw, position)
        specs.append(spec)
    return tuple(specs), position, excess


def _spec(raw: bytes, position: int) -> tuple[Spec, int]:
    field, position = take(raw, position, 10)
    if not 1 <= field[0] <= 5:
        malformed(f"{field[0]} is no kind of access (get, set, action)")
    kind = SpecKind(field[0])
    spec = Spec(kind, field[1] << 8 | field[2], field[3:9], field[9])
    if kind < SpecKind.GET_SELECTED:
        return spec, position
    selector, position = take(raw, position, 1)
    selection, position = decode_value(raw, position)
    return spec._replace(selector=selector[0], selection=selection), position


def _encode_specs(specs: tuple[Spec, ...], excess: int) -> bytes:
    return encode_length(len(specs), excess) + b"".join(map(_encode_spec, specs))


def _encode_spec(spec: Spec) -> bytes:
    fixed = bytes([spec.kind]) + spec.class_id.to_bytes(2, "big") + spec.obis + bytes([spec.member])
    if spec.selector is None:
        return fixed
    return fixed + bytes([spec.selector]) + encode_value(spec.selection)


def _data(raw: bytes, position: int) -> tuple[tuple[Value, ...], int, int]:
    count, position, excess = read_length(raw, position)
    data = []
    for _ in range(count):
        value, position = decode_value(raw, position)
        data.append(value)
    return tuple(data), position, excess


def _encode_data(data: tuple[Value, ...], excess: int) -> bytes:
    return encode_length(len(data), excess) + b"".join(map(encode_value, data))


def _finished(raw: bytes, position: int) -> None:
    if position != len(raw):
        malformed(f"{len(raw) - position} bytes follow the DLMS message")
