"""The tables of names: whole, without doubles, and with a name for all that the messages hold."""

import pytest

from hht.gbcs import dlms, gbz
from hht.gbcs.alerts import alert_name
from hht.gbcs.dlms import Spec, SpecKind, Value
from hht.gbcs.explain.object_names import (
    Access,
    accesses_of,
    attribute_name,
    class_name,
    cluster_name,
    enumeration,
    member_name,
    object_name,
    unit_name,
)
from hht.gbcs.explain.value_formats import scaled
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Asn1Payload, Payload
from hht.gbcs.use_cases import use_case, use_cases
from hht.tables import rows_of

PLAIN_KINDS = {SpecKind.GET_SELECTED: SpecKind.GET, SpecKind.SET_SELECTED: SpecKind.SET}
READ_ATTRIBUTES = (gbz.READ_ATTRIBUTES, gbz.READ_ATTRIBUTES_RESPONSE)


@pytest.mark.parametrize(
    ("table", "key_width"),
    [
        ("use_cases.tsv", 1),
        ("alert_codes.tsv", 1),
        ("alert_layouts.tsv", 1),
        ("obis.tsv", 1),
        ("cosem_classes.tsv", 3),
        ("zcl_attributes.tsv", 2),
        ("zcl_commands.tsv", 3),
        ("units.tsv", 1),
        ("enumerations.tsv", 2),
        ("bitmaps.tsv", 2),
    ],
)
def test_no_table_says_a_thing_twice(table: str, key_width: int) -> None:
    keys = [tuple(row[:key_width]) for row in rows_of(table)]
    assert len(keys) == len(set(keys))


def test_a_use_case_has_its_name_title_services_and_device() -> None:
    case = use_case(0x0001)
    assert case.name == "CCS01"
    assert case.title == "Add a Device to the CHF Device Log"
    assert case.service_references == ("8.11",)
    assert (case.payload_kind, case.device) == ("DLMS", "CHF")


def test_an_unknown_message_code_says_so() -> None:
    case = use_case(0xBEEF)
    assert case.name == "BEEF"
    assert "does not know" in case.title
    assert case.service_references == ()


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        (0x011C, "ECS61d", "configuration"),
        (0x011D, "ECS61e", "operational data"),
        (0x011E, "ECS47a", "state of an auxiliary controller"),
        (0x011F, "ECS47e", "Limit the level"),
        (0x0120, "ECS100", "does not support"),
        (0x00D5, "FDRM", "could not be delivered"),
    ],
)
def test_the_later_use_cases_are_named_as_their_service_requests_are(
    code: int, name: str, words: str
) -> None:
    assert use_case(code).name == name
    assert words in use_case(code).title


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (0x8F12, "CHF Device Log changed"),
        (0x8071, "GPF Device Log changed"),
        (0x8183, "Device joined the SM HAN"),
        (0x8F85, "The Device does not support a Command"),
    ],
)
def test_an_alert_code_has_a_name(code: int, name: str) -> None:
    assert alert_name(code) == name


def test_an_unknown_alert_code_says_so() -> None:
    assert alert_name(0x9999) == "Alert 9999, which this tool does not know"


@pytest.mark.shared
def test_every_message_code_of_the_reference_is_a_known_use_case(
    reference_messages: dict[str, Message],
) -> None:
    assert {message.message_code for message in reference_messages.values()} <= set(use_cases())


@pytest.mark.shared
def test_every_alert_code_of_the_reference_has_a_name(
    reference_payloads: dict[str, Payload],
) -> None:
    codes = {
        payload.alert_code if isinstance(payload, dlms.Notification) else payload.code
        for payload in reference_payloads.values()
        if isinstance(payload, dlms.Notification | gbz.GbzAlert)
    }
    assert [code for code in codes if "does not know" in alert_name(code)] == []


@pytest.mark.shared
def test_every_object_class_attribute_and_method_asked_for_has_a_name(
    reference_payloads: dict[str, Payload],
) -> None:
    requests = [
        payload
        for payload in reference_payloads.values()
        if isinstance(payload, dlms.AccessRequest)
    ]
    accesses = {access for request in requests for access in map(_access, request.specs)}
    assert len(accesses) > 250
    assert [a for a in accesses if not (object_name(a.obis) and class_name(a.class_id))] == []
    assert [access for access in accesses if not member_name(access)] == []


@pytest.mark.shared
def test_every_object_named_inside_a_value_has_a_name(
    reference_payloads: dict[str, Payload],
) -> None:
    values = [value for payload in reference_payloads.values() for value in _values(payload)]
    named = {obis for value in values for obis in _descriptors(value)}
    assert len(named) > 10
    assert [obis for obis in named if not object_name(obis)] == []


