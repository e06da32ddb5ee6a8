"""Lines of messages with a part that failed, is impossible, not defined or of another use case."""

from dataclasses import replace

import pytest

from hht.gbcs.explain.describe import Field, describe
from hht.gbcs.explain.texts import text_in_words
from hht.gbcs.message import Message

pytestmark = pytest.mark.shared

_IMPORT_MPAN = "090d31333132333435363738313131"


def reading(message: Message) -> str:
    return str(describe(message).reading)


def changed(message: Message, old: str, new: str) -> Message:
    """The message with one piece of its payload, in hexadecimal, in place of another."""
    payload = message.payload.hex()
    assert old in payload
    return replace(message, payload=bytes.fromhex(payload.replace(old, new, 1)))


def tree(fields: tuple[Field, ...]) -> str:
    return "\n".join(f"{field.name}: {field.value}\n{tree(field.children)}" for field in fields)


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        ("20" * 13, "import MPAN blank (13 bytes)"),
        ("00" * 26, "import MPAN blank (26 bytes)"),
        ("0a" * 13, "import MPAN blank (13 bytes)"),
        ("31" * 13 + "0a", 'import MPAN "1111111111111 ↵"'),
        ("81" * 13, f"import MPAN no text: {'81' * 13}"),
        ("31333132333435363738313131" + "20" * 13, 'import MPAN "1312345678111"'),
    ],
    ids=["spaces", "noughts", "lines", "a line end", "no text", "padded"],
)
def test_an_mpan_is_read_as_what_is_there(
    octets: str, words: str, reference_messages: dict[str, Message]
) -> None:
    response = reference_messages["ECS40_6.2.7_SINGLE_SUCCESS_RESPONSE"]
    said = reading(changed(response, _IMPORT_MPAN, f"09{len(octets) // 2:02x}{octets}"))
    assert words in said
    assert 'export MPAN "1312345678333"' in said


def test_what_was_read_is_said_beside_what_is_missing(
    reference_messages: dict[str, Message],
) -> None:
    response = reference_messages["ECS40_6.2.7_SINGLE_SUCCESS_RESPONSE"]
    partial = changed(changed(response, _IMPORT_MPAN, "00"), "0201000100", "0201010100")
    missing = "; 1 of 2 items missing (hardware fault)."
    assert reading(partial).endswith(f' reported its MPAN: export MPAN "1312345678333"{missing}')
    valve = reading(reference_messages["GCS33_7.4_ERROR_RESPONSE"])
    words = ": battery for 100 days; 1 of 2 items missing (hardware failure)."
    assert valve.endswith(f" reported the state of the gas valve{words}")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ECS18a_4.12.2", "items missing (hardware fault, first: maximum demand, active export)."),
        ("ECS23_4.10", ", phase 1: 147; and 1 more value; 2 of 6 missing (hardware fault)."),
        ("ECS61e_7.15", "6 of 10 items missing (hardware fault, first: auxiliary controller 5)."),
        ("ECS02_1.6_IMMEDIATE_SINGLE", "steps failed (first: hardware fault, account to come)."),
        ("GCS14_4.3", "missing (hardware failure, first: price trailing digit)."),
        ("GCS23_6.6", "1 of 2 steps failed (hardware failure, first: calorific value)."),
    ],
)
def test_what_failed_first_is_named_and_no_value_without_its_name_is_an_example(
    name: str, words: str, reference_messages: dict[str, Message]
) -> None:
    said = reading(reference_messages[f"{name}_ERROR_RESPONSE"])
    assert said.endswith(words)
    assert "such as" not in said


def test_what_failed_first_leaves_room_for_the_doubt_about_a_clock(
    reference_messages: dict[str, Message],
) -> None:
    response = reference_messages["ECS18a_4.12.2_ERROR_RESPONSE"]
    status = response.payload.index(b"\x09\x0c") + 13
    payload = response.payload[:status] + b"\x02" + response.payload[status + 1 :]
    said = reading(replace(response, payload=payload))
    assert " 2 of 4 items missing (hardware fault). " in said
    assert said.endswith(": clock unreliable.")


def test_what_is_collected_of_a_debt_is_not_called_the_debt(
    reference_messages: dict[str, Message],
) -> None:
    said = reading(reference_messages["ECS26a_4.13_SINGLE_SUCCESS_RESPONSE"])
    assert ": recovery of time-based debt 1: 0.05 GBP; largest balance" in said
    assert said.endswith("; and 14 more values.")  # of 17: the rate is read twice


