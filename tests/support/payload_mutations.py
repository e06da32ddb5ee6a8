"""Hypothesis strategies that change decoded payloads: other values, other types, other lengths.

Bytes changed at random mostly break a length; these payloads all decode, so that what comes after
the decoder meets values no Device should send.
"""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st
from payload_encoding import encode_payload

from hht.gbcs import dlms, gbz
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.der import Node
from hht.gbcs.dlms import BitString, CompactArray, Tag, TypeDescription, Value
from hht.gbcs.dlms.scalars import FIXED_OCTETS, NUMBERS
from hht.gbcs.gbz.zcl_types import ZCL_TYPES
from hht.gbcs.message import Message
from hht.gbcs.payload import Asn1Payload, Payload, Unknown

_LONG_INTEGER = 2000
"""Octets; a Python integer of this size cannot be written out in decimal."""

_lengths = st.sampled_from([0, 1, 2, 4, 5, 6, 8, 10, 12, 16, 19, 25, 64, 65, 300])
_octets = (
    st.binary(max_size=24)
    | _lengths.map(bytes)
    | _lengths.map(lambda size: b"\xff" * size)
    | st.sampled_from(
        [
            bytes.fromhex("07e60d20ff000000008000ff"),
            bytes.fromhex("ffffffffffffffffff800000"),
            bytes.fromhex("000000000000000000ffffff"),
            bytes.fromhex("07e60102ff173b3b00fc4080"),
            bytes.fromhex("270f0c1fff173b3b00fd3000"),
            bytes.fromhex("3100000000") + bytes(20),
            b"Line 1\nLine 2",
            "Debt £5.00 paid €".encode(),
            b"Reset\x00\x00",
            b"\xe2\x80\xae reversed",
            b"\xed\xa0\x80",
            b"\x1b]0;title\x07\x1b[31m red \x1b[0m of a sort",
            "Ενέργεια 能源 טקסט \u200f\u2066 \u00a0".encode(),
            b"A text of many words that goes on and on. " * 9,
        ]
    )
)


def _number(tag: int) -> st.SearchStrategy[Value]:
    size, signed = NUMBERS[tag]
    low = -(1 << 8 * size - 1) if signed else 0
    high = (1 << 8 * size - signed) - 1
    ends = st.sampled_from([low, high, high - 1, 0])
    return (ends | st.integers(low, high)).map(lambda number: Value(tag, number))


def _compact(count: int) -> Value:
    kind = TypeDescription(Tag.STRUCTURE, (TypeDescription(Tag.NULL),) * 3 + (_BYTE,))
    element = Value(Tag.STRUCTURE, (dlms.NULL,) * 3 + (dlms.unsigned(count),))
    return Value(Tag.COMPACT_ARRAY, CompactArray(kind, (element,) * count))


