"""The tree of a DLMS payload: what is asked of which object, what came of it, what alerts add."""

from itertools import pairwise

from hht.gbcs.alerts import alert_name
from hht.gbcs.dlms import (
    AccessRequest,
    AccessResponse,
    Notification,
    Result,
    Spec,
    SpecKind,
    Tag,
    Value,
)
from hht.gbcs.dlms.results import AccessResult
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.context import Context
from hht.gbcs.explain.dates import cosem_moment
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.layout import PLAIN, alert_layout, read_layout
from hht.gbcs.explain.object_names import (
    Access,
    access_name,
    accesses_of,
    address,
    layout_of,
    protected_layout,
    result_layout,
)
from hht.gbcs.explain.tree.dlms_values import value_field
from hht.gbcs.explain.value_formats import scaled
from hht.gbcs.future_dated import CosemTarget, executed_command
from hht.gbcs.payload import decode_payload
from hht.gbcs.use_cases import use_case

_VERBS = {
    SpecKind.GET: "Read",
    SpecKind.SET: "Set",
    SpecKind.ACTION: "Do",
    SpecKind.GET_SELECTED: "Read",
    SpecKind.SET_SELECTED: "Set",
}
_RANGE = read_layout(
    "{column{class:class, object:obis, attribute, index}, from:utc, to:utc, columns[column]}"
)
_RANGE_SELECTOR = 1
_REGISTERS = (3, 4)
_VALUE, _SCALER_UNIT = 2, 3


def request_fields(request: AccessRequest, context: Context) -> tuple[Field, ...]:
    """One line for each thing asked."""
    return tuple(
        _asked(spec, value, context)
        for spec, value in zip(request.specs, request.data, strict=False)
    )


def response_fields(response: AccessResponse, context: Context) -> tuple[Field, ...]:
    """One line for each thing answered, named by what the Command asked."""
    if len(response.data) != len(response.results):
        return _uneven(response, context)
    asked = asked_accesses(response, context)
    fields = [
        _answered(at, result, value, asked[at] if asked else None, context)
        for at, (result, value) in enumerate(zip(response.results, response.data, strict=True))
    ]
    for at, (first, second) in enumerate(pairwise(asked)):
        if _is_register_with_unit(first, second):
            fields[at] = _with_unit(fields[at], response.data[at], response.data[at + 1])
    return tuple(fields)


def notification_fields(notification: Notification, context: Context) -> tuple[Field, ...]:
    """The alert code, the time, and what the Alert adds."""
    code = notification.alert_code
    head = (
        Field("Alert Code", f"{code:04X}, {alert_name(code)}"),
        Field("Date Time", cosem_moment(notification.time_stamp)),
    )
    executed = executed_command(context.message)
    if executed and isinstance(executed.target, CosemTarget):
        target = Access(SpecKind.SET, *executed.target)
        return (
            *head,
            Field("Command", use_case(executed.message_code).name),
            Field("Command's Originator Counter", str(executed.counter)),
            Field("Part of it", access_name(target), (Field("Object", address(target)),)),
        )
    layouts = alert_layout(context.message.message_code)
    content = notification.content
    layouts += (PLAIN,) * (len(content) - len(layouts))
    return head + tuple(
        value_field(layout.name or f"value {at}", value, layout, context)
        for at, (value, layout) in enumerate(zip(content, layouts, strict=False), 1)
    )


def asked_accesses(response: AccessResponse, context: Context) -> tuple[Access, ...]:
    """What a Response answers: as it says, as its Command says, or as its use case asks it.

    Empty where nothing fits the number and kinds of the results.
    """
    kinds = [result.kind for result in response.results]
    candidates = [tuple(map(_access, specs)) for specs in _specs(response, context)]
    for accesses in (*candidates, *accesses_of(context.message.message_code)):
        if [access.kind for access in accesses] == kinds:
            return accesses
    return ()


def failure(result: Result) -> str:
    """What came of an access, as its name and code."""
    known = result.code in AccessResult._value2member_map_
    name = AccessResult(result.code).name.lower().replace("_", " ") if known else "unknown result"
    return f"{name} ({result.code})"


def _specs(response: AccessResponse, context: Context) -> list[tuple[Spec, ...]]:
    """The specifications at hand, the Response's own first."""
    command = decode_payload(context.command) if context.command else None
    asked = command.specs if isinstance(command, AccessRequest) else ()
    return [specs for specs in (response.specs, asked) if specs]


def _uneven(response: AccessResponse, context: Context) -> tuple[Field, ...]:
    """Data and results of a Response that has more of the one: they cannot be paired."""
    data = (value_field(f"value {n}", v, PLAIN, context) for n, v in enumerate(response.data, 1))
    results = (Field(f"result {n}", failure(r)) for n, r in enumerate(response.results, 1))
    return (*data, *results)


def _access(spec: Spec) -> Access:
    plain = {SpecKind.GET_SELECTED: SpecKind.GET, SpecKind.SET_SELECTED: SpecKind.SET}
    return Access(plain.get(spec.kind, spec.kind), spec.class_id, spec.obis, spec.member)


def _asked(spec: Spec, value: Value, context: Context) -> Field:
    access = _access(spec)
    children = [Field("Object", address(access))]
    if spec.selector is not None:
        layout = _RANGE if spec.selector == _RANGE_SELECTOR else PLAIN
        children.append(value_field("Selection", spec.selection, layout, context))
    name = f"{_VERBS[spec.kind]} {access_name(access)}"
    if value.tag == Tag.NULL:
        return Field(name, "", tuple(children))
    told = value_field(name, value, layout_of(access), context)
    return Field(name, told.value, (*children, *told.children))


def _answered(
    at: int, result: Result, value: Value, access: Access | None, context: Context
) -> Field:
    name = access_name(access) if access else f"answer {at + 1}"
    if result.code:
        return Field(name, f"failed: {failure(result)}")
    if value.tag == Tag.NULL:
        return Field(name, "done" if result.kind != SpecKind.GET else "nothing")
    layout = result_layout(access) if access else PLAIN
    protected = protected_layout(access) if access else PLAIN
    return value_field(name, value, layout, context, protected)


def _is_register_with_unit(first: Access, second: Access) -> bool:
    is_pair = first.class_id in _REGISTERS and first.obis == second.obis
    return is_pair and (first.member, second.member) == (_VALUE, _SCALER_UNIT)


def _with_unit(field: Field, value: Value, scaler_and_unit: Value) -> Field:
    try:
        scaler, unit = scaler_and_unit.members
        words = scaled(value.number, scaler.number, unit.number)
    except (MalformedMessage, ValueError):
        return field
    return Field(field.name, words, field.children)