def test_settings_that_read_alike_are_all_counted(reference_messages: dict[str, Message]) -> None:
    command = reference_messages["GCS05_2.1_IMMEDIATE_SUCCESS_COMMAND"]
    assert ": emergency credit 100.00 GBP; and 22 more (#" in reading(command)


def test_attributes_that_a_command_only_reads_are_no_settings(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["GCS01b_1.2.1_FUTURE_DATED_BLOCK_SUCCESS_COMMAND"]
    said = reading(
        replace(command, payload=command.payload[:8] + b"\x0c\x00" + command.payload[10:])
    )
    assert ", at 2030-01-15 09:00:00 UTC: control prices by block; and 2 more (#" in said


@pytest.mark.parametrize("state", [3, 4, 255])
def test_a_code_that_is_not_defined_keeps_its_number_in_the_line(
    state: int, reference_messages: dict[str, Message]
) -> None:
    response = reference_messages["ECS45_7.4_SUCCESS_RESPONSE"]
    said = reading(changed(response, "1601", f"16{state:02x}"))
    assert said.endswith(f" the state of its load switch: {state}, not defined.")


def test_a_supply_lost_at_an_impossible_time_was_restored_all_the_same(
    reference_messages: dict[str, Message],
) -> None:
    alert = reference_messages["ECS80_NA_8F36_ALERT"]
    said = reading(changed(alert, "07de0c1fff1732", "07de0d1fff1732"))
    assert "lost impossible date 2014-13-31 23:50, restored 2014-12-31 23:59 UTC" in said
    assert said.endswith(" At 2015-01-01 00:00 UTC.")


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        ("Zähler über".encode()[:-4], '"Zähler …"'),
        ("£10 owed €".encode()[:-1], '"£10 owed …"'),
        ("pay 10 £".encode("cp1252"), '"pay 10 £"'),
        ("é".encode()[:1], '"Ã"'),
    ],
    ids=["two octets", "three octets", "another code", "one sign"],
)
def test_a_text_cut_within_a_character_is_read_up_to_it(octets: bytes, words: str) -> None:
    assert text_in_words(octets) == words


def test_an_alert_without_a_name_is_numbered_once(reference_messages: dict[str, Message]) -> None:
    unknown = changed(reference_messages["GNCA-DLMS_NA_810E_ALERT"], "810e", "ffff")
    described = describe(unknown)
    assert str(described.reading).count("FFFF") == 1
    assert "Alert Code: Alert FFFF, which this tool does not know" in tree(described.fields)


def test_a_status_without_a_name_is_not_defined(reference_messages: dict[str, Message]) -> None:
    response = changed(reference_messages["GCS33_7.4_ERROR_RESPONSE"], "1400c0", "1400ee")
    assert "Supply status: not defined (EE)" in tree(describe(response).fields)


@pytest.mark.parametrize(
    ("name", "debts"),
    [
        (
            "GCS04_2.3_SUCCESS_COMMAND",
            "time-based debt 1 +10.00 GBP, time-based debt 2 +5.00 GBP,"
            " payment-based debt +10.00 GBP (#",
        ),
        (
            "GCS04_2.3_SUCCESS_PRECOMMAND",
            "debt 1 +10.00 GBP, debt 2 +5.00 GBP, payment debt +10.00 GBP (#",
        ),
        (
            "ECS07_2.3_SUCCESS_COMMAND",
            "payment-based debt +0.50 GBP, time-based debt 1 +0.30 GBP,"
            " time-based debt 2 +0.15 GBP (#",
        ),
    ],
)
def test_every_debt_that_is_changed_is_named_with_its_amount(
    name: str, debts: str, reference_messages: dict[str, Message]
) -> None:
    assert f" to change its debts: {debts}" in reading(reference_messages[name])


