"""The moment of a Response that read a clock, and of an Alert whose clock was never set."""

from dataclasses import replace

import pytest

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
    told = describe(replace(alert, payload=payload))
    assert told.moment is not None
    assert told.moment.isoformat() == "2000-01-01T00:00:00+00:00"
    assert "2000-01-01 00:00:00 UTC" in str(told.reading)


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
    told = describe(replace(response, date_time=bytes.fromhex(stamp)))
    assert str(told.reading).endswith(f" reports its meter balance: 2.50 GBP.{words}")
    assert (told.moment is None) is (stamp != "07df0101ff000000008000ff")


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
    payload = command.payload.replace(command.payload[-15:], b"99991231235959Z")
    told = describe(replace(command, payload=payload))
    assert "and not specified" in str(told.reading)
    assert "not specified" in [str(each.value) for each in told.fields[1].children[0].children]


@pytest.mark.shared
def test_what_becomes_of_the_supply_is_one_value_of_two_bits(
    reference_messages: dict[str, Message],
) -> None:
    told = describe(reference_messages["GCS44_3.4_ERROR_COMMAND"])
    texts = [
        str(child.value)
        for field in told.fields
        for each in field.children
        for child in each.children
    ]
    assert "supply unchanged" in texts
