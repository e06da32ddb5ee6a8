"""The moment of a Response that read a clock, and of an Alert whose clock was never set."""

import re
from dataclasses import replace

import pytest

from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.describe import describe
from hht.gbcs.message import Cra, Message


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("ECS70_6.11_SUCCESS_RESPONSE", "2015-01-01T00:00:00+00:00"),
        ("GCS28_6.11_SUCCESS_RESPONSE", "2014-12-31T23:30:00+00:00"),
        ("ECS70_6.11_SUCCESS_COMMAND", None),
    ],
)
def test_a_clock_that_was_set_gives_the_moment(
    reference_messages: dict[str, Message], name: str, moment: str | None
) -> None:
    found = describe(reference_messages[name]).moment
    assert (found and found.isoformat()) == moment


@pytest.mark.shared
def test_time_0_of_a_gas_alert_is_the_first_moment_of_2000(
    reference_messages: dict[str, Message],
) -> None:
    alert = reference_messages["MIIWA-ZigBee_NA_81A0_ALERT"]
    payload = alert.payload[:5] + bytes(4) + alert.payload[9:]
    described = describe(replace(alert, payload=payload))
    assert described.moment is not None
    assert described.moment.isoformat() == "2000-01-01T00:00:00+00:00"
    assert "2000-01-01 00:00:00 UTC" in str(described.reading)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("0123ABCD", " runs firmware version 0123ABCD."),
        ("00000000", " answered, but gives no firmware version (00000000)."),
    ],
)
def test_cs08_has_its_version_in_its_line_and_noughts_are_none(
    reference_messages: dict[str, Message], version: str, words: str
) -> None:
    response = reference_messages["CS08_11.2_ERROR_RESPONSE"]
    read = replace(response, payload=bytes.fromhex(f"30090404{version}020100"))
    assert str(describe(read).reading).endswith(words)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("stamp", "words"),
    [
        ("07df0d01ff000000008000ff", " Its time: impossible date 2015-13-01 00:00:00 UTC."),
        ("07df0101ff190000008000ff", " Its time: 2015-01-01 impossible time 25:00:00 UTC."),
        ("07df0101ff000000007fff00", " Its time: 2015-01-01 00:00:00 (deviation 32767 min)."),
        ("07df021eff0900000080000f", " Its time: impossible date 2015-02-30 09:00:00 UTC."),
        ("000000000000000000000000", " Its time: not set."),
        ("ffffffffffffffffff8000ff", ""),
        ("07df0101ff000000008000ff", ""),
    ],
)
def test_a_header_without_a_moment_says_what_it_has_instead(
    reference_messages: dict[str, Message], stamp: str, words: str
) -> None:
    response = reference_messages["ECS82_4.18_SUCCESS_RESPONSE"]
    described = describe(replace(response, date_time=bytes.fromhex(stamp)))
    assert str(described.reading).endswith(f" reports its meter balance: 2.50 GBP.{words}")
    assert (described.moment is None) is (stamp != "07df0101ff000000008000ff")


@pytest.mark.shared
def test_a_level_of_a_controller_has_the_moment_from_which_it_is_set(
    reference_messages: dict[str, Message],
) -> None:
    starts = {
        name: describe(command).moment
        for name, command in reference_messages.items()
        if name.startswith(("ECS47a", "ECS47e")) and command.cra is Cra.COMMAND
    }
    assert set(map(str, starts.values())) == {"2015-01-03 00:00:00+00:00"}


@pytest.mark.shared
def test_the_year_9999_is_no_time_of_a_validity_interval_and_no_end_of_a_certificate(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["GCS28_6.11_SUCCESS_COMMAND"]
    begin, end = command.payload[-32:-17], command.payload[-15:]
    asked = "to set its clock from the hub, "
    for open_bounds, words in (
        ((end,), "if that is not before 2014-12-31 23:30:00 UTC."),
        ((begin,), "if that is not after 2015-01-01 00:30:00 UTC."),
        ((begin, end), "whatever time that is."),
    ):
        payload = command.payload
        for bound in open_bounds:
            payload = payload.replace(bound, b"99991231235959Z")
        described = describe(replace(command, payload=payload))
        assert str(described.reading).endswith(f"{asked}{words}")
        assert "not specified" in [
            str(each.value) for each in described.fields[1].children[0].children
        ]


@pytest.mark.shared
def test_what_becomes_of_the_supply_is_one_value_of_two_bits(
    reference_messages: dict[str, Message],
) -> None:
    described = describe(reference_messages["GCS44_3.4_ERROR_COMMAND"])
    texts = [
        str(child.value)
        for field in described.fields
        for each in field.children
        for child in each.children
    ]
    assert "supply unchanged" in texts


_READ_STATUS, _READ_TIME = "1100", "090c07df0101ff000000008000ff"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("time", "status", "words"),
    [
        (
            0,
            3,
            ", which shows 2015-01-01 00:00:00 UTC; its status was not read (read write denied).",
        ),
        (1, 0, "; its status is reliable, its time was not read (hardware fault)."),
        (1, 3, "; neither its time nor its status was read (first: hardware fault)."),
    ],
)
def test_a_clock_that_was_set_and_not_read_says_both(
    reference_messages: dict[str, Message], time: int, status: int, words: str
) -> None:
    response = reference_messages["ECS70_6.11_SUCCESS_RESPONSE"]
    payload = response.payload.hex()[:-6] + f"{time:02}01{status:02}"
    for result, read in ((time, _READ_TIME), (status, _READ_STATUS)):
        payload = payload.replace(read, "00" if result else read)
    said = str(describe(replace(response, payload=bytes.fromhex(payload))).reading)
    assert said == f"The ESME {response.originator} set its clock{words}"


