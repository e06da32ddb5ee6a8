"""The tree of a GBZ payload: each component's ZCL command, its fields, and attributes by name."""

from enum import IntEnum

from hht.gbcs import gbz
from hht.gbcs.alerts import alert_name
from hht.gbcs.encryption import gbz_part
from hht.gbcs.explain.amounts import hex_in_words
from hht.gbcs.explain.context import Context, how_it_opened
from hht.gbcs.explain.dates import utc_moment
from hht.gbcs.explain.field import Field, hidden
from hht.gbcs.explain.object_names import attribute_form, attribute_name, cluster_name
from hht.gbcs.explain.value_formats import (
    enumeration,
    number_in_words,
    octets_in_words,
)
from hht.gbcs.future_dated import ZclTarget, executed_command
from hht.gbcs.gbz.payload import ENCRYPTED
from hht.gbcs.gbz.statuses import TopUpResult, ZclStatus
from hht.gbcs.protection import Verdict
from hht.gbcs.use_cases import use_case

_SECRETS = ("password",)
_FROM_SERVER = 0x08
_TOP_UP_RESPONSE = "Consumer Top Up Response"
_FORMS = {
    "event id": "alert",
    "supply status": "supply_status",
    "proposed supply status": "supply_status",
    "tamper state": "supply_status",
    "depletion state": "supply_status",
    "uncontrolled flow state": "supply_status",
    "load limit state": "supply_status",
    "unit of measure": "zcl_unit",
    "currency": "currency",
    "recovery method": "recovery_method",
    "recovery frequency": "recovery_frequency",
    "originating device": "originating_device",
    "log id": "log_id",
}
"""Forms of fields that mean the same in every command."""


def gbz_fields(payload: gbz.GbzPayload, context: Context) -> tuple[Field, ...]:
    """One line for each component."""
    return tuple(component_field(component, context) for component in payload.components)


def gbz_alert_fields(alert: gbz.GbzAlert, context: Context) -> tuple[Field, ...]:
    """The alert code, the time, and what the Alert adds."""
    head = (
        Field("Alert Code", f"{alert.code:04X}, {alert_name(alert.code)}"),
        Field("Date Time", utc_moment(alert.time)),
    )
    return head + _alert_content(alert, context)


def component_field(component: gbz.Component, context: Context) -> Field:
    """The command of one component, and its fields."""
    name = f"{cluster_name(component.cluster)}: {command_of(component)}"
    children = []
    if component.from_date is not None:
        children.append(Field("From date", utc_moment(component.from_date)))
    if not component.is_encrypted:
        return Field(name, "", (*children, *_fields(component)))
    part = gbz_part(component, context.message)
    opened = context.open(part)
    words = how_it_opened(part, opened)
    if opened.verdict is Verdict.VALID:
        children += _fields(plain_component(component, opened.plaintext))
    return Field(name, words, tuple(children))


def command_of(component: gbz.Component) -> str:
    """The name of the component's ZCL command."""
    return gbz.command_name(component.cluster, component.frame)


def plain_component(component: gbz.Component, plaintext: bytes) -> gbz.Component:
    """The component as it was before it was encrypted."""
    frame = component.frame._replace(payload=plaintext)
    return gbz.Component(component.control & ~ENCRYPTED, component.cluster, frame)


def _alert_content(alert: gbz.GbzAlert, context: Context) -> tuple[Field, ...]:
    executed = executed_command(context.message)
    if executed and isinstance(executed.target, ZclTarget):
        cluster, frame = executed.target
        return (
            Field("Command", use_case(executed.message_code).name),
            Field("Command's Originator Counter", str(executed.counter)),
            Field("Part of it", f"{cluster_name(cluster)}: {_instruction(cluster, frame)}"),
        )
    component = gbz.alert_component(alert)
    if component:
        return (component_field(component, context),)
    warning = enumeration("integrity", int.from_bytes(alert.content, "big"))
    if len(alert.content) == 2 and warning:
        return (Field("Warning", warning),)
    return (Field("Content", hex_in_words(alert.content)),) if alert.content else ()


def _instruction(cluster: int, frame: gbz.ZclFrame) -> str:
    """Some Alerts leave out the direction; what is future dated never gets, but publishes."""
    name = gbz.command_name(cluster, frame)
    if not name.startswith("Get "):
        return name
    return gbz.command_name(cluster, frame._replace(control=frame.control | _FROM_SERVER))


def _fields(component: gbz.Component) -> tuple[Field, ...]:
    fields = gbz.decode_fields(component.cluster, component.frame)
    return tuple(_field(field, component) for field in fields)


def _field(field: gbz.Field, component: gbz.Component) -> Field:
    if field.name == "attribute" and component.frame.is_foundation:
        return _attribute(field, component.cluster)
    if field.members:
        return Field(field.name, "", tuple(_field(member, component) for member in field.members))
    if field.name == "command" and component.frame.is_foundation:
        return Field("command", f"{field.value:02X}" if isinstance(field.value, int) else "")
    return Field(field.name, field_in_words(field, command_of(component)))


def _attribute(field: gbz.Field, cluster: int) -> Field:
    """A line for an attribute: its value, or why there is none."""
    members = {member.name: member for member in field.members} or {"attribute": field}
    number = members["attribute"].value
    assert isinstance(number, int)
    name = attribute_name(cluster, number) or f"attribute {number:04X}"
    if "value" in members:
        return Field(name, _formed(members["value"], attribute_form(cluster, number)))
    return Field(name, _status(members["status"].value) if "status" in members else "")


def field_in_words(field: gbz.Field, command: str) -> str:
    """The value of one field of a command."""
    if field.name in _SECRETS and isinstance(field.value, bytes):
        return hidden(field.value)
    if field.name == "status":
        return _status(field.value)
    if field.name == "result" and command == _TOP_UP_RESPONSE:
        return _named(TopUpResult, field.value)
    form = _FORMS.get(field.name, "")
    return _formed(field, form)


def _formed(field: gbz.Field, form: str) -> str:
    value = field.value
    if value is None:
        return "not valid"
    if isinstance(value, bytes):
        return octets_in_words(value, form)
    return utc_moment(value) if field.type == "UTC" else number_in_words(value, form)


def _status(code: object) -> str:
    return _named(ZclStatus, code)


def _named(codes: type[IntEnum], code: object) -> str:
    if not isinstance(code, int):
        return ""
    name = codes(code).name if code in codes._value2member_map_ else "unknown"
    return f"{name.lower().replace('_', ' ')} ({code:02X})"
