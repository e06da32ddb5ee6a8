"""One plain line for a whole message, as an engineer reads it."""

import re
from dataclasses import replace

import pytest
from payload_encoding import encode_payload
from store_samples import CCS01_COMMAND, CCS01_REFUSAL, CCS01_RESPONSE, CS14_ALERT, GNCA_ALERT

from hht.gbcs import dlms, gbz
from hht.gbcs.explain.describe import describe
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import decode_payload

MOST_CHARACTERS = 160
"""Two lines of 80."""

CHF, ESME, GSME, GPF = (
    f"{kind} 00-DB-12-34-56-78-90-{end}"
    for kind, end in (("CHF", "A2"), ("ESME", "A0"), ("GSME", "A1"), ("GPF", "A3"))
)


def reading(raw: bytes | Message, command: bytes | None = None) -> str:
    message = raw if isinstance(raw, Message) else Message.parse(raw)
    asked = Message.parse(command) if command else None
    return str(describe(message, command=asked).reading)


def test_a_command_to_add_a_device() -> None:
    assert reading(CCS01_COMMAND) == (
        f"Asks the {CHF} to add ESME 00-DB-12-34-56-78-90-A0 to its log "
        "and to let it join for 90 s."
    )


def test_a_response_with_its_command_at_hand_names_the_device_and_the_time() -> None:
    assert reading(CCS01_RESPONSE, CCS01_COMMAND) == (
        f"The {CHF} added ESME 00-DB-12-34-56-78-90-A0 to its log; joining open for 90 s."
    )


def test_a_response_alone_says_what_it_can() -> None:
    assert reading(CCS01_RESPONSE) == f"The {CHF} added the Device to its log; joining open."


def test_a_device_added_without_joining_opened_is_not_explained_as_success() -> None:
    said = reading(CCS01_REFUSAL)
    assert "added the Device to its log, but joining is not open" in said
    assert "hardware fault" in said


def test_a_changed_log_is_explained_with_its_devices() -> None:
    said = reading(CS14_ALERT)
    assert said.startswith(f"The log of the {CHF} changed and holds ")
    assert "00-DB-12-34-56-78-90-A0" in said


def test_a_generic_alert_is_explained_by_its_code_and_time() -> None:
    said = reading(GNCA_ALERT)
    assert said.startswith("The Device 00-DB-12-34-56-78-90-")
    assert " reports: " in said
    assert " UTC" in said


def test_a_device_that_joined_the_han_is_explained_by_its_alert() -> None:
    body = dlms.structure(
        dlms.long_unsigned(0x8183), dlms.octets(bytes.fromhex("07df0101ff000000008000ff"))
    )
    payload = encode_payload(dlms.Notification(0x20000001, body))
    message = replace(Message.parse(GNCA_ALERT), payload=payload)
    assert "Device joined the SM HAN (8183), 2015-01-01 00:00:00 UTC." in reading(message)


def test_an_alert_of_a_ppmid_is_explained_by_its_code_and_time_too() -> None:
    payload = bytes.fromhex("30160203008183180f32303135303130313030303030305a")
    message = replace(Message.parse(GNCA_ALERT), payload=payload)
    assert "Device joined the SM HAN (8183), 2015-01-01 00:00:00 UTC." in reading(message)
    assert describe(message).title == "Alert: Device joined the SM HAN"


def test_a_pre_command_says_that_it_is_not_signed() -> None:
    message = replace(Message.parse(CCS01_COMMAND), mac=None, signature=None)
    assert reading(message).startswith("Not yet signed (Pre-Command). Asks ")


def test_a_command_with_a_signature_and_no_mac_is_not_called_unsigned() -> None:
    message = replace(Message.parse(CCS01_COMMAND), mac=None, signature=bytes(64))
    assert reading(message).startswith("It has no MAC. Asks ")


def test_words_of_another_shape_than_the_use_case_needs_are_general_ones() -> None:
    odd = encode_payload(dlms.AccessRequest(0x20000001, (), ()))
    said = reading(replace(Message.parse(CCS01_COMMAND), payload=odd))
    assert said == f"Asks the {CHF} to add a Device to its log."


