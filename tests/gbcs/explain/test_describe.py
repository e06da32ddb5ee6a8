"""A description: the tree of all fields, secrets hidden, each check's result, no exception."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, ECS70_COMMAND

from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.describe import Field, describe
from hht.gbcs.explain.layout import read_layout
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Message
from hht.gbcs.protection import Verdict

INSTALL_CODE = b"0123456789ABCDEF"


def test_the_tree_says_who_asks_what_of_whom() -> None:
    lines = dict(_lines(describe(Message.parse(CCS01_COMMAND)).fields))
    assert lines["Kind"] == "Command"
    assert lines["Recipient"] == "00-DB-12-34-56-78-90-A2"
    assert lines["Device"] == "00-DB-12-34-56-78-90-A0"
    assert lines["Set CHF Device Log: join timeout"] == "90 s"
    assert lines["Set CHF Device Log: joining enabled"] == "yes"
    address = "class 104 ZigBee network control, 0-0:30.3.0.255, attribute 2"
    assert lines["Object"] == address


def test_an_install_code_is_hidden() -> None:
    described = describe(Message.parse(CCS01_COMMAND))
    assert dict(_lines(described.fields))["Install Code"] == "16 bytes, hidden"
    assert INSTALL_CODE.hex().upper() not in str(described)
    assert INSTALL_CODE.decode() not in str(described)


def test_an_install_code_is_shown_to_whoever_asks_for_it() -> None:
    described = describe(Message.parse(CCS01_COMMAND), show_secrets=True)
    assert dict(_lines(described.fields))["Install Code"] == INSTALL_CODE.hex().upper()


def test_hashed_link_keys_of_a_device_log_are_hidden() -> None:
    fields = dict(_lines(describe(Message.parse(CS14_ALERT)).fields))
    assert "hidden" in fields["hashed Trust Centre link key"] or (
        fields["hashed Trust Centre link key"] == "empty"
    )


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "field", "amount"),
    [
        ("ECS08a_2.1_IMMEDIATE_SUCCESS_COMMAND", "rate cap: amount: value, to come", "30 GBP"),
        ("ECS26a_4.13_SINGLE_SUCCESS_RESPONSE", "Account: maximum provision", "10000 GBP"),
    ],
)
def test_the_cap_of_debt_recovery_is_in_whole_pounds(
    name: str, field: str, amount: str, reference_messages: dict[str, Message]
) -> None:
    lines = dict(_lines(describe(reference_messages[name]).fields))
    assert [words for each, words in lines.items() if each.endswith(field)] == [amount]


@pytest.mark.shared
def test_a_switch_that_is_an_hcalcs_has_no_state_that_its_meter_knows(
    reference_messages: dict[str, Message],
) -> None:
    described = describe(reference_messages["ECS61a_7.7_ALL_OPTIONALS_SUCCESS_RESPONSE"])
    states = [words for name, words in _lines(described.fields) if name.endswith(": output state")]
    known, unknown = "255, connected", "255, no meaning for an HCALCS"
    assert states == [known, unknown, known, known, known]


def test_without_keys_nothing_is_said_to_be_good() -> None:
    described = describe(Message.parse(ECS70_COMMAND))
    assert (described.mac, described.signature) == (Verdict.UNCHECKED, Verdict.UNCHECKED)
    lines = dict(_lines(described.fields))
    assert lines["MAC"] == lines["Signature"] == "not checked: no key for it"


def test_a_response_names_what_it_answers() -> None:
    lines = dict(_lines(describe(Message.parse(CCS01_RESPONSE)).fields))
    assert lines["CHF Device Log: register Device"] == "done"
    assert lines["CHF Device Log: join timeout"] == "done"


def test_an_unknown_use_case_is_explained_as_far_as_its_headers() -> None:
    message = replace(Message.parse(CCS01_COMMAND), message_code=0xBEEF, payload=b"\xfe\x01")
    described = describe(message)
    assert described.use_case == "BEEF"
    assert "this tool does not know (BEEF)" in str(described.reading)
    assert dict(_lines(described.fields))["Bytes"] == "FE01"


def test_a_payload_that_is_not_its_use_cases_is_the_one_typed_error() -> None:
    message = replace(Message.parse(CCS01_COMMAND), payload=b"\xd9\x20")
    with pytest.raises(MalformedMessage):
        describe(message)


@pytest.mark.shared
def test_every_reference_message_is_explained_in_full(
    reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    for name, message in reference_messages.items():
        described = describe(message, reference_keys)
        assert described.title, name
        reading = str(described.reading)
        assert reading.endswith((".", '"', "…")), name
        assert "\n" not in reading, name
        assert Verdict.INVALID not in (described.mac, described.signature), name


@pytest.mark.shared
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_payload_changed_anywhere_is_explained_or_is_the_one_typed_error(
    data: st.DataObject, reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    names = st.sampled_from(sorted(reference_messages))
    message = reference_messages[data.draw(names)]
    payload = bytearray(message.payload)
    for _ in range(data.draw(st.integers(1, 3))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    command = data.draw(st.none() | names.map(reference_messages.__getitem__))
    try:
        described = describe(
            replace(message, payload=bytes(payload)), reference_keys, command=command
        )
        assert described.reading
    except MalformedMessage:
        pass


@pytest.mark.shared
def test_encrypted_parts_are_shown_as_encrypted_without_keys_and_opened_with_them(
    reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    message = reference_messages["ECS66_4.17_SUCCESS_RESPONSE"]
    closed = dict(_lines(describe(message).fields))["protected data"]
    assert closed.startswith("encrypted")
    assert closed.endswith("no key to open it")
    opened = dict(_lines(describe(message, reference_keys).fields))
    assert opened["protected data"] == "decrypted"
    assert opened["active import"] == "46 Wh"


@pytest.mark.shared
def test_an_encrypted_part_that_does_not_open_is_explained_as_that(
    reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    message = reference_messages["ECS66_4.17_SUCCESS_RESPONSE"]
    broken = message.payload[:-8] + bytes([message.payload[-8] ^ 1]) + message.payload[-7:]
    lines = dict(_lines(describe(replace(message, payload=broken), reference_keys).fields))
    assert lines["protected data"].endswith("does not open with the key held")


@pytest.mark.shared
def test_a_gbz_component_is_opened_with_its_attributes_by_name(
    reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    message = reference_messages["GCS14_4.3_SUCCESS_RELIABLE_GPF_RESPONSE"]
    assert "Credit remaining" not in dict(_lines(describe(message).fields))
    assert "Credit remaining" in dict(_lines(describe(message, reference_keys).fields))


@pytest.mark.shared
def test_a_certificate_is_explained_by_whose_it_is(reference_messages: dict[str, Message]) -> None:
    message = reference_messages["CS03CNonCritical_8.7.2_SUCCESS_COMMAND"]
    lines = dict(_lines(describe(message).fields))
    assert lines["Key Agreement Certificate"] == "00-DB-12-34-56-78-90-A1 (Device)"


@pytest.mark.shared
def test_the_keys_hold_or_the_verdict_says_so(
    reference_messages: dict[str, Message], reference_keys: PemFolder, tmp_path: Path
) -> None:
    message = reference_messages["CCS01_8.11_SUCCESS_COMMAND"]
    assert describe(message, reference_keys).mac is Verdict.VALID
    assert describe(message, PemFolder(tmp_path)).mac is Verdict.UNCHECKED
    flipped = replace(message, counter=message.counter ^ 1)
    assert describe(flipped, reference_keys).mac is Verdict.INVALID


def test_a_layout_nests() -> None:
    layout = read_layout("{a:time, b[c{d, e:secret}]}")
    assert [part.name for part in layout.members] == ["a", "b"]
    each = layout.members[1].each
    assert each is not None
    assert [(part.name, part.form) for part in each.members] == [("d", ""), ("e", "secret")]


def _lines(fields: tuple[Field, ...]) -> Iterator[tuple[str, str]]:
    for field in fields:
        yield field.name, str(field.value)
        yield from _lines(field.children)
