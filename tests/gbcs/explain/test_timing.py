"""When a Command is due: at once, at a moment, cancelled; and what a Response makes of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from payload_encoding import encode_payload

from hht.gbcs import dlms
from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.dates import clock_in_words
from hht.gbcs.explain.describe import describe
from hht.gbcs.explain.timing import When, timing_of
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Payload, decode_payload

NO_DEVIATION = bytes.fromhex("8000")
"""Before the clock status in a COSEM date-time."""

DUE = datetime(2030, 1, 15, 9, tzinfo=UTC)
DATED = {
    "IMMEDIATE": When.AT_ONCE,
    "FUTURE_DATED": When.AT,
    "CANCELLATION": When.CANCELLED,
}

pytestmark = pytest.mark.shared


@pytest.mark.parametrize(
    ("name", "when", "words", "answer"),
    [
        # DLMS
        (
            "ECS28a_6.4.1_FUTURE_DATED_SUCCESS",
            When.AT,
            " to set its load limit, at 2030-01-15 09:00:00 UTC",
            " accepted, for 2030-01-15 09:00:00 UTC: to set its load limit.",
        ),
        (
            "ECS28a_6.4.1_CANCELLATION_SUCCESS",
            When.CANCELLED,
            " not to set its load limit any more (cancelled).",
            " will not set its load limit after all (cancelled).",
        ),
        (
            "ECS28a_6.4.1_IMMEDIATE_SUCCESS",
            When.AT_ONCE,
            " to set its load limit, at once",
            " set its load limit.",
        ),
        # GBZ
        (
            "GCS01b_1.2.1_FUTURE_DATED_BLOCK_SUCCESS",
            When.AT,
            " to set its prices, at 2030-01-15 09:00:00 UTC",
            " accepted, for 2030-01-15 09:00:00 UTC: to set its prices.",
        ),
        (
            "GCS01b_1.2.1_CANCELLATION_BLOCK_SUCCESS",
            When.CANCELLED,
            " not to set its prices any more (cancelled).",
            " will not set its prices after all (cancelled).",
        ),
        (
            "GCS01b_1.2.1_IMMEDIATE_TOU_SUCCESS",
            When.AT_ONCE,
            " to set its prices, at once",
            " set its prices.",
        ),
        # ASN.1
        (
            "CS06_11.3_FUTURE_DATED_SUCCESS",
            When.AT,
            " at 2030-01-15 09:00:00 UTC.",
            " accepted, for 2030-01-15 09:00:00 UTC: to activate firmware.",
        ),
        (
            "CS06_11.3_CANCELLATION_SUCCESS",
            When.CANCELLED,
            " any more (cancelled).",
            " will not activate firmware after all (cancelled).",
        ),
        (
            "CS02bSupplierBySupplier_6.15.1_CANCELLATION_SUCCESS",
            When.CANCELLED,
            " not to change Security Credentials (supplier by supplier) any more (cancelled).",
            " will not change Security Credentials after all (cancelled).",
        ),
    ],
)
def test_what_is_due_later_at_once_or_never_reads_differently(
    name: str,
    when: When,
    words: str,
    answer: str,
    reference_messages: dict[str, Message],
    reference_payloads: dict[str, Payload],
) -> None:
    command = reference_messages[f"{name}_COMMAND"]
    response = reference_messages[f"{name}_RESPONSE"]
    timing = timing_of(reference_payloads[f"{name}_COMMAND"])
    assert (timing.when, timing.besides) == (when, "")
    assert timing.first == (DUE if when is When.AT else None)
    assert words in str(describe(command).reading)
    assert answer in str(describe(response, command=command).reading)


@pytest.mark.parametrize("instead", ["00", "0900", "0600000001"], ids=["null", "empty", "number"])
def test_a_part_without_a_date_is_not_said_to_be_at_once(
    instead: str, reference_messages: dict[str, Message]
) -> None:
    name = "ECS03_1.6_IMMEDIATE_SINGLE_SUCCESS"
    command = reference_messages[f"{name}_COMMAND"]
    at_once = "090c0000000000000000008000ff"
    payload = bytes.fromhex(command.payload.hex().replace(at_once, instead, 1))
    changed = replace(command, payload=payload)
    assert ", at no date and time: empty (Account to come at once)" in str(
        describe(changed).reading
    )
    answer = describe(reference_messages[f"{name}_RESPONSE"], command=changed)
    assert " accepted, for no date and time: empty (Account to come at once)" in str(answer.reading)


def test_every_reference_command_is_due_as_its_name_says(
    reference_messages: dict[str, Message], reference_payloads: dict[str, Payload]
) -> None:
    wrong = {
        name: timing_of(reference_payloads[name]).when
        for name, message in reference_messages.items()
        for part, when in DATED.items()
        if message.cra is Cra.COMMAND
        and f"_{part}_" in name
        and timing_of(reference_payloads[name]).when is not when
    }
    assert wrong == {}


def test_a_response_without_its_command_does_not_say_that_what_may_be_due_later_is_done(
    reference_messages: dict[str, Message],
) -> None:
    for part in ("IMMEDIATE", "FUTURE_DATED", "CANCELLATION"):
        response = reference_messages[f"ECS28a_6.4.1_{part}_SUCCESS_RESPONSE"]
        assert " accepted the Command to set its load limit" in str(describe(response).reading)
    for use_case in ("GCS25_6.8", "GCS09_3.2", "GCS41_6.20.1"):
        name = f"{use_case}_SUCCESS_RESPONSE"
        assert "; when is in the Command." in str(describe(reference_messages[name]).reading)


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("ECS28a_6.4.1_FUTURE_DATED_SUCCESS_COMMAND", DUE),
        ("ECS28a_6.4.1_IMMEDIATE_SUCCESS_COMMAND", None),
        ("ECS28a_6.4.1_CANCELLATION_SUCCESS_COMMAND", None),
        ("CS14_NA_8F12_ALERT", datetime(2015, 1, 1, tzinfo=UTC)),
        ("GCS53_NA_8F0A_ALERT", datetime(2015, 1, 1, tzinfo=UTC)),
        ("CS09_NA_8F8B_ALERT", datetime(2015, 1, 1, tzinfo=UTC)),
        ("GCS13a_4.1.1_SUCCESS_RELIABLE_GPF_RESPONSE", datetime(2015, 1, 1, tzinfo=UTC)),
        ("CCS01_8.11_SUCCESS_RESPONSE", None),
    ],
)
def test_a_message_has_its_own_moment_where_it_says_one(
    name: str, moment: datetime | None, reference_messages: dict[str, Message]
) -> None:
    assert describe(reference_messages[name]).moment == moment


@pytest.mark.parametrize("use_case", ["ECS28a_6.4.1", "ECS46c_6.14.2", "CCS01_8.11", "CS06_11.3"])
def test_a_response_says_that_the_clock_that_dated_it_is_in_doubt(
    use_case: str, reference_messages: dict[str, Message]
) -> None:
    named = (each for name, each in reference_messages.items() if name.startswith(use_case))
    response = next(each for each in named if each.cra is Cra.RESPONSE)
    dated = replace(response, date_time=bytes.fromhex("07ee010fff09000000800082"))
    said = str(describe(dated).reading)
    words = said.replace("DST", "daylight saving time")  # where there is little room
    in_full, in_short = (
        "Its time: clock unreliable, daylight saving time.",
        "Its clock is in doubt.",
    )
    assert words.endswith((f" {in_full}", f" {in_short}"))
    assert "\N{HORIZONTAL ELLIPSIS}" not in words
    assert len(said) <= LONGEST


@pytest.mark.parametrize("status", [0x01, 0x02, 0x04, 0x08, 0x82])
@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("CS14_NA_8F12_ALERT", 0),
        ("DBCH06_NA_8F20_ALERT", 0),
        ("DBCH07_NA_8F26_ALERT", 0),
        ("DBCH11_NA_8F2D_ALERT", 0),
        ("ECS68_NA_8F0A_SINGLE_ALERT", 0),
        ("CCS06_8.9_SUCCESS_RESPONSE", 0),
        ("CCS07_8.9_SUCCESS_RESPONSE", 1),
    ],
)
def test_a_time_in_a_message_says_that_its_clock_is_in_doubt(
    name: str, place: int, status: int, reference_messages: dict[str, Message]
) -> None:
    message = reference_messages[name]
    parts = message.payload.split(NO_DEVIATION)
    parts[place + 1] = bytes([status]) + parts[place + 1][1:]
    described = describe(replace(message, payload=NO_DEVIATION.join(parts)))
    words = clock_in_words(status)
    assert words in str(described.reading) or words.replace("daylight saving time", "DST") in str(
        described.reading
    )
    if message.cra is Cra.ALERT:
        assert described.moment_doubt == clock_in_words(status)
        assert described.moment == describe(message).moment


def test_a_number_whose_scaler_is_no_number_is_said_to_have_none(
    reference_messages: dict[str, Message],
) -> None:
    response = reference_messages["ECS23_4.10_ERROR_RESPONSE"]
    payload = decode_payload(response)
    assert isinstance(payload, dlms.AccessResponse)
    for scaler in (dlms.NULL, dlms.octets(b"kWh")):
        unit = dlms.structure(scaler, dlms.enum(30))
        data = (payload.data[0], unit, *payload.data[2:])
        changed = replace(response, payload=encode_payload(replace(payload, data=data)))
        described = describe(changed, command=reference_messages["ECS23_4.10_ERROR_COMMAND"])
        value = (
            next(field for field in described.fields if field.name == "Payload").children[0].value
        )
        assert str(value) == "147, scaler and unit not given"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("ff" * 12, "at 2030-01-15 09:00:00 UTC (1 of 4 parts cancelled)"),
        ("00" * 12, "at 2030-01-15 09:00:00 UTC (1 of 4 parts at once)"),
    ],
)
def test_a_part_that_is_due_otherwise_than_the_others_is_said(
    moment: str, words: str, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages["ECS28a_6.4.1_FUTURE_DATED_SUCCESS_COMMAND"]
    dated = bytes.fromhex("07ee010fff090000008000ff")
    payload = command.payload.replace(dated, bytes.fromhex(moment), 1)
    mixed = replace(command, payload=payload)
    assert f", {words}: " in str(describe(mixed).reading)
    response = reference_messages["ECS28a_6.4.1_FUTURE_DATED_SUCCESS_RESPONSE"]
    said = str(describe(response, command=mixed).reading)
    assert f" accepted, for {words.removeprefix('at ')}: to set its load limit." in said


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("07df0d01ff000000008000ff", " to impossible date 2015-13-01 00:00:00 UTC."),
        ("07df0101ff190000008000ff", " to 2015-01-01 impossible time 25:00:00 UTC."),
        ("ffffffffffffffffff8000ff", "."),
    ],
)
def test_a_period_that_is_asked_for_says_an_end_that_cannot_be(
    end: str, words: str, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages["ECS22b_4.8.1_SINGLE_SUCCESS_COMMAND"]
    asked = bytes.fromhex("07df0101ff000000008000ff")
    payload = command.payload.replace(asked, bytes.fromhex(end), 1)
    said = str(describe(replace(command, payload=payload)).reading)
    assert said.endswith(f", from 2014-12-31{words}")
