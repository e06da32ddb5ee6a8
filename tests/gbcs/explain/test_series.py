"""Many values alike are said by all of them, or by how many, first, last and what they come to."""

import re
from dataclasses import replace

import pytest
from payload_encoding import encode_payload

from hht.gbcs import dlms
from hht.gbcs.explain.describe import describe
from hht.gbcs.explain.field import Field, leaf
from hht.gbcs.explain.summary.values.entries import entries_in_words
from hht.gbcs.explain.summary.values.series import in_a_row
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Message
from hht.gbcs.payload import decode_payload
from hht.spans import Line, amount, code, count, money, quote


def amounts(*texts: str) -> tuple[Field, ...]:
    return tuple(leaf(f"value {n}", amount(text, n)) for n, text in enumerate(texts))


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        (("2300 W", "4600 W"), "2300 and 4600 W"),
        (("1 Wh", "20 Wh", "300 Wh"), "1, 20 and 300 Wh"),
        (("1 Wh",) * 6 + ("0.5 Wh",), "7 values, first 1 Wh, last 0.5 Wh, total 6.5 Wh"),
        (("230 V",) * 7, "7 values, first 230 V, last 230 V"),
        (("1 Wh", "2 varh", "3 Wh", "4 Wh"), "1 Wh, 2 varh and 2 more"),
        (("1 Wh",), "1 Wh"),
    ],
)
def test_amounts_of_one_unit_have_it_once_and_consumption_is_added_up(
    texts: tuple[str, ...], words: str
) -> None:
    assert str(in_a_row(amounts(*texts))) == words


def test_texts_are_listed() -> None:
    fields = tuple(leaf("name", quote(f'"{name}"')) for name in "abcd")
    assert str(in_a_row(fields)) == '"a", "b" and 2 more'


def test_money_is_not_added_up() -> None:
    fields = tuple(leaf("price", money(f"0.{n} GBP a kWh", n)) for n in range(1, 8))
    assert str(in_a_row(fields)) == "7 values, first 0.1 GBP a kWh, last 0.7 GBP a kWh"


