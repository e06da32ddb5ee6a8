"""The tree of a GBZ payload: each component's ZCL command, its fields, and attributes by name."""

from dataclasses import dataclass, replace
from enum import IntEnum

from hht.gbcs import gbz
from hht.gbcs.alerts import numbered_alert
from hht.gbcs.encryption import gbz_part
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.amounts import hex_in_words
from hht.gbcs.explain.context import Context, how_it_opened
from hht.gbcs.explain.dates import Place, utc_moment
from hht.gbcs.explain.field import Field, leaf
from hht.gbcs.explain.object_names import (
    attribute_form,
    attribute_name,
    cluster_name,
    enumeration,
    zcl_asks_of,
)
from hht.gbcs.explain.tree.gbz_scales import NOT_CHANGED, Scales
from hht.gbcs.explain.tree.gbz_values import gbz_words, payment_control_bits
from hht.gbcs.explain.value_formats import event_details
from hht.gbcs.future_dated import ZclTarget, executed_command
from hht.gbcs.gbz.fields import READ_ATTRIBUTES_RESPONSE
from hht.gbcs.gbz.payload import ENCRYPTED
from hht.gbcs.gbz.statuses import TopUpResult, ZclStatus
from hht.gbcs.message import Cra
from hht.gbcs.protection import Verdict
from hht.gbcs.use_cases import use_case
from hht.spans import Kind, Line, code

_FROM_SERVER = 0x08
_GET, _PUBLISH = "Get ", "Publish "
_PAYMENT_CONTROL = "payment_control"
_TELLING = ("message_control", "supply_control", "event_configuration", _PAYMENT_CONTROL)
"""Forms whose words need no name before them in a line."""

_DEFAULT_RESPONSE = "Default Response"
_CURRENT_PRICE = "Publish Price"
_TOP_UP_RESPONSE = "Consumer Top Up Response"
_CHANGE_DEBT, _DEBT, _WHICH_DEBT = "Change Debt", "debt amount", "amount type"
_EVENT, _EVENT_DATA = "event id", "event data"
_IDENTIFIER, _VALUE, _STATUS = "attribute", "value", "status"


@dataclass(frozen=True, slots=True)
class Opened:
    """A component with its fields, decrypted where a key is held; `words` say how that went."""

    component: gbz.Component
    command: str
    fields: tuple[gbz.Field, ...] = ()
    words: str = ""


def gbz_fields(payload: gbz.GbzPayload, context: Context) -> tuple[Field, ...]:
    """Return one line for each component."""
    opened = opened_components(payload.components, context)
    scales = scales_of(opened)
    if context.message.cra is Cra.RESPONSE:
        scales.note_missing(zcl_asks_of(context.message.message_code))
    return tuple(_component_field(each, scales) for each in opened)


def gbz_alert_fields(alert: gbz.GbzAlert, context: Context) -> tuple[Field, ...]:
    """Return the alert code, the time, and what the Alert adds."""
    head = (
        leaf("Alert Code", code(numbered_alert(alert.code), alert.code)),
        leaf("Date Time", utc_moment(alert.time)),
    )
    return head + _alert_content(alert, context)


def opened_components(
    components: tuple[gbz.Component, ...], context: Context
) -> tuple[Opened, ...]:
    """Return each component with its fields, as far as they can be read."""
    return tuple(_opened(component, context) for component in components)


def scales_of(opened: tuple[Opened, ...]) -> Scales:
    """Return the scales that the components hold for one another's numbers."""
    scales = Scales()
    for each in opened:
        if each.command != _CURRENT_PRICE:  # whose unit is that of its own price
            scales.note_fields(each.command, each.fields)
        for found in each.fields:
            members = {member.name: member.value for member in found.members}
            number = members.get(_IDENTIFIER)
            is_answer = _VALUE in members or _STATUS in members
            if each.component.frame.is_foundation and is_answer and isinstance(number, int):
                scales.note_attribute(each.component.cluster, number, members.get(_VALUE))
    return scales


def _opened(component: gbz.Component, context: Context) -> Opened:
    command = gbz.command_name(component.cluster, component.frame)
    if not component.is_encrypted:
        return Opened(component, command, gbz.decode_fields(component.cluster, component.frame))
    try:
        part = gbz_part(component, context.message)
    except MalformedMessage as error:
        return Opened(component, command, words=f"encrypted, but {error.what}")
    opened = context.open(part)
    words = how_it_opened(part, opened)
    if opened.verdict is not Verdict.VALID:
        return Opened(component, command, words=words)
    plain = _plain(component, opened.plaintext)
    return Opened(plain, command, gbz.decode_fields(plain.cluster, plain.frame), words)


def _plain(component: gbz.Component, plaintext: bytes) -> gbz.Component:
    """Return the component as it was before it was encrypted."""
    frame = component.frame._replace(payload=plaintext)
    return gbz.Component(
        component.control & ~ENCRYPTED, component.cluster, frame, component.from_date
    )


def _component_field(opened: Opened, scales: Scales) -> Field:
    component, command = opened.component, opened.command
    own = scales.beside(command, opened.fields)
    children = [_field(field, opened, own) for field in opened.fields]
    if command == _CHANGE_DEBT:
        children = _of_its_debt(children)
    if component.from_date is not None:
        place = Place.FROM if command.startswith(_GET) else Place.START
        name = "from" if command.startswith(_GET) else "to be carried out"
        children.insert(0, leaf(name, utc_moment(component.from_date, place)))
    name = f"{cluster_name(component.cluster)}: {command}"
    brief = command.removeprefix(_PUBLISH).removeprefix(_GET).lower()
    minor = command == _DEFAULT_RESPONSE
    return Field(name, Line.of(opened.words), tuple(children), minor, brief)