def test_a_gas_alert_that_says_no_more_than_its_code() -> None:
    alert = encode_payload(gbz.GbzAlert(0x8F30, 473385600, b"", 0))
    message = replace(Message.parse(GNCA_ALERT), payload=alert, message_code=0x1000)
    assert "The sender has no authority for this command (8F30)" in reading(message)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CCS02_8.11_SUCCESS_RESPONSE", f"The {CHF} removed the Device from its log."),
        (
            "CCS03_8.12.1_SUCCESS_COMMAND",
            f"Asks the {CHF} to restore its log and its HAN with 2 Devices: "
            "00-DB-12-34-56-78-90-A0, 00-DB-12-34-56-78-90-A1.",
        ),
        ("CCS03_8.12.1_ERROR_RESPONSE", f"The {CHF} did not restore its log: hardware fault."),
        (
            "CCS06_8.9_SUCCESS_RESPONSE",
            f"The {CHF} holds in its log 2 Devices: "
            "00-DB-12-34-56-78-90-A0, 00-DB-12-34-56-78-90-A1.",
        ),
        (
            "CCS07_8.9_SUCCESS_RESPONSE",
            f"The {CHF} holds 2 Devices in its log and 2 Devices in its historic log.",
        ),
        (
            "CS03A1_8.7.1_SUCCESS_COMMAND",
            "Asks the Device 00-DB-12-34-56-78-90-A0 to join Device "
            "00-DB-12-34-56-78-90-9A (HCALCS) by method A, as initiator.",
        ),
        (
            "CS03B_8.7.2_ERROR_RESPONSE",
            "The Device 00-DB-12-34-56-78-90-A1 did not join the other Device: "
            "invalid join method and role.",
        ),
        (
            "CS04ACCritical_8.8.1_ERROR_RESPONSE",
            "The Device 00-DB-12-34-56-78-90-A0 did not end its join with the other Device: "
            "other device not in device log.",
        ),
        (
            "CS07_8.9_SUCCESS_RESPONSE",
            "The Device 00-DB-12-34-56-78-90-A1 is joined with 3 Devices: "
            "01-02-03-04-05-06-07-08 (GPF), 00-DB-12-34-56-78-90-99 (GPF) and 1 more.",
        ),
        (
            "CS06_11.3_8F66_FUTURE_DATED_SUCCESS_ALERT",
            "The Device 00-DB-12-34-56-78-90-A0 activated firmware and runs version 0123ABCF."
            " As planned, at 2030-01-15 09:00:00 UTC.",
        ),
        (
            "CS02bSupplierBySupplier_6.15.1_IMMEDIATE_ERROR_RESPONSE",
            "The Device 00-DB-12-34-56-78-90-A0 replaced 2 of 3 credentials "
            "(supplier by supplier), first failure: no trust anchor.",
        ),
        (
            "ECS70Commission_8.1.1_SUCCESS_RESPONSE",
            f"The clock of the {ESME} shows 2015-01-01 00:00:00 UTC; its status is reliable.",
        ),
        (
            "GCS28Commission_8.1.1_ERROR_RESPONSE",
            f"The clock of the {GSME} shows 2015-01-01 00:00:00 UTC; its status is unreliable.",
        ),
        (
            "ECS52_11.2_SUCCESS_RESPONSE",
            "The Device 00-DB-12-34-56-78-90-A0 runs firmware version 0123ABCD.",
        ),
        (
            "GCS38_11.2_SUCCESS_RESPONSE",
            f"The {GSME.replace('GSME', 'Device')} runs firmware version 0123ABCD.",
        ),
        (
            "CCS08_NA_NA_ALERT",
            f"The {CHF} gave firmware 0123ABCD to Device 00-DB-12-34-56-78-90-A4."
            " At 2015-01-01 00:00:00 UTC.",
        ),
        (
            "DBCH01_6.31_SUCCESS_RESPONSE",
            f"The {CHF} runs its sub-GHz HAN on page 28, channel 0, 863.25 MHz.",
        ),
        (
            "DBCH08_NA_8F28_ALERT",
            f"The {CHF} scans its sub-GHz channels (accepted): a Remote Party's request."
            " At 2015-01-01 00:00:00 UTC.",
        ),
        (
            "DBCH07_NA_8F26_ALERT",
            f"The {CHF} changed its sub-GHz channel to page 28, channel 0, 863.25 MHz: "
            "a Remote Party's request. At 2015-01-01 00:00:00 UTC.",
        ),
        (
            "ECS08_2.1_8F66_FUTURE_DATED_SUCCESS_ALERT_LOW_CREDIT_THRESHOLD",
            f"As planned, at 2030-01-15 09:00:00 UTC the {ESME} updated its prepayment settings: "
            "low credit threshold (ECS08).",
        ),
        (
            "ECS04b_1.5_ERROR_RESPONSE",
            f"The {ESME} did not fully reset its meter balance: 2 of 3 steps failed "
            "(first: hardware fault, emergency credit balance: set the amount).",
        ),
        (
            "ECS40_6.2.7_SINGLE_SUCCESS_RESPONSE",
            f"The {ESME} reports its MPAN: "
            'import MPAN "1312345678111"; export MPAN "1312345678333".',
        ),
        (
            "GCS18_4.10_NOT_FOUND_RESPONSE",
            "The Device 00-DB-12-34-56-78-90-A1 reports its network data log: nothing was found.",
        ),
    ],
)
def test_a_reference_message_reads(
    name: str, words: str, reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    assert str(describe(reference_messages[name], reference_keys).reading) == words


@pytest.mark.shared
def test_a_changed_gpf_log_is_explained_with_the_types_of_its_devices(
    reference_messages: dict[str, Message],
) -> None:
    said = reading(reference_messages["GCS62_NA_8071_ALERT"])
    assert said.startswith(f"The log of the {GPF} changed and holds 6 Devices: ")
    assert said.endswith("01-02-03-04-05-06-07-08 (Type 2) and 5 more. At 2015-01-01 00:00:00 UTC.")
    assert "(Type 2)" in said


@pytest.mark.shared
def test_a_failed_response_never_reads_as_success(
    reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    failed = {
        name: str(describe(message, reference_keys).reading)
        for name, message in reference_messages.items()
        if message.cra is Cra.RESPONSE and "ERROR_RESPONSE" in name
    }
    bad = (
        " did not ",
        " missing (",
        " refused ",
        "joining is not open",
        "first failure",
        "unreliable",
        " accepted",
        "neither its time nor its status was read",
    )
    assert [name for name, line in failed.items() if not any(word in line for word in bad)] == []


@pytest.mark.shared
def test_every_line_of_the_reference_messages_is_short_enough_to_read(
    reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    long = {
        name: line
        for name, message in reference_messages.items()
        if len(line := str(describe(message, reference_keys).reading)) >= MOST_CHARACTERS
    }
    assert long == {}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("GCS13a_4.1.1_SUCCESS_RELIABLE_GPF_RESPONSE", ": 12.345 m3."),
        ("GCS13a_4.1.1_SUCCESS_UNRELIABLE_RESPONSE", ": 12.345 m3. Its time: clock unreliable."),
        ("GCS01a_1.1.1_FUTURE_DATED_BLOCK_SUCCESS_COMMAND", ": standing charge 0.54794 GBP a day;"),
        ("ECS82_4.18_SUCCESS_RESPONSE", ": 2.50 GBP."),
        ("ECS04a_1.5_SUCCESS_COMMAND", ": 12.00 GBP."),
        ("GCS40c_1.5_SUCCESS_COMMAND", ": amount 50.00 GBP; bill to date, to add."),
        ("GCS40d_1.5_SUCCESS_COMMAND", ": amount 0.00 GBP; bill to date, to set."),
        ("CS01b_2.2_SUCCESS_COMMAND", ": UTRN 73950067887105178605, 12.50 GBP."),
        ("GCS21b_4.13_SUCCESS_RESPONSE", "supply goes off below -50.00 GBP;"),
        ("GCS24a_6.7_SUCCESS_COMMAND", "threshold 6.1680 m3/h;"),
        ("GCS21f_4.11.1_SUCCESS_RESPONSE", "block 1 price 0.106 GBP a kWh;"),
        ("GCS21d_6.2.3_SUCCESS_RESPONSE", ": 1 week."),
        ("ECS17b_4.1.1_SINGLE_SUCCESS_RESPONSE", ": active import 10 Wh; reactive import 10 varh."),
    ],
)
def test_the_reading_comes_first_with_its_unit(
    name: str, words: str, reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    assert words in str(describe(reference_messages[name], reference_keys).reading)


@pytest.mark.shared
def test_a_response_without_its_command_names_no_object_that_another_variant_has(
    reference_messages: dict[str, Message],
) -> None:
    """ECS47 starts and ends five controllers; which one is in the Command alone."""
    response = reference_messages["ECS47Deactivate_7.6_SUCCESS_RESPONSE"]
    alone = describe(response)
    assert "uxiliary controller 1" not in str(alone)
    command = reference_messages["ECS47Deactivate_7.6_SUCCESS_COMMAND"]
    assert "Auxiliary controller 3: deactivation" in str(describe(response, command=command))


@pytest.mark.shared
def test_a_command_that_the_response_does_not_answer_is_not_believed(
    reference_messages: dict[str, Message],
) -> None:
    response = reference_messages["ECS47Deactivate_7.6_SUCCESS_RESPONSE"]
    other = reference_messages["ECS12_3.2_SUCCESS_COMMAND"]
    assert describe(response, command=other) == describe(response)


def answer(code: int, payload: str) -> Message:
    """A Response of the hub of CCS01, with another payload and perhaps another use case."""
    message = Message.parse(CCS01_RESPONSE)
    return replace(message, message_code=code, payload=bytes.fromhex(payload))


@pytest.mark.parametrize(
    ("code", "payload"),
    [
        (0x0002, "DA2000051700000000"),  # answers nothing
        (0x0002, "D920000516000000"),  # is a Command
        (0x000D, "0500"),  # of no form of CS03
        (0x0062, "DA2000051700000000"),
    ],
)
def test_a_response_that_cannot_be_read_is_not_explained_as_a_failure_of_the_device(
    code: int, payload: str
) -> None:
    said = reading(answer(code, payload))
    assert " answered; what it says cannot be read: " in said
    assert "did not" not in said
    assert said.count("read") == 1


@pytest.mark.shared
@pytest.mark.parametrize(
    "name", ["GCS13a_4.1.1_SUCCESS_RELIABLE_GSME_RESPONSE", "GCS18_4.10_SUCCESS_RESPONSE"]
)
def test_an_encrypted_part_that_does_not_open_is_not_explained_as_a_failure_of_the_device(
    name: str, reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    message = reference_messages[name]
    octets = bytearray(message.payload)
    octets[-1] ^= 1
    said = str(describe(replace(message, payload=bytes(octets)), reference_keys).reading)
    assert (
        " answered; what it says cannot be read: an encrypted part does not open with its key."
        in said
    )


@pytest.mark.parametrize("code", [0xEEEE, 0x0FFF])
@pytest.mark.parametrize(
    "payload", ["02", "DA20000516000001000100", "010901010707000b0508000B088B"]
)
def test_an_answer_of_an_unknown_use_case_is_explained_once(code: int, payload: str) -> None:
    assert reading(answer(code, payload)).endswith(
        f" answered a Command of a use case this tool does not know ({code:04X})."
    )


def test_what_an_answer_of_an_unknown_use_case_failed_with_is_explained() -> None:
    said = reading(answer(0xEEEE, "DA20000517000003000000030300020102FA"))
    assert said.endswith(" know (EEEE); 2 of 3 steps failed (first: hardware fault).")


def test_a_command_of_an_unknown_use_case_is_explained_once() -> None:
    message = replace(Message.parse(CCS01_COMMAND), message_code=0xEEEE, payload=b"\x02")
    said = reading(message)
    assert said.startswith("Asks the Device 00-DB-")
    assert said.endswith(" to carry out a use case this tool does not know (EEEE).")


def test_an_alert_of_an_unknown_use_case_is_explained_once() -> None:
    message = replace(Message.parse(GNCA_ALERT), message_code=0xEEEE, payload=b"\x02")
    assert reading(message).endswith(" sent an Alert of a use case this tool does not know (EEEE).")


@pytest.mark.shared
@pytest.mark.parametrize("time", [b"20300230000000Z", b"20300115250000Z", b"20300115090060Z"])
@pytest.mark.parametrize(
    "name",
    [
        "CS06_11.3_FUTURE_DATED_SUCCESS_COMMAND",
        "CS02bSupplierBySupplier_6.15.1_FUTURE_DATED_ERROR_COMMAND",
    ],
)
def test_an_impossible_date_of_execution_is_not_explained_as_at_once(
    name: str, time: bytes, reference_messages: dict[str, Message]
) -> None:
    message = reference_messages[name]
    payload, changes = re.subn(rb"2030\d{10}Z", time, message.payload)
    assert changes == 1
    said = reading(replace(message, payload=payload))
    assert re.search(r" at (2030-01-15 )?impossible (date|time) [0-9: -]+ UTC( \(#\w+\))?\.$", said)
    assert "at once" not in said


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "GCS28_6.11_SUCCESS_COMMAND",
            " is between impossible date 2030-02-30 00:00:00 UTC and 20",
        ),
        (
            "GCS28_6.11_SUCCESS_RESPONSE",
            " shows no time (impossible date 2030-02-30 00:00:00 UTC); its ",
        ),
    ],
)
def test_an_impossible_time_of_a_gas_clock_is_explained_as_one(
    name: str, words: str, reference_messages: dict[str, Message]
) -> None:
    message = reference_messages[name]
    payload = re.sub(rb"\d{14}Z", b"20300230000000Z", message.payload, count=1)
    assert payload != message.payload
    assert words in reading(replace(message, payload=payload))


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["GCS21e_6.2.4_ERROR_RESPONSE", "GCS21m_6.2.4_ERROR_RESPONSE", "GCS14_4.3_ERROR_RESPONSE"],
)
def test_a_read_of_which_some_attributes_failed_is_explained_as_a_failure_in_part(
    name: str, reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    said = str(describe(reference_messages[name], reference_keys).reading)
    assert " reported " in said
    assert " 2 of " in said
    assert " items missing (" in said


@pytest.mark.shared
def test_a_command_whose_currency_is_the_euro_has_its_prices_in_euros(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["ECS01a_1.1.1_IMMEDIATE_BLOCK_SUCCESS_COMMAND"]
    assert "standing charge 0.20 GBP a day" in reading(command)
    payload = decode_payload(command)
    assert isinstance(payload, dlms.AccessRequest)
    data = tuple(
        value._replace(content=0) if value.tag == dlms.Tag.BOOLEAN else value
        for value in payload.data
    )
    euro = replace(command, payload=encode_payload(replace(payload, data=data)))
    described = describe(euro)
    assert "standing charge 0.20 EUR a day; currency unit euro (ECB)" in str(described.reading)
    assert "GBP" not in str(described.fields)


@pytest.mark.shared
def test_a_message_for_the_display_begins_in_the_line_however_long_it_is(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["GCS07_3.1_SUCCESS_COMMAND"]
    words = b"Please call us. " * 7
    head, text = command.payload[:-6], bytes([len(words)]) + words
    assert command.payload.endswith(b"\x05Reset")
    size = (int.from_bytes(head[6:8], "big") - 6 + len(text)).to_bytes(2, "big")
    long = replace(command, payload=head[:6] + size + head[8:] + text)
    said = reading(long)
    assert ': message "Please call us. Please call us. ' in said
    assert len(said) <= MOST_CHARACTERS
