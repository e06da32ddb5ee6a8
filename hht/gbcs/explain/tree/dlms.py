"""The tree of a DLMS payload: what is asked of which object, what came of it, what alerts add."""

from dataclasses import replace
from itertools import pairwise, zip_longest

from hht.gbcs.alerts import numbered_alert
from hht.gbcs.dlms import (
    NULL,
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
from hht.gbcs.explain.asked import Asked, access_of, accesses_asked
from hht.gbcs.explain.context import Context
from hht.gbcs.explain.dates import cosem_moment
from hht.gbcs.explain.field import Field, leaf
from hht.gbcs.explain.layout import PLAIN, read_layout
from hht.gbcs.explain.object_names import (
    Access,
    access_name,
    address,
    alert_layout,
    brief_name,
    dotted,
    layout_of,
    object_name,
    protected_layout,
    result_layout,
)
from hht.gbcs.explain.tree.currency import in_own_currency
from hht.gbcs.explain.tree.dlms_values import STATE, scaled_value, unscaled, value_field
from hht.gbcs.explain.tree.switches import without_states_of_others
from hht.gbcs.future_dated import CosemTarget, executed_command
from hht.gbcs.use_cases import use_case
from hht.spans import Line, code

_VERBS = {
    SpecKind.GET: "Read",
    SpecKind.SET: "Set",
    SpecKind.ACTION: "Do",
    SpecKind.GET_SELECTED: "Read",
    SpecKind.SET_SELECTED: "Set",
}
_RANGE = read_layout(
    "{~column{class:class, object:obis, attribute, index}, from:from, to:to, ~columns[column]}"
)
_DATE_RANGE = read_layout(
    "{~column{class:class, object:obis, attribute, index}, from:time, to:time, ~columns[column]}"
)
_ENTRIES = read_layout("{from entry, to entry, from column, to column}")
# Selectors of selective access to a Profile generic (Blue Book).
_RANGE_SELECTOR, _ENTRY_SELECTOR = 1, 2
_SCRIPT_TABLE, _PLAIN_SCRIPTS = 9, 0xFF
_SCALED = {(3, 2): 3, (4, 2): 3, (9000, 2): 3, (9000, 4): 5}
"""By class and attribute, the attribute that scales it: Register, Extended register, GBCS's own."""


def request_fields(request: AccessRequest, context: Context) -> tuple[Field, ...]:
    """Return one line for each thing asked; data that belongs to none is shown all the same."""
    fields = [
        _asked(spec, value or NULL, context)
        for spec, value in zip_longest(request.specs, request.data[: len(request.specs)])
    ]
    rest = request.data[len(request.specs) :]
    fields += [
        value_field(f"data {n}, of nothing asked", v, PLAIN, context) for n, v in _from(rest)
    ]
    return in_own_currency(tuple(fields))


def response_fields(response: AccessResponse, context: Context) -> tuple[Field, ...]:
    """Return one line for each thing answered, named by what the Command asked."""
    if len(response.data) != len(response.results):
        return _uneven(response, context)
    asked = accesses_asked(response, context)
    fields = [
        _answered(result, value, access, context)
        for result, value, access in zip(response.results, response.data, asked, strict=True)
    ]
    for at, (first, second) in enumerate(pairwise(asked)):
        if not _is_scaled_by(first.access, second.access) or _has_own_form(first):
            continue
        if words := _scaled(response, at):
            fields[at] = replace(fields[at], value=words)
            fields[at + 1] = replace(fields[at + 1], minor=True)
    fields = without_states_of_others(fields, [each.access for each in asked], response.data)
    return in_own_currency(tuple(fields))


def _scaled(response: AccessResponse, at: int) -> Line | None:
    """Return the number with the scaler and unit after it, or that it has none.

    None for no number.
    """
    value, scale = response.data[at : at + 2]
    if response.results[at].code or not isinstance(value.content, int):
        return None
    return scaled_value(value, scale) or unscaled(value)


def notification_fields(notification: Notification, context: Context) -> tuple[Field, ...]:
    """Return the alert code, the time, and what the Alert adds."""
    number = notification.alert_code
    head = (
        leaf("Alert Code", code(numbered_alert(number), number)),
        leaf("Date Time", cosem_moment(notification.time_stamp)),
    )
    executed = executed_command(context.message)
    if executed and isinstance(executed.target, CosemTarget):
        target = Access(SpecKind.SET, *executed.target)
        return (
            *head,
            leaf("Command", use_case(executed.message_code).name),
            leaf("Command's Originator Counter", str(executed.counter)),
            Field(
                "Part of it", Line.of(access_name(target)), (_object(target),), brief=_whose(target)
            ),
        )
    layouts, protected = alert_layout(context.message.message_code)
    content = notification.content
    layouts += (PLAIN,) * (len(content) - len(layouts))
    return head + tuple(
        value_field(layout.name or f"content {at}", value, layout, context, protected)
        for at, (value, layout) in enumerate(zip(content, layouts, strict=False), 1)
    )


def failure(result: Result) -> str:
    """Return what came of an access, as its name and code."""
    known = result.code in AccessResult._value2member_map_
    name = AccessResult(result.code).name.lower().replace("_", " ") if known else "result"
    return f"{name} ({result.code})"


def _uneven(response: AccessResponse, context: Context) -> tuple[Field, ...]:
    """Return data and results of a Response that has more of the one: they cannot be paired."""
    data = (value_field(f"data {n}", v, PLAIN, context) for n, v in _from(response.data))
    results = (leaf(f"result {n}", failure(r)) for n, r in enumerate(response.results, 1))
    return (*data, *results)


def _from(values: tuple[Value, ...]) -> list[tuple[int, Value]]:
    return list(enumerate(values, 1))


def _asked(spec: Spec, value: Value, context: Context) -> Field:
    access = access_of(spec)
    children = [_object(access)]
    if spec.selector is not None:
        children.append(_selection(spec, context))
    name = f"{_VERBS[spec.kind]} {access_name(access)}"
    if value.tag == Tag.NULL:
        return Field(name, children=tuple(children))
    layout = layout_of(access)
    read = value_field(name, value, layout, context)
    children += read.children
    says_nothing = (value.content == 0 and not layout.form) or _is_script(access, value)
    minor = read.minor or (spec.kind == SpecKind.ACTION and says_nothing)
    return Field(name, read.value, tuple(children), minor, brief_name(access))


def _whose(access: Access) -> str:
    """Return the object that an activation time is of."""
    return (object_name(access.obis) or dotted(access.obis)).removeprefix("Activation of ")


def _is_script(access: Access, value: Value) -> bool:
    """Return whether a script is named by a number that says no more than its use case does."""
    is_plain = isinstance(value.content, int) and 0 <= value.content <= _PLAIN_SCRIPTS
    return is_plain and access.class_id == _SCRIPT_TABLE


def _object(access: Access) -> Field:
    return leaf("Object", address(access), minor=True)


def _selection(spec: Spec, context: Context) -> Field:
    layout = PLAIN
    if spec.selector == _ENTRY_SELECTOR:
        layout = _ENTRIES
    elif spec.selector == _RANGE_SELECTOR:
        members = spec.selection.members if spec.selection.tag == Tag.STRUCTURE else ()
        is_dated = len(members) > 1 and members[1].tag == Tag.OCTET_STRING
        layout = _DATE_RANGE if is_dated else _RANGE
    return value_field("Selection", spec.selection, layout, context)


def _answered(result: Result, value: Value, asked: Asked, context: Context) -> Field:
    access = asked.access
    if result.code:
        return leaf(asked.name, code(f"failed: {failure(result)}", result.code), minor=True)
    if value.tag == Tag.NULL:
        return leaf(asked.name, "done" if result.kind != SpecKind.GET else "nothing")
    layout = result_layout(access) if access else PLAIN
    protected = protected_layout(access) if access else PLAIN
    field = value_field(asked.name, value, layout, context, protected)
    is_state = layout.form == STATE  # whose words say `output`, `input`
    return replace(field, brief=asked.brief.removesuffix(": state") if is_state else asked.brief)


def _is_scaled_by(first: Access | None, second: Access | None) -> bool:
    if first is None or second is None or first.obis != second.obis:
        return False
    return _SCALED.get((first.class_id, first.member)) == second.member


def _has_own_form(asked: Asked) -> bool:
    """Return whether the table says how the value is shown: the price of a kWh has a unit of its
    own."""
    return asked.access is not None and layout_of(asked.access) != PLAIN