def _of_its_debt(children: list[Field]) -> list[Field]:
    """Return the fields of a debt with its amount named for a summary by which debt it is."""
    kinds = (child.value.without(Kind.RAW) for child in children if child.name == _WHICH_DEBT)
    brief = str(next(kinds, ""))
    return [
        replace(child, brief=brief) if brief and child.name == _DEBT else child
        for child in children
    ]


def _alert_content(alert: gbz.GbzAlert, context: Context) -> tuple[Field, ...]:
    executed = executed_command(context.message)
    if executed and isinstance(executed.target, ZclTarget):
        cluster, frame = executed.target
        return (
            leaf("Command", use_case(executed.message_code).name),
            leaf("Command's Originator Counter", str(executed.counter)),
            _part(cluster, frame),
        )
    component = gbz.alert_component(alert)
    if component:
        opened = opened_components((component,), context)
        return (_component_field(opened[0], scales_of(opened)),)
    warning = enumeration("integrity", int.from_bytes(alert.content, "big"))
    if len(alert.content) == 2 and warning:
        return (leaf("Warning", warning),)
    return (leaf("Content", hex_in_words(alert.content)),) if alert.content else ()


def _part(cluster: int, frame: gbz.ZclFrame) -> Field:
    instruction = _instruction(cluster, frame)
    words = Line.of(f"{cluster_name(cluster)}: {instruction}")
    return Field("Part of it", words, brief=instruction.removeprefix(_PUBLISH).lower())


def _instruction(cluster: int, frame: gbz.ZclFrame) -> str:
    """Find the instruction: some Alerts leave out its direction, and what is future dated
    publishes."""
    name = gbz.command_name(cluster, frame)
    if not name.startswith(_GET):
        return name
    return gbz.command_name(cluster, frame._replace(control=frame.control | _FROM_SERVER))


def _field(field: gbz.Field, opened: Opened, scales: Scales) -> Field:
    if field.name == _IDENTIFIER and opened.component.frame.is_foundation:
        return _attribute(field, opened.component, scales)
    if field.members:
        children = tuple(_field(member, opened, scales) for member in field.members)
        children = tuple(map(_event_data, children, field.members, _before(field.members)))
        return Field(field.name, children=children)
    if opened.component.frame.is_foundation and field.name == "command":
        words = gbz_words(field, "byte", scales)
        number = field.value if isinstance(field.value, int) else -1
        name = gbz.answered_name(opened.component.cluster, opened.component.frame, number)
        return Field("command", Line.of(words, f", {name}" if name else ""), minor=True)
    if field.name == _STATUS and opened.component.frame.is_foundation:
        return leaf(field.name, _named(ZclStatus, field.value))
    if field.name == "result" and opened.command == _TOP_UP_RESPONSE:
        return leaf(field.name, _named(TopUpResult, field.value))
    brief = "" if field.form in _TELLING else None
    words, below = gbz_words(field, field.form, scales), _bits_of(field, field.form)
    is_minor = field.minor or (field.form == "cut_off" and field.value == NOT_CHANGED)
    return Field(field.name, words, below, is_minor, brief)


def _bits_of(field: gbz.Field, form: str) -> tuple[Field, ...]:
    """Return the bits of a payment control configuration, which are more than a line has room
    for."""
    if form != _PAYMENT_CONTROL or not isinstance(field.value, int):
        return ()
    return (Field("bits set", payment_control_bits(field.value), minor=True),)


def _before(members: tuple[gbz.Field, ...]) -> tuple[int, ...]:
    """Return the event that each member of a log's entry belongs to; 0 where there is none."""
    events = [m.value for m in members if m.name == _EVENT and isinstance(m.value, int)]
    return (events[0] if events else 0,) * len(members)


def _event_data(shown: Field, member: gbz.Field, event: int) -> Field:
    if member.name != _EVENT_DATA or not isinstance(member.value, bytes) or not event:
        return shown
    return replace(shown, value=Line.of(event_details(member.value, event)))


def _attribute(field: gbz.Field, component: gbz.Component, scales: Scales) -> Field:
    """Return a line for an attribute: its value, or why there is none."""
    cluster = component.cluster
    members = {member.name: member for member in field.members} or {_IDENTIFIER: field}
    number = members[_IDENTIFIER].value
    assert isinstance(number, int)
    name = attribute_name(cluster, number) or f"attribute {number:04X}"
    if _VALUE in members:
        form, minor = attribute_form(cluster, number)
        value = members[_VALUE]
        return Field(name, gbz_words(value, form, scales), _bits_of(value, form), minor)
    if _STATUS not in members:
        return leaf(name)
    status = members[_STATUS].value
    is_read = component.frame.command == READ_ATTRIBUTES_RESPONSE
    is_failure = bool(status) and not (is_read and status == ZclStatus.NOT_FOUND)
    return leaf(name, _named(ZclStatus, status), minor=is_failure)


def _named(codes: type[IntEnum], number: object) -> Line:
    if not isinstance(number, int):
        return Line()
    name = codes(number).name if number in codes._value2member_map_ else "not defined"
    return Line.of(code(f"{name.lower().replace('_', ' ')} ({number:02X})", number))