@pytest.mark.shared
@pytest.mark.parametrize("status", [0x8F, 0x87, 0x8B, 0x0B, 0x03], ids="{:02X}".format)
@pytest.mark.parametrize(("result", "words"), [(0, "shows "), (1, "1 of 5 steps failed")])
def test_doubts_of_a_clock_are_said_once_and_leave_room_for_what_it_did(
    reference_messages: dict[str, Message], status: int, result: int, words: str
) -> None:
    response = reference_messages["ECS70_6.11_SUCCESS_RESPONSE"]
    payload = bytearray(response.payload)
    payload[payload.index(bytes.fromhex("8000ff")) + 2] = status
    payload[-5] = result  # of its third step, which sets the clock
    said = str(describe(replace(response, payload=bytes(payload))).reading)
    assert len(said) < 160
    assert words in said
    assert said.count("clock invalid") + said.count("clock is in doubt") <= 1
    assert "clock in" in said or "clock is" in said


@pytest.mark.shared
def test_a_header_and_times_within_that_share_a_doubt_say_it_together(
    reference_messages: dict[str, Message],
) -> None:
    response = reference_messages["CCS06_8.9_SUCCESS_RESPONSE"]
    doubtful = response.payload.replace(bytes.fromhex("8000ff"), bytes.fromhex("800002"))
    doubtful = doubtful.replace(bytes.fromhex("800000"), bytes.fromhex("800002"))
    stamp = bytes.fromhex("07df0101ff00000000800002")
    said = str(describe(replace(response, payload=doubtful, date_time=stamp)).reading)
    assert said.endswith(" Its time and times in it: clock unreliable.")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "instead", "words"),
    [
        ("ECS01a_1.1.1_IMMEDIATE_ERROR", "07df0d01ff000000008000ff", "did not fully set its"),
        ("GCS05_2.1_IMMEDIATE_SUCCESS", "07df021eff000000008000ff", "; when is in the Command. "),
        ("GCS13a_4.1.1_SUCCESS_RELIABLE_GPF", "07df0101ff190000008000ff", "no key to open it. "),
        ("ECS18b_4.12.1_ERROR", "07df0101ff0000000005dcff", "2 of 9 items missing"),
    ],
    ids=["month 13", "30 February", "25 o'clock", "25 hours off UTC"],
)
def test_a_response_of_an_impossible_time_says_what_it_answers_and_is_not_cut(
    name: str, instead: str, words: str, reference_messages: dict[str, Message]
) -> None:
    message = reference_messages[f"{name}_RESPONSE"]
    said = str(describe(replace(message, date_time=bytes.fromhex(instead))).reading)
    assert words in said
    assert "\N{HORIZONTAL ELLIPSIS}" not in said
    assert re.search(r"\. Its time(: impossible date| is impossible|: .+\((wrong|imp))", said)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "number", "end"),
    [
        ("CS14_NA_8F12_ALERT", 0, "-90-A1. Its time: 2030-02-30 (impossible)."),
        (
            "DBCH11_NA_8F2D_ALERT",
            0,
            ": it does not let it join. Its time: 2030-02-30 (impossible).",
        ),
        ("ECS101_NA_8F86_INPUT_ALERT", 0, " to 2015-02-01 00:00 UTC. Its time is impossible."),
        ("ECS101_NA_8F86_INPUT_ALERT", 1, " to 2015-02-01 00:00 UTC. At 2015-01-01 00:00 UTC."),
    ],
)
def test_an_impossible_time_cuts_off_nothing_of_an_alert(
    name: str, number: int, end: str, reference_messages: dict[str, Message]
) -> None:
    alert = reference_messages[name]
    at = [*re.finditer(rb"\x09\x0c\x07\xdf", alert.payload)][number].start() + 2
    payload = (
        alert.payload[:at] + bytes.fromhex("07ee021eff090000008000ff") + alert.payload[at + 12 :]
    )
    line = str(describe(replace(alert, payload=payload)).reading)
    assert line.endswith(end)
    assert "impossible" in line
    assert len(line) <= LONGEST