def test_a_debt_that_is_set_is_not_said_to_be_added_to(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["GCS04_2.3_SUCCESS_COMMAND"]
    first = command.payload.hex().index("40420f00") + 8 + 2  # after its amount and its method
    payload = command.payload.hex()
    assert payload[first : first + 2] == "01"
    found = replace(command, payload=bytes.fromhex(f"{payload[:first]}00{payload[first + 2 :]}"))
    assert ": debt 1 set to 10.00 GBP, debt 2 +5.00 GBP" in reading(found)


@pytest.mark.parametrize(
    ("case", "carried", "words"),
    [
        (
            "GCS33_7.4_SUCCESS_COMMAND",
            "GCS04_2.3_SUCCESS_COMMAND",
            "to report the state of the gas valve, but for the command Change Debt.",
        ),
        (
            "GCS04_2.3_SUCCESS_COMMAND",
            "GCS33_7.4_SUCCESS_COMMAND",
            "to change its debts, but for remaining battery life and 1 more.",
        ),
    ],
    ids=["a command", "attributes"],
)
def test_a_gas_command_that_carries_what_another_use_case_asks_is_a_contradiction(
    case: str, carried: str, words: str, reference_messages: dict[str, Message]
) -> None:
    payload = reference_messages[carried].payload
    said = reading(replace(reference_messages[case], payload=payload))
    assert said.startswith("Contradiction: asks ")
    assert said.endswith(words)


@pytest.mark.parametrize("code", [0x0073, 0x0076, 0x0089, 0x009B, 0x00D8], ids="{:04X}".format)
def test_a_gas_response_says_that_its_command_was_of_another_use_case_also_without_a_reference(
    code: int, reference_messages: dict[str, Message]
) -> None:
    names = (f"GCS33_7.4_SUCCESS_{cra}" for cra in ("COMMAND", "RESPONSE"))
    command, response = (replace(reference_messages[name], message_code=code) for name in names)
    assert reading(command).endswith(", but for remaining battery life and 1 more.")
    said = str(describe(response, command=command).reading)
    assert " answered a Command to " in said
    assert said.endswith(", but for remaining battery life and 1 more.")


def test_no_reference_command_contradicts_its_use_case(
    reference_messages: dict[str, Message],
) -> None:
    said = (reading(message) for message in reference_messages.values())
    assert not [found for found in said if found.startswith("Contradiction")]


def test_a_pre_command_of_a_tariff_says_a_price_before_how_many_seasons_it_has(
    reference_messages: dict[str, Message],
) -> None:
    said = reading(reference_messages["ECS01c_1.1.2_FUTURE_DATED_SUCCESS_PRECOMMAND"])
    assert ": 0.101 GBP a kWh; and 4 more (" in said


def test_a_controller_set_from_no_moment_has_its_end_alone(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["ECS47a_7.13_APC_INPUT_ERROR_COMMAND"]
    said = reading(changed(command, "07df0103ff00000000", "ff" * 9))
    assert said.endswith(" to input 50 %, to 2015-01-03 01:00:00 UTC.")


@pytest.mark.parametrize(
    ("number", "name"),
    [("8F72", "Firmware verified (8F72)"), ("1234", "Alert 1234, which this tool does not know")],
    ids=["known", "unknown"],
)
def test_an_alert_on_a_planned_command_with_a_code_of_no_outcome_is_neither_done_nor_failed(
    reference_messages: dict[str, Message], number: str, name: str
) -> None:
    alert = reference_messages[
        "ECS01a_1.1.1_8F66_FUTURE_DATED_TOU_BLOCK_SUCCESS_ALERT_SPECIAL_DAYS"
    ]
    payload = alert.payload.replace(bytes.fromhex("8F66"), bytes.fromhex(number), 1)
    assert str(describe(replace(alert, payload=payload)).reading) == (
        "Contradiction: on a planned Command to set its tariff and prices (ECS01a), "
        f"but no outcome: {name}, 2030-01-15 09:00:00 UTC."
    )


def test_a_device_log_entry_that_closes_joining_does_not_say_that_it_opens_it(
    reference_messages: dict[str, Message],
) -> None:
    opens = reference_messages["CCS01_8.11_SUCCESS_COMMAND"]
    enabled, disabled = bytes.fromhex("12005A03FF"), bytes.fromhex("12005A0300")
    closes = replace(opens, payload=opens.payload.replace(enabled, disabled))
    response = reference_messages["CCS01_8.11_SUCCESS_RESPONSE"]
    assert str(describe(closes).reading).endswith(" to its log and to close joining.")
    assert str(describe(response, command=closes).reading).endswith(" to its log; joining closed.")
    assert str(describe(response, command=opens).reading).endswith("; joining open for 90 s.")