@pytest.mark.shared
def test_every_cluster_attribute_and_zcl_command_has_a_name(
    reference_payloads: dict[str, Payload],
) -> None:
    components = [
        component
        for payload in reference_payloads.values()
        if isinstance(payload, gbz.GbzPayload)
        for component in payload.components
    ]
    assert [c for c in components if cluster_name(c.cluster).startswith("cluster")] == []
    names = [gbz.command_name(c.cluster, c.frame) for c in components]
    assert [name for name in names if name.startswith("command")] == []
    attributes = {found for component in components for found in _attributes(component)}
    assert len(attributes) > 60
    assert [found for found in attributes if not attribute_name(*found)] == []


@pytest.mark.shared
def test_what_the_commands_of_a_dlms_use_case_ask_is_known_for_its_responses(
    reference_messages: dict[str, Message], reference_payloads: dict[str, Payload]
) -> None:
    for name, payload in reference_payloads.items():
        message = reference_messages[name]
        if isinstance(payload, dlms.AccessRequest):
            assert tuple(map(_access, payload.specs)) in accesses_of(message.message_code), name


@pytest.mark.shared
def test_every_element_of_an_asn1_use_case_has_a_name(
    reference_messages: dict[str, Message], reference_payloads: dict[str, Payload]
) -> None:
    for name, payload in reference_payloads.items():
        if isinstance(payload, Asn1Payload) and reference_messages[name].cra in Cra:
            assert not payload.element.name.isupper(), name


@pytest.mark.parametrize(
    ("number", "scaler", "unit", "words"),
    [
        (12345, -3, 30, "12.345 Wh"),
        (-5, -2, 27, "-0.05 W"),
        (7, 3, 30, "7000 Wh"),
        (9, 0, 255, "9"),
    ],
)
def test_a_register_is_shown_scaled_and_with_its_unit(
    number: int, scaler: int, unit: int, words: str
) -> None:
    assert str(scaled(number, scaler, unit)) == words


def test_a_unit_or_enumeration_member_that_is_not_known_says_so() -> None:
    assert unit_name(200) == "unit 200"
    assert enumeration("supply_status", 9) is None


def _access(spec: Spec) -> Access:
    return Access(PLAIN_KINDS.get(spec.kind, spec.kind), spec.class_id, spec.obis, spec.member)


def _values(payload: Payload) -> list[Value]:
    if isinstance(payload, dlms.AccessRequest):
        return [*payload.data, *(spec.selection for spec in payload.specs)]
    if isinstance(payload, dlms.AccessResponse):
        return list(payload.data)
    return [payload.body] if isinstance(payload, dlms.Notification) else []


def _descriptors(value: Value) -> list[bytes]:
    """The logical names beside a class, wherever they stand in a value."""
    if isinstance(value.content, dlms.CompactArray):
        return [obis for element in value.content.elements for obis in _descriptors(element)]
    if value.tag not in (dlms.Tag.ARRAY, dlms.Tag.STRUCTURE):
        return []
    found = [obis for member in value.members for obis in _descriptors(member)]
    tags = [member.tag for member in value.members[:3]]
    if tags == [dlms.Tag.LONG_UNSIGNED, dlms.Tag.OCTET_STRING, dlms.Tag.INTEGER]:
        found.append(value.members[1].octets)
    return found


def _attributes(component: gbz.Component) -> list[tuple[int, int]]:
    frame = component.frame
    if component.is_encrypted or not frame.is_foundation or frame.command not in READ_ATTRIBUTES:
        return []
    fields = gbz.decode_fields(component.cluster, frame)
    flat = [member for field in fields for member in field.members or (field,)]
    return [
        (component.cluster, field.value)
        for field in flat
        if field.name == "attribute" and isinstance(field.value, int)
    ]


KINDS = {0xA0: "ESME", 0xA1: "GSME", 0xA2: "CHF", 0xA3: "GPF"}
"""The last octet of a reference Device's Entity Identifier."""


@pytest.mark.shared
def test_a_use_case_names_a_kind_of_device_only_where_no_other_takes_or_sends_it(
    reference_messages: dict[str, Message],
) -> None:
    for name, message in reference_messages.items():
        named = use_case(message.message_code).device
        device = message.recipient if message.cra is Cra.COMMAND else message.originator
        assert named in ("", KINDS.get(bytes(device)[-1])), name
    letters = {"E": "ESME", "C": "CHF", "G": "GSME", "F": "GPF", "P": "PPMID", "H": "HCALCS"}
    for code, _, takers, *_ in rows_of("device_use_cases.tsv"):
        named = use_case(int(code, 16)).device
        assert not named or {letters[each] for each in takers} == {named}, code