def test_a_table_is_explained_by_what_its_entries_differ_in() -> None:
    entries = tuple(
        Field(f"entry {n}", children=(leaf("enabled", code("yes", 1)), leaf("at", f"0{n}:00:00")))
        for n in (6, 9)
    )
    words = entries_in_words(Line.of(count(2, "entry", "entries")), entries)
    assert str(words) == "2 entries, 06:00:00, 09:00:00"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "ECS22b_4.8.1_SINGLE_SUCCESS_RESPONSE",
            "49 half hours, 2014-12-31 to 2015-01-01, total ",
        ),
        ("ECS17d_4.1.2_SINGLE_SUCCESS_RESPONSE", "48 values, first 81 Wh, last 133 Wh, total 6301"),
        ("ECS21a_4.6.1_TWIN_SUCCESS_RESPONSE", "to 2014-03-11, last: active import 10290000 Wh."),
        (
            "GCS18_4.10_SUCCESS_RESPONSE",
            "log: 41 samples, first 0.002 m3, last 0.001 m3, total 0.0",
        ),
        ("ECS37_6.18.1_SUCCESS_COMMAND", "2 switching times, script 1 17:00:00, script 2 22:0"),
        ("ECS22b_4.8.1_SINGLE_SUCCESS_COMMAND", ", from 2014-12-31 to 2015-01-01."),
        ("GCS15d_4.4.4_ERROR_COMMAND", ", from 2014-12-01 to 2014-12-31."),
        ("ECS40_6.2.7_TWIN_SUCCESS_RESPONSE", '"1312345678111" and "1312345678222"; export'),
        ("ECS01d_1.2.2_IMMEDIATE_ERROR_COMMAND", ": 0.0101, 0.0112, 0.0123 and 0.0134 GBP a kWh."),
        ("CS01a_2.2_ERROR_RESPONSE", " refused the top-up UTRN 73948959061972833313, 10.00 GBP: h"),
        (
            "ECS101_NA_8F86_INPUT_ALERT",
            " limits controller 3's input to 100 % (8F86), from 2015-01-01 00:00 to 2015-02",
        ),
        (
            "ECS102_NA_8F87_INPUT_ALERT",
            " no longer limits the input of auxiliary controller 1",
        ),
        (
            "ECS80_NA_8F36_ALERT",
            " has its supply again (8F36): lost 2014-12-31 23:50:00 UTC, restored 2014-12-31 23:59",
        ),
        (
            "ECS25r1_6.2.10_SUCCESS_RESPONSE",
            ": 33 sent over the WAN, 6 to HAN Devices, none with an alarm, 38 logged.",
        ),
        ("GCS20_6.22_SUCCESS_COMMAND", ", at once: 11 events, 81AA, 81AB, 81C4 and 8 more (#"),
        (
            "ECS46d_6.14.3_IMMEDIATE_ALCS_SUCCESS_COMMAND",
            ", at once: 3 special days; 10 switching times (#",
        ),
        (
            "ECS35a_6.13_SUCCESS_RESPONSE",
            ": 33 events, 2014-12-31 00:00 to 23:25, last: event 81BE,",
        ),
        (
            "GCS23_6.6_SUCCESS_PRECOMMAND",
            "Unsigned: asks the GSME 00-DB-12-34-56-78-90-A1 to set its calorific value and",
        ),
        ("CS10a_6.13_NOT_FOUND_COMMAND", " event log, from 2030-01-26 to 2030-01-26 07:00."),
        (
            "CS02fMAC_6.24.1_ERROR_COMMAND",
            "Credentials it holds of transitional change of supplier.",
        ),
        (
            "CS02fMAC_6.24.1_SUCCESS_RESPONSE",
            " of 2 Remote Party roles: supplier and load controller.",
        ),
        (
            "CS02aMAC_6.24.1_ERROR_RESPONSE",
            "1 Security Credential of access control broker, none of network operator (trust ",
        ),
        (
            "ECS57_6.18.2_SOME_OPTIONALS_SUCCESS_COMMAND",
            "demand registers: in the time window, active import.",
        ),
        ("DBCH04_6.28_SUCCESS_COMMAND", ": limits transmission above 1.30 % airtime; "),
    ],
)
def test_a_reference_line_says_how_much_and_for_when(
    name: str,
    words: str,
    reference_messages: dict[str, Message],
    reference_keys: PemFolder,
) -> None:
    message = reference_messages[name]
    command = reference_messages.get(name.replace("RESPONSE", "COMMAND"))
    assert words in str(describe(message, reference_keys, command=command).reading)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0.00 GBP"), (-1_200_000, "-12.00 GBP"), (-5, "-0.00005 GBP"), (1, "0.00001 GBP")],
)
def test_an_adjustment_says_its_amount_also_where_that_is_nought_or_less(
    number: int, words: str, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages["ECS04a_1.5_SUCCESS_COMMAND"]
    payload = command.payload[:-4] + number.to_bytes(4, "big", signed=True)
    line = str(describe(replace(command, payload=payload)).reading)
    assert line.endswith(f" to adjust its meter balance: {words}.")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ECS01c_1.1.2_8F66_FUTURE_DATED_SUCCESS_ALERT_PRICE_MATRIX", "SWITCHING_TABLE"),
        (
            "ECS46c_6.14.2_8F66_FUTURE_DATED_ALL_OPTIONALS_SUCCESS_ALERT_CALENDAR",
            "SPECIAL_DAYS",
        ),
        ("ECS46d_6.14.3_8F66_FUTURE_DATED_APC_OUTPUT_SUCCESS_ALERT_CALENDAR", "SPECIAL_DAYS"),
    ],
)
def test_alerts_on_other_parts_of_a_command_never_read_the_same(
    first: str, second: str, reference_messages: dict[str, Message]
) -> None:
    stem = first.removesuffix("_PRICE_MATRIX").removesuffix("_CALENDAR")
    lines = [describe(reference_messages[name]).reading for name in (first, f"{stem}_{second}")]
    assert lines[0] != lines[1]
    assert all(str(line).endswith(").") for line in lines)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ECS01a_1.1.1_IMMEDIATE_BLOCK_SUCCESS", "ECS01a_1.1.1_IMMEDIATE_ERROR"),
        ("ECS01b_1.2.1_IMMEDIATE_BLOCK_SUCCESS", "ECS01b_1.2.1_IMMEDIATE_TOU_SUCCESS"),
        ("ECS08_2.1_IMMEDIATE_SUCCESS", "ECS08a_2.1_IMMEDIATE_SUCCESS"),
        ("ECS46d_6.14.3_IMMEDIATE_ALCS_SUCCESS", "ECS46d_6.14.3_IMMEDIATE_APC_INPUT_SUCCESS"),
        ("GCS20_6.22_SUCCESS", "GCS20_6.22_ERROR"),
        ("ECS25a_6.22_SUCCESS", "ECS25a3_6.22_SUCCESS"),
    ],
)
def test_commands_that_differ_in_settings_that_a_line_has_no_room_for_never_read_the_same(
    first: str, second: str, reference_messages: dict[str, Message]
) -> None:
    lines = [str(describe(reference_messages[f"{n}_COMMAND"]).reading) for n in (first, second)]
    marks = [re.search(r" \(#[0-9A-F]{4}\)\.$", line) for line in lines]
    assert all(marks)
    assert lines[0] != lines[1]


@pytest.mark.shared
def test_every_change_of_a_setting_behind_a_count_changes_the_mark(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["ECS08_2.1_IMMEDIATE_SUCCESS_COMMAND"]
    payload = decode_payload(command)
    assert isinstance(payload, dlms.AccessRequest)
    lines = {str(describe(command).reading)}
    amounts = [at for at, value in enumerate(payload.data) if isinstance(value.content, int)]
    assert len(amounts) > 3
    for at in amounts:
        data = list(payload.data)
        data[at] = data[at]._replace(content=data[at].number + 1)
        changed = replace(payload, data=tuple(data))
        lines.add(str(describe(replace(command, payload=encode_payload(changed))).reading))
    assert len(lines) == 1 + len(amounts)


@pytest.mark.shared
def test_the_same_settings_for_another_moment_have_the_same_mark(
    reference_messages: dict[str, Message],
) -> None:
    names = ("ECS46c_6.14.2_FUTURE_DATED_ALL_OPTIONALS", "GCS05_2.1_FUTURE_DATED")
    for name in names:
        command = reference_messages[f"{name}_SUCCESS_COMMAND"]
        later = command.payload.replace(bytes.fromhex("07ee010f"), bytes.fromhex("07ee0110"))
        marks = [
            str(describe(each).reading).rpartition("(#")[2]
            for each in (command, replace(command, payload=later))
        ]
        assert marks[0] == marks[1]


@pytest.mark.shared
def test_an_amount_that_is_cut_off_its_list_keeps_its_unit(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["ECS01c_1.1.2_FUTURE_DATED_SUCCESS_COMMAND"]
    assert "5 settings, such as 0.101 GBP a kWh (#" in str(describe(command).reading)
