"""Every moment is said: what is no date by what is there, of several parts each one's."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from payload_encoding import encode_payload
from sampling import share_of

from hht.gbcs import dlms
from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.dates import clock_in_words, no_asn1_time
from hht.gbcs.explain.describe import describe
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.timing import timing_of
from hht.gbcs.gbz import GbzPayload
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import decode_payload
from hht.tables import rows_of

_NO_DAY = r"impossible date 2030-02-30|2030-02-30 \(imp"
DUE = "07ee010fff090000008000ff"


def texts(fields: tuple[Field, ...]) -> str:
    return "\n".join(f"{each.name}: {each.value}\n{texts(each.children)}" for each in fields)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"20300231090000Z", "impossible date 2030-02-31 09:00:00 UTC"),
        (b"20301301000000Z", "impossible date 2030-13-01 00:00:00 UTC"),
        (b"00000101000000Z", "impossible date 0000-01-01 00:00:00 UTC"),
        (b"20300115246000Z", "2030-01-15 impossible time 24:60:00 UTC"),
        (b"20300115090000+0100", 'a time of another form: "20300115090000+0100"'),
        (b"tomorrow", 'no date and time: "tomorrow"'),
        (b"\x00\x01", "no date and time: 0001"),
        (b"", "no date and time: empty"),
        (b"9" * 300, f'a time of another form: "{"9" * 24}"... (300 bytes)'),
    ],
)
def test_what_is_no_asn1_time_says_what_it_is(content: bytes, words: str) -> None:
    assert no_asn1_time(content).text == words


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "CS09_NA_8F8B_ALERT",
        "CCS08_NA_NA_ALERT",
        "GCS62_NA_8071_ALERT",
        "CS06_11.3_8F66_FUTURE_DATED_SUCCESS_ALERT",
        "CS02bSupplierBySupplier_6.15.1_8F66_FUTURE_DATED_SUCCESS_ALERT",
        "CS02gLoadControllerBySupplier_6.15.1_8F67_FUTURE_DATED_ERROR_ALERT",
        "GCS28_6.11_SUCCESS_RESPONSE",
        "CS06_11.3_FUTURE_DATED_SUCCESS_COMMAND",
        "CS02bSupplierBySupplier_6.15.1_FUTURE_DATED_ERROR_COMMAND",
    ],
)
@pytest.mark.parametrize(
    ("time", "words"),
    [
        (b"20300231090000Z", r"impossible date 2030-02-31|2030-02-31 .imp|is impossible"),
        (b"99991231235959Z", "(not specified|cancelled)"),
    ],
)
def test_an_asn1_time_that_is_no_moment_is_said_in_line_and_tree_and_gives_none(
    name: str, time: bytes, words: str, reference_messages: dict[str, Message]
) -> None:
    message = reference_messages[name]
    payload, changes = re.subn(rb"20\d{12}Z", time, message.payload, count=1)
    assert changes == 1
    described = describe(replace(message, payload=payload))
    line = str(described.reading)
    assert re.search(words, line)
    assert len(line) <= LONGEST
    assert described.moment is None
    assert time.hex().upper() not in texts(described.fields)
    assert "At never" not in line


@pytest.mark.shared
@pytest.mark.parametrize(
    ("moment", "words", "first"),
    [
        ("07ee0201ff090000008000ff", "2030-01-15 and 2030-02-01", True),
        ("07ee021eff090000008000ff", "2030-01-15 and impossible date 2030-02-30", False),
        ("ffffffffff090000008000ff", "2030-01-15 and every day", False),
    ],
)
def test_parts_that_are_due_at_two_moments_are_counted_at_each(
    moment: str, words: str, first: bool, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages["ECS28a_6.4.1_FUTURE_DATED_SUCCESS_COMMAND"]
    payload = command.payload.replace(bytes.fromhex(DUE), bytes.fromhex(moment), 1)
    timing = timing_of(decode_payload(replace(command, payload=payload)))
    one, other = words.split(" and ")
    clock = "09:00:00 UTC"
    assert str(timing.moment) == f"{one} {clock} (3 of 4 parts) and {other} {clock} (1 of 4 parts)"
    assert timing.first == (datetime(2030, 1, 15, 9, tzinfo=UTC) if first else None)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((15, 16, 17, 15), "2030-01-15 09:00:00 UTC, 2030-01-16 09:00:00 UTC and 2030-01-17 09"),
        (
            (18, 17, 16, 15),
            "2030-01-15 09:00:00 UTC and 3 later moments, the last 2030-01-18 09:00:00 UTC",
        ),
    ],
)
def test_parts_that_are_due_at_many_moments_name_the_first_and_the_last(
    days: tuple[int, ...], words: str, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages["ECS28a_6.4.1_FUTURE_DATED_SUCCESS_COMMAND"]
    payload = command.payload
    for day in days:
        due = bytes.fromhex(DUE)
        payload = payload.replace(due, due[:3] + bytes([day]) + due[4:8] + b"\xff" + due[9:], 1)
    changed = replace(command, payload=payload)
    assert str(timing_of(decode_payload(changed)).moment).startswith(words)
    assert len(str(describe(changed).reading)) <= LONGEST


@pytest.mark.shared
@pytest.mark.parametrize(
    "stamp",
    [
        "07ee0c1fff173b3b63800087",
        "07ee021eff090000008000ff",
        "07ee021eff193d3d6300008f",
        "fffffefdff0000000080008f",
        "ffffffffffffffffff8000ff",
        "0000000000000000008000ff",
    ],
)
def test_every_reference_alert_says_its_time_or_what_stands_there(
    stamp: str, reference_messages: dict[str, Message]
) -> None:
    number = 0
    for name, message in reference_messages.items():
        payload = decode_payload(message)
        if not isinstance(payload, dlms.Notification):
            continue
        number += 1
        changed = message.payload.replace(payload.time_stamp, bytes.fromhex(stamp), 1)
        described = describe(replace(message, payload=changed))
        line = str(described.reading)
        words = f"2030-12-31 23:59:59|{_NO_DAY}|is imp|not s|a recurring|last day of the"
        assert re.search(words, line), (name, line)
        assert line.startswith(("The ", "Its ", "As ", "At ")), (name, line)
        assert len(line) <= LONGEST, (name, line)
        assert (described.moment is not None) == ("2030-12-31 23:59:59" in line)
    assert number > 50


@pytest.mark.shared
@pytest.mark.parametrize("trigger", range(9))
def test_a_change_of_channel_says_why_and_when(
    trigger: int, reference_messages: dict[str, Message]
) -> None:
    alert = reference_messages["DBCH07_NA_8F26_ALERT"]
    changed = replace(alert, payload=alert.payload[:-1] + bytes([trigger]))
    line = str(describe(changed).reading)
    assert "page 28, channel 0" in line
    assert "2015-01-01 00:00" in line


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "words", "moment"),
    [
        ("GCS17_4.8.1", ": 97 samples, first 4767.306 m3, last 9460.156 m3,", "2014-12-30T00:00"),
        ("GCS61_4.17", ": 11 samples, first 48.714 m3, last 5.360 m3, total", "2014-12-22T00:00"),
        ("GCS18_4.10", ": 41 samples, first 0.002 m3, last 0.001 m3, total", "2014-12-31T20:00"),
    ],
)
def test_samples_of_gas_begin_with_the_readings_and_have_the_moment_at_which_they_begin(
    name: str,
    words: str,
    moment: str,
    reference_messages: dict[str, Message],
    reference_keys: PemFolder,
) -> None:
    response = reference_messages[f"{name}_SUCCESS_RESPONSE"]
    described = describe(response, reference_keys)
    assert words in str(described.reading)
    assert f"from {moment[:10]}" in str(described.reading)
    assert described.moment == datetime.fromisoformat(f"{moment}+00:00")
    sealed = describe(response)
    assert sealed.moment is None


@pytest.mark.shared
@pytest.mark.parametrize("status", [0x01, 0x02, 0x04, 0x08, 0x80, 0x07, 0x87, 0x8F])
def test_an_alert_of_any_name_says_when_it_was_and_what_is_wrong_with_the_clock(
    status: int, reference_messages: dict[str, Message]
) -> None:
    alert = reference_messages["GCA-DLMS_NA_8F30_ALERT"]
    payload = decode_payload(alert)
    assert isinstance(payload, dlms.Notification)
    stamp = bytes.fromhex("07ea0c1fff173b3b638000") + bytes([status])
    number = payload.alert_code.to_bytes(2, "big")
    for code, *_ in share_of(list(rows_of("alert_codes.tsv")), 4):
        changed = alert.payload.replace(number, bytes.fromhex(code[2:]), 1)
        changed = changed.replace(payload.time_stamp, stamp, 1)
        line = str(describe(replace(alert, payload=changed)).reading)
        assert f"({code[2:]}), 2026-12-31 23:59:59" in line
        assert len(line) <= LONGEST
        said = line.replace("DST", "daylight saving time")
        words = clock_in_words(status).split(", ")
        assert all(each.removeprefix("clock ") in said for each in words), line


@pytest.mark.shared
@pytest.mark.parametrize("status", [0x02, 0x80, 0x87])
def test_a_command_keeps_its_moment_and_says_that_the_clock_is_in_doubt(
    status: int, reference_messages: dict[str, Message]
) -> None:
    stamp = bytes.fromhex("07ee0c1fff173b3b638000") + bytes([status])
    dated = {
        name: message
        for name, message in reference_messages.items()
        if message.cra is Cra.COMMAND and bytes.fromhex(DUE) in message.payload
    }
    assert len(dated) == 20
    for name, message in dated.items():
        changed = message.payload.replace(bytes.fromhex(DUE), stamp)
        line = str(describe(replace(message, payload=changed)).reading)
        assert "2030-12-31 23:59:59" in line, name
        assert re.search("clock|DST|daylight", line), name
        assert len(line) <= LONGEST


@pytest.mark.shared
def test_parts_that_change_their_moments_with_each_other_do_not_read_the_same(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["GCS01b_1.2.1_FUTURE_DATED_BLOCK_SUCCESS_COMMAND"]
    payload = decode_payload(command)
    assert isinstance(payload, GbzPayload)
    due = bytes.fromhex("90888138")
    later = (int.from_bytes(due, "little") + 86400).to_bytes(4, "little")
    lines = []
    for at, component in enumerate(payload.components):
        frame = component.frame._replace(payload=component.frame.payload.replace(due, later))
        parts = list(payload.components)
        parts[at] = replace(component, frame=frame)
        changed = encode_payload(replace(payload, components=tuple(parts)))
        lines.append(str(describe(replace(command, payload=changed)).reading))
    days = ("2030-01-15 09:00:00 UTC", "2030-01-16 09:00:00 UTC")
    names = ("tariff information", "price matrix")
    assert f"at {days[0]} ({names[1]}) and {days[1]} ({names[0]}) (#" in lines[0]
    assert f"at {days[0]} ({names[0]}) and {days[1]} ({names[1]}) (#" in lines[1]