_BYTE = TypeDescription(Tag.UNSIGNED)
_leaves = st.one_of(
    st.sampled_from(sorted(NUMBERS)).flatmap(_number),
    st.builds(
        Value, st.sampled_from([Tag.OCTET_STRING, Tag.VISIBLE_STRING, 12]), _octets, st.just(0)
    ),
    st.sampled_from([dlms.NULL, Value(Tag.DONT_CARE, None)]),
    st.sampled_from(sorted(FIXED_OCTETS)).map(
        lambda tag: Value(tag, b"\xff" * FIXED_OCTETS[tag]),
    ),
    st.integers(0, 70).map(
        lambda bits: Value(Tag.BIT_STRING, BitString(bits, b"\xa5" * ((bits + 7) // 8)))
    ),
    st.integers(0, 5).map(_compact),
)
values = st.recursive(
    _leaves,
    lambda inner: st.builds(
        Value,
        st.sampled_from([Tag.ARRAY, Tag.STRUCTURE]),
        st.lists(inner, max_size=6).map(tuple),
        st.just(0),
    ),
    max_leaves=8,
)


@st.composite
def changed_messages(draw: st.DrawFn, message: Message, payload: Payload) -> Message:
    """The message with one to three of its payload's values changed; it still decodes."""
    for _ in range(draw(st.integers(1, 3))):
        payload = draw(_changed(payload))
    return replace(message, payload=encode_payload(payload))


def _changed(payload: Payload) -> st.SearchStrategy[Payload]:
    match payload:
        case dlms.AccessRequest():
            return _request(payload)
        case dlms.AccessResponse():
            return _response(payload)
        case dlms.Notification():
            return _value(payload.body).map(lambda body: replace(payload, body=body))
        case gbz.GbzPayload():
            return _components(payload)
        case gbz.GbzAlert():
            return _alert(payload)
        case Asn1Payload():
            return _node(payload.root).map(lambda root: replace(payload, root=root))
        case Unknown():
            return st.just(payload)


@st.composite
def _request(draw: st.DrawFn, request: dlms.AccessRequest) -> dlms.AccessRequest:
    if not draw(st.booleans()):
        return replace(request, data=draw(_members(request.data)))
    specs = list(request.specs)
    if specs:
        at = draw(st.integers(0, len(specs) - 1))
        specs[at] = draw(_spec(specs[at]))
    return replace(request, specs=tuple(specs))


@st.composite
def _spec(draw: st.DrawFn, spec: dlms.Spec) -> dlms.Spec:
    obis = draw(st.just(spec.obis) | st.binary(min_size=6, max_size=6))
    class_id = draw(st.just(spec.class_id) | st.sampled_from([1, 3, 7, 8, 20, 30, 71, 9000, 7777]))
    changed = spec._replace(obis=obis, class_id=class_id, member=draw(st.integers(0, 255)))
    if draw(st.booleans()):
        return changed
    kind = draw(st.sampled_from(dlms.SpecKind))
    selected = kind >= dlms.SpecKind.GET_SELECTED
    return changed._replace(
        kind=kind,
        selector=draw(st.integers(0, 2)) if selected else None,
        selection=draw(values) if selected else dlms.NULL,
    )


@st.composite
def _response(draw: st.DrawFn, response: dlms.AccessResponse) -> dlms.AccessResponse:
    if draw(st.booleans()):
        return replace(response, data=draw(_members(response.data)))
    results = list(response.results)
    if draw(st.booleans()) and results:
        at = draw(st.integers(0, len(results) - 1))
        results[at] = dlms.Result(draw(st.integers(0, 255)), draw(st.integers(0, 255)))
        return replace(response, results=tuple(results))
    return replace(response, results=tuple(results[: draw(st.integers(0, len(results)))]))


@st.composite
def _members(draw: st.DrawFn, members: tuple[Value, ...]) -> tuple[Value, ...]:
    """One member changed, taken away or added."""
    if not members:
        return (draw(values),)
    at = draw(st.integers(0, len(members) - 1))
    what = draw(st.integers(0, 5))
    if what == 0:
        return members[:at] + members[at + 1 :]
    if what == 1:
        return (*members[:at], draw(values), *members[at:])
    return (*members[:at], draw(_value(members[at])), *members[at + 1 :])


@st.composite
def _value(draw: st.DrawFn, value: Value) -> Value:
    if value.tag not in (Tag.ARRAY, Tag.STRUCTURE) or draw(st.integers(0, 7)) == 0:
        return draw(values)
    return Value(value.tag, draw(_members(value.members)))


@st.composite
def _components(draw: st.DrawFn, payload: gbz.GbzPayload) -> gbz.GbzPayload:
    components = list(payload.components)
    if not components:
        return payload
    at = draw(st.integers(0, len(components) - 1))
    components[at] = draw(_component(components[at]))
    if draw(st.integers(0, 9)) == 0:
        components = components[:at]
    return replace(payload, components=tuple(components))


@st.composite
def _component(draw: st.DrawFn, component: gbz.Component) -> gbz.Component:
    frame = component.frame
    if draw(st.integers(0, 3)) == 0:
        frame = frame._replace(command=draw(st.integers(0, 16)), control=draw(st.integers(0, 15)))
        frame = frame._replace(control=frame.control & ~4, manufacturer=None)
    fields = list(gbz.decode_fields(component.cluster, frame))
    if fields:
        at = draw(st.integers(0, len(fields) - 1))
        fields[at : at + 1] = draw(_fields(fields[at]))
    from_date = component.from_date
    if from_date is not None:
        from_date = draw(st.sampled_from([0, 1, from_date, 0xFFFFFFFE, 0xFFFFFFFF]))
    changed = frame._replace(payload=gbz.encode_fields(tuple(fields)))
    return replace(component, frame=changed, from_date=from_date)


@st.composite
def _fields(draw: st.DrawFn, field: gbz.Field) -> list[gbz.Field]:
    """A field of another value, type or number of times."""
    if draw(st.integers(0, 3)) and field.members:
        members = list(field.members)
        at = draw(st.integers(0, len(members) - 1))
        members[at : at + 1] = draw(_fields(members[at]))
        return [field._replace(members=tuple(members))] if members else []
    same = field._replace(value=draw(_zcl(field))) if not field.members else field
    return draw(st.sampled_from([[], [same], [same], [same], [same, same]]))


def _zcl(field: gbz.Field) -> st.SearchStrategy[int | bytes | None]:
    kind = next((kind for kind in ZCL_TYPES.values() if kind.name == field.type), None)
    if kind and kind.form in ("number", "signed"):
        signed = kind.form == "signed"
        low = -(1 << 8 * kind.size - 1) if signed else 0
        high = (1 << 8 * kind.size - signed) - 1
        return st.sampled_from([low, 0, 1, high - 1, high]) | st.integers(low, high)
    if kind and kind.form == "string":
        return st.none() | _octets.filter(lambda octets: len(octets) < 0xFF)
    if isinstance(field.value, bytes) and kind is None:
        return _octets
    return st.just(field.value)


@st.composite
def _alert(draw: st.DrawFn, alert: gbz.GbzAlert) -> gbz.GbzAlert:
    code = draw(st.just(alert.code) | st.integers(0, 0xFFFF))
    time = draw(st.sampled_from([0, alert.time, 0xFFFFFFFE, 0xFFFFFFFF]))
    return replace(alert, code=code, time=time, content=draw(st.just(alert.content) | _octets))


_moments = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))
_nodes = st.one_of(
    st.integers(-(1 << 80), 1 << 80).map(der.integer),
    st.sampled_from([der.INTEGER, der.ENUMERATED, 0x80, 0x81, der.OBJECT_IDENTIFIER]).map(
        lambda tag: Node(tag, b"\x7f" * _LONG_INTEGER)
    ),
    st.builds(Node, st.integers(1, 30), _octets, st.just(()), st.just(0)),
    st.just(Node(der.OBJECT_IDENTIFIER, b"\xff" * _LONG_INTEGER + b"\x01")),
    _moments.map(lambda moment: Node(der.GENERALIZED_TIME, f"{moment:%Y%m%d%H%M%S}Z".encode())),
    st.sampled_from([der.null(), der.octets(b""), der.integer(0), der.enumerated(255)]),
)


@st.composite
def _node(draw: st.DrawFn, node: Node) -> Node:
    if not node.children or draw(st.integers(0, 7)) == 0:
        return draw(_nodes | st.lists(_nodes, max_size=3).map(lambda some: der.sequence(*some)))
    children = list(node.children)
    at = draw(st.integers(0, len(children) - 1))
    what = draw(st.integers(0, 5))
    if what == 0:
        del children[at]
    elif what == 1:
        children.insert(at, draw(_nodes))
    else:
        children[at] = draw(_node(children[at]))
    return node._replace(children=tuple(children))
