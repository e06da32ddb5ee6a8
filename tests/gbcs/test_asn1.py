"""ASN.1 payloads: lossless trees, and the names of every use case laid over them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.gbcs import asn1
from hht.gbcs.asn1 import Node, codes, der
from hht.gbcs.asn1.shapes import SHAPES
from hht.gbcs.asn1.values import dotted, type_name, value_of
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra
from hht.gbcs.payload import Asn1Payload

DEVICE = bytes.fromhex("00DB12345678909A")
primitive_tags = st.sampled_from([1, 2, 3, 4, 5, 6, 10, 12, 19, 23, 24, 0x80, 0x9E, 0x1F8101])
constructed_tags = st.sampled_from([0x30, 0x31, 0xA0, 0x7F21])
nodes = st.recursive(
    st.builds(Node, primitive_tags, st.binary(max_size=150), st.just(()), st.integers(0, 2)),
    lambda inner: st.builds(
        Node,
        constructed_tags,
        st.just(b""),
        st.lists(inner, max_size=4).map(tuple),
        st.integers(0, 1),
    ),
    max_leaves=12,
)


@given(nodes)
def test_every_tree_decodes_from_what_it_encodes_to(node: Node) -> None:
    assert asn1.decode_only_node(asn1.encode_node(node)) == node


@given(nodes, st.sampled_from(sorted(SHAPES)), st.sampled_from(Cra))
def test_names_can_be_laid_over_any_tree(node: Node, code: int, cra: Cra) -> None:
    element = asn1.name_nodes(code, cra, node)
    assert element.node == node
    assert element.name


@pytest.mark.parametrize(
    "raw", ["", "30", "3003020100ff", "30030201", "3080", "1f81", "1f8181818101", "02820001"]
)
def test_what_is_cut_short_or_indefinite_is_refused(raw: str) -> None:
    with pytest.raises(MalformedMessage):
        asn1.decode_only_node(bytes.fromhex(raw))


def test_a_tree_nested_without_end_is_refused_and_does_not_exhaust_the_stack() -> None:
    raw = b""
    for _ in range(3000):
        raw = b"\x30" + bytes.fromhex(f"84{len(raw):08x}") + raw
    with pytest.raises(MalformedMessage, match="too deep"):
        asn1.decode_only_node(raw)


def test_the_constructors_write_der() -> None:
    moment = datetime(2030, 1, 15, 9, tzinfo=UTC)
    tree = asn1.sequence(
        asn1.integer(0x8F66), asn1.integer(-1), asn1.generalized_time(moment), asn1.null()
    )
    assert asn1.encode_node(tree).hex() == (
        "301b0203008f660201ff180f32303330303131353039303030305a0500"
    )
    assert tree.children[2].time == moment
    assert asn1.encode_node(asn1.enumerated(10)).hex() == "0a010a"
    assert asn1.encode_node(asn1.bit_string(b"\x80", 7)).hex() == "03020780"
    assert asn1.encode_node(asn1.context(3, asn1.integer(1002))).hex() == "830203ea"
    assert asn1.encode_node(asn1.context(2, asn1.sequence(asn1.octets(b"x")))).hex() == "a203040178"


def test_a_time_of_another_form_is_refused() -> None:
    with pytest.raises(MalformedMessage):
        _ = Node(der.GENERALIZED_TIME, b"20300115").time


def test_the_universal_types_hold_what_x680_says() -> None:
    assert value_of(Node(1, b"\xff")) is True
    assert value_of(Node(12, "é".encode())) == "é"
    assert value_of(Node(30, "é".encode("utf-16-be"))) == "é"
    assert value_of(Node(12, b"\xff")) == b"\xff"
    assert value_of(Node(6, bytes.fromhex("2A863A0001848FB90F010202"))) == (
        "1.2.826.0.1.8641679.1.2.2"
    )
    assert dotted(bytes.fromhex("883703")) == "2.999.3"
    assert type_name(0x30) == "SEQUENCE"
    assert type_name(0xA3) == "context [3]"


def test_a_join_command_names_method_partner_and_type() -> None:
    raw = bytes.fromhex("3010020100040800DB12345678909A020104")
    join = Asn1Payload(asn1.decode_only_node(raw), 0x000D, Cra.COMMAND).element
    assert join.name == "Join Device"
    assert [(part.name, part.value) for part in join.children] == [
        ("Join Method", codes.JoinMethod.METHOD_A_INITIATOR),
        ("Device", DEVICE),
        ("Device Type", codes.DeviceType.HCALCS),
    ]


@pytest.mark.parametrize("code", [0x000D, 0x000E, 0x00AB, 0x00AF])
def test_a_join_response_names_its_result(code: int) -> None:
    result = asn1.name_nodes(code, Cra.RESPONSE, asn1.integer(4))
    assert result.value is codes.JoinResult.DEVICE_LOG_FULL


def test_a_firmware_activation_answers_by_null_or_by_its_outcome() -> None:
    accepted = asn1.name_nodes(0x0012, Cra.RESPONSE, asn1.null())
    assert accepted.name == "Command Accepted"
    done = asn1.sequence(asn1.integer(2), asn1.octets(b"\x01\x23\xab\xcf"))
    outcome = asn1.name_nodes(0x0012, Cra.RESPONSE, done)
    assert outcome.children[0].value is codes.ActivationResult.HASH_MISMATCH


def test_optional_fields_are_distinguished_by_their_tags() -> None:
    control = asn1.sequence(
        asn1.integer(2),
        asn1.context(3, asn1.integer(1002)),
        asn1.context(4, asn1.integer(0)),
    )
    command = asn1.sequence(control, asn1.sequence(), asn1.sequence())
    named = asn1.name_nodes(0x0102, Cra.COMMAND, command)
    party = named.children[0]
    assert [part.name for part in party.children] == [
        "Replacement Mode",
        "Originator Counter",
        "New Floor Counter",
    ]
    assert party.children[1].value == 1002


def test_what_a_shape_does_not_expect_is_kept_under_its_type_name() -> None:
    strange = asn1.sequence(asn1.octets(DEVICE), asn1.integer(1), asn1.bit_string(b"\x01"))
    log = asn1.sequence(asn1.sequence(strange))
    entry = asn1.name_nodes(0x008C, Cra.COMMAND, log).children[0].children[0]
    assert [part.name for part in entry.children] == ["Device", "Device Type", "BIT STRING"]


def test_elements_are_found_by_name() -> None:
    log = asn1.sequence(
        asn1.integer(0),
        asn1.sequence(
            asn1.sequence(asn1.octets(DEVICE), asn1.integer(4)),
            asn1.sequence(asn1.octets(bytes(8)), asn1.integer(5)),
        ),
    )
    named = asn1.name_nodes(0x0013, Cra.RESPONSE, log)
    first = named.find("Device")
    assert first is not None
    assert first.value == DEVICE
    assert [kind.value for kind in named.all("Device Type")] == [4, 5]
    assert named.find("Certificate") is None


@pytest.mark.shared
def test_every_reference_asn1_payload_is_named_to_its_last_element(
    reference_payloads: dict[str, object],
) -> None:
    universal = {"SEQUENCE", "SET", "INTEGER", "OCTET STRING", "NULL", "ENUMERATED"}

    def unnamed(element: asn1.Element) -> list[str]:
        own = [element.name] if element.name in universal or "[" in element.name else []
        return own + [name for child in element.children for name in unnamed(child)]

    seen = 0
    for name, payload in reference_payloads.items():
        if isinstance(payload, Asn1Payload):
            assert not unnamed(payload.element), name
            seen += 1
    assert seen > 100


@pytest.mark.parametrize(
    "text", [b"2030011509Z", b"2030111122Z", b"20301121111Z", b"20300115090000"]
)
def test_a_time_without_all_its_figures_is_none(text: bytes) -> None:
    with pytest.raises(MalformedMessage, match="YYYYMMDDHHMMSSZ"):
        _ = Node(der.GENERALIZED_TIME, text).time


def test_a_time_with_all_its_figures_is_that_moment() -> None:
    node = Node(der.GENERALIZED_TIME, b"20300115090000Z")
    assert node.time == datetime(2030, 1, 15, 9, tzinfo=UTC)
