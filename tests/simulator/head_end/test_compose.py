"""The training head-end composes from official Service Requests what the DCC does."""

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hht.duis.request_id import RequestId
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Message
from hht.gbcs.protection import Verdict, check_mac, check_signature
from hht.reference.devices import NOW, compose_reference, reference_inventory
from hht.simulator.head_end.compose import compose_request
from hht.simulator.head_end.compose.service_request import ServiceRequest

pytestmark = pytest.mark.shared

EXPLAINED = {
    "CS03CCritical_8.7.1_SUCCESS": "a certificate of ..98 that is not in the key store",
    "CS03CNonCritical_8.7.2_SUCCESS": "the certificate of ..A1 where the Request names ..94",
    "GCS09_3.2_SUCCESS": "another date than the Request's",
}


@pytest.fixture(scope="module")
def keys(shared: Path) -> PemFolder:
    return PemFolder(shared / "rtds" / "keystore")


def pairs(shared: Path) -> list[tuple[str, bytes, bytes]]:
    """Every official Request that has a reference Command of the same name."""
    found = []
    for path in sorted((shared / "duis" / "requests").glob("*_REQUEST_DUIS.XML")):
        name = path.name.replace("_REQUEST_DUIS.XML", "")
        for command in (shared / "rtds" / "messages").glob(f"*/{name}_COMMAND_GBCS.HEX"):
            found.append((name, path.read_bytes(), bytes.fromhex(command.read_text().strip())))
    return found


def unsigned(message: Message) -> bytes:
    return message.signed_part() if message.signature else message.encode()


def test_every_official_request_gives_the_reference_command(shared: Path, keys: PemFolder) -> None:
    equal = []
    for name, xml, reference in pairs(shared):
        result = compose_reference(xml, keys, source=name)
        assert not result.error, result.error
        composed, expected = Message.parse(result.command), Message.parse(reference)
        if unsigned(composed) == unsigned(expected):
            equal.append(name)
            assert name not in EXPLAINED
        else:
            assert name in EXPLAINED, f"{name}\n{composed}\n{expected}"
    print(f"\nhub compose: {len(equal)} equal, {len(EXPLAINED)} explained")
    assert len(equal) >= 27


@pytest.mark.parametrize(
    ("case", "variant", "name"),
    [
        ("6.30_DBCH03/DBCH03_6.30_ERROR", "6.30", "ReadCHFSubGHzConfiguration"),
        ("3.3_ECS15a/ECS15a_3.3_SUCCESS", "3.3", "ClearEventLog"),
        ("3.3_CS11/CS11_3.3_ERROR", "3.3", "ClearEventLog"),
    ],
)
def test_a_request_without_a_template_gives_the_reference_command_too(
    shared: Path, keys: PemFolder, case: str, variant: str, name: str
) -> None:
    path = shared / "rtds" / "messages" / f"{case}_COMMAND_GBCS.HEX"
    expected = Message.parse(bytes.fromhex(path.read_text().strip()))
    user = expected.supplementary_party or expected.originator
    counter = expected.supplementary_counter or expected.counter
    request = ServiceRequest.build(RequestId(user, expected.recipient, counter), variant, name, {})
    raw = compose_request(request, keys, reference_inventory(keys), NOW, expected.counter)
    assert unsigned(Message.parse(raw)) == unsigned(expected)


def test_what_is_composed_verifies(shared: Path, keys: PemFolder) -> None:
    for name, xml, _ in pairs(shared):
        message = Message.parse(compose_reference(xml, keys, source=name).command)
        assert check_mac(message, keys) is Verdict.VALID
        assert check_signature(message, keys) in (Verdict.VALID, Verdict.ABSENT)


def test_the_counter_of_the_dcc_is_the_one_that_is_given(shared: Path, keys: PemFolder) -> None:
    path = shared / "duis" / "requests" / "CCS06_8.9_SUCCESS_REQUEST_DUIS.XML"
    for given, used in ((None, 1300), (77, 77)):
        message = Message.parse(compose_reference(path.read_bytes(), keys, given).command)
        assert message.counter == used
        assert message.supplementary_counter == 1000


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ((b"ReadDeviceLog", b"ReadTheWeather"), "does not compose ReadTheWeather"),
        ((b"ReadDeviceLog", b"ReadInventory"), "has ReadInventory, which is SR 8.2"),
        ((b"-A2:1000", b"-EE:1000"), "00-DB-12-34-56-78-90-EE is not in the inventory"),
        ((b":1000", b":x"), "is not a RequestID"),
        ((b"sr:Request", b"sr:Response"), "is not a DUIS Service Request"),
        ((b"<sr:ReadDeviceLog/>", b""), "not one element in its Body"),
        ((b"?>", b"?><!DOCTYPE x>"), "DOCTYPE"),
    ],
)
def test_what_cannot_be_composed_has_its_one_line(
    shared: Path, keys: PemFolder, change: tuple[bytes, bytes], line: str
) -> None:
    path = shared / "duis" / "requests" / "CCS06_8.9_SUCCESS_REQUEST_DUIS.XML"
    result = compose_reference(path.read_bytes().replace(*change), keys, source="x.xml")
    assert line in result.error
    assert "x.xml" in result.error
    assert not result.command


def test_keys_that_are_missing_are_named(shared: Path, tmp_path: Path) -> None:
    path = shared / "duis" / "requests" / "CCS06_8.9_SUCCESS_REQUEST_DUIS.XML"
    result = compose_reference(path.read_bytes(), PemFolder(tmp_path))
    assert "00db1234567890a2-ka.pem" in result.error


@pytest.mark.parametrize(
    ("calendar", "dates"),
    [
        (b"<sr:Daily/>", ["ffffffffff"]),
        (b"<sr:Weekly>3</sr:Weekly>", ["ffffffff03"]),
        (
            b"<sr:SixMonthly><sr:DayOfMonth>5</sr:DayOfMonth><sr:BillingPeriodStartMonth>11"
            b"</sr:BillingPeriodStartMonth></sr:SixMonthly>",
            ["ffff0505ff", "ffff0b05ff"],
        ),
    ],
)
def test_a_billing_calendar_has_one_date_for_each_time_a_year(
    shared: Path, keys: PemFolder, calendar: bytes, dates: list[str]
) -> None:
    path = shared / "duis" / "requests" / "ECS30_6.8_SUCCESS_REQUEST_DUIS.XML"
    xml = path.read_bytes().replace(b"<sr:Monthly>1</sr:Monthly>", calendar)
    payload = Message.parse(compose_reference(xml, keys).command).payload.hex()
    assert [part[:10] for part in payload.split("0905")[1:]] == dates


def test_an_execution_date_in_the_year_3000_cancels(shared: Path, keys: PemFolder) -> None:
    folder = shared / "duis" / "requests"
    payloads = [
        Message.parse(compose_reference(path.read_bytes(), keys).command).payload
        for path in sorted(folder.glob("CS06_11.3_*"))
    ]
    assert payloads[0].endswith(b"99991231235959Z")
    assert payloads[1].endswith(
        datetime(2030, 1, 15, 9, tzinfo=UTC).strftime("%Y%m%d%H%M%SZ").encode()
    )


@pytest.mark.parametrize(
    ("case", "element", "value"),
    [
        ("CCS01_8.11", "JoinTimePeriod", "999999"),
        ("CCS01_8.11", "JoinTimePeriod", "-1"),
        ("CCS01_8.11", "JoinTimePeriod", "0"),
        ("CCS01_8.11", "JoinTimePeriod", "9.5"),
        ("CCS01_8.11", "JoinTimePeriod", "90.0"),
        ("CCS01_8.11", "JoinTimePeriod", "NaN"),
        ("CCS01_8.11", "JoinTimePeriod", "1e400"),
        ("CCS01_8.11", "JoinTimePeriod", "9<b/>0"),
        ("CCS01_8.11", "RequestType", "Ad"),
        ("CCS01_8.11", "ImportMPxN", "13123456781"),
        ("CCS01_8.11", "ImportMPxN", ""),
        ("CCS01_8.11", "SecondaryImportMPAN", "123456"),
        ("CCS01_8.11", "InstallCode", "00" * 5),
        ("CCS01_8.11", "InstallCode", "00" * 17),
        ("CS06_11.3_FUTURE_DATED", "FirmwareHash", "00" * 31),
        ("CCS01_8.11", "InstallCode", "00 " * 6 + "00"),
        ("CCS01_8.11", "DeviceID", "00DB1234567890A0"),
        ("DBCH04_6.28", "NormalLimitedDutyCycleThreshold", "1.333"),
        ("DBCH04_6.28", "NormalLimitedDutyCycleThreshold", "1.25"),
        ("DBCH04_6.28", "LimitedCriticalDutyCycleThreshold", "1.65"),
        ("DBCH04_6.28", "LocalCHRetryPercentage", "10.005"),
        ("DBCH04_6.28", "GSMECurfew", "700000"),
        ("DBCH04_6.28", "NonGSMEPoorCommsPercentageThreshold", "60000"),
        ("DBCH04_6.28", "LocalCHRetryPercentage", "100.01"),
        ("DBCH02_6.32", "StartDateTime", "1900-01-01T00:00:00Z"),
        ("DBCH02_6.32", "EndDateTime", "2200-01-01T00:00:00Z"),
        ("GCS25_6.8", "BillingPeriodStart", "1990-01-01T00:00:00Z"),
        ("GCS25_6.8", "BillingPeriodStart", "2200-01-01T00:00:00Z"),
        ("GCS25_6.8", "Periodicity", "Fortnightly"),
        ("GCS09_3.2", "RestrictionDateTime", "1990-01-01T00:00:00Z"),
        ("ECS70_6.11", "TolerancePeriod", "1" + "0" * 22),
        ("ECS70_6.11", "TolerancePeriod", "86401"),
        ("ECS70_6.11", "CurrentDateTime", "2015-01-01T24:00:01Z"),
        ("ECS30_6.8", "BillingTime", "24:00:01"),
        ("ECS70_6.11", "CurrentDateTime", "9999-12-31T23:59:59Z"),
        ("ECS70_6.11", "CurrentDateTime", "0001-01-01T00:00:00+02:00"),
        ("GCS28_6.11", "CurrentDateTime", "9999-12-31T23:59:59Z"),
        ("GCS28_6.11", "CurrentDateTime", "20150101T000000Z"),
        ("GCS28_6.11", "CurrentDateTime", "2015-01-01"),
        ("ECS30_6.8", "Monthly", "300"),
        ("ECS30_6.8", "Monthly", "29"),
        ("ECS30_6.8", "BillingTime", "25:00"),
        ("ECS30_6.8", "BillingTime", "25:00:00"),
        ("ECS30_6.8", "BillingTime", "09:00"),
        ("ECS30_6.8", "BillingTime", "09:00:00+01:00"),
        ("ECS30a_6.8", "BillingPeriodStartMonth", "13"),
        ("CCS06_8.9", "CommandVariant", "9"),
        ("CCS06_8.9", "CommandVariant", ""),
    ],
)
def test_a_value_that_is_out_of_range_is_refused_by_the_name_of_its_element(
    shared: Path, keys: PemFolder, case: str, element: str, value: str
) -> None:
    path = shared / "duis" / "requests" / f"{case}_SUCCESS_REQUEST_DUIS.XML"
    xml, changes = re.subn(
        rf"(<(?:\w+:)?{element}>)[^<]*(<)", rf"\g<1>{value}\2", path.read_text(encoding="utf-8")
    )
    assert changes == 1
    result = compose_reference(xml.encode(), keys, source="x.xml")
    assert not result.command
    assert result.error.startswith("x.xml: ")
    assert element in result.error


@pytest.mark.parametrize(
    ("case", "old", "new"),
    [
        ("DBCH04_6.28", "<sr:Channel28/>", "<sr:Channel99/>"),
        ("CCS01_8.11", "<sr:RequestType>", "<sr:DeviceID/><sr:RequestType>"),
        ("CCS01_8.11", "<sr:ImportMPxN>", "<sr:ImportMPxN>1</sr:ImportMPxN><sr:ImportMPxN>"),
        ("CCS07_8.9", "<sr:ReadSecurityDetails/>", "<sr:ReadSecurityDetails/>" * 2),
        ("DBCH04_6.28", "<sr:Channel28/>", "<sr:ChannelX/>"),
        ("DBCH04_6.28", "<sr:Channel28/>", "<sr:Channel1/>"),
        ("DBCH04_6.28", "<sr:Channel1/>", "<sr:Channel27/>"),
        ("DBCH04_6.28", "<sr:Channel28/>", "<sr:Channel28>false</sr:Channel28>"),
        ("CCS06_8.9", "<sr:Body>", "<sr:Header/><sr:Body>"),
        ("CCS06_8.9", "<sr:Body>", "<sr:Body/><sr:Body>"),
        ("DBCH04_6.28", "SubGHzChannels27To34>", "SubGHzChannels27To33>"),
        ("ECS30_6.8", "<sr:Monthly>1</sr:Monthly>", ""),
        ("ECS30_6.8", "sr:Monthly>", "sr:Hourly>"),
        ("CCS06_8.9", ":1000", f":{2**64 - 1}"),
    ],
)
def test_whatever_has_no_place_in_the_command_is_refused(
    shared: Path, keys: PemFolder, case: str, old: str, new: str
) -> None:
    path = shared / "duis" / "requests" / f"{case}_SUCCESS_REQUEST_DUIS.XML"
    xml = path.read_text(encoding="utf-8")
    assert old in xml
    result = compose_reference(xml.replace(old, new).encode(), keys, source="x.xml")
    assert not result.command
    assert result.error.startswith("x.xml: ")


@pytest.mark.parametrize(
    ("case", "element", "value", "same"),
    [
        ("ECS30_6.8", "BillingTime", "24:00:00Z", "00:00:00Z"),
        ("ECS70_6.11", "CurrentDateTime", "2014-12-31T24:00:00Z", "2015-01-01T00:00:00Z"),
    ],
)
def test_the_end_of_a_day_is_the_beginning_of_the_next(
    shared: Path, keys: PemFolder, case: str, element: str, value: str, same: str
) -> None:
    path = shared / "duis" / "requests" / f"{case}_SUCCESS_REQUEST_DUIS.XML"
    payloads = []
    for text in (value, same):
        xml, changes = re.subn(
            rf"(<(?:\w+:)?{element}>)[^<]*(<)", rf"\g<1>{text}\2", path.read_text("utf-8")
        )
        assert changes == 1
        command = compose_reference(xml.encode(), keys, source="x.xml").command
        payloads.append(Message.parse(command).payload)
    assert payloads[0] == payloads[1]


def test_a_time_without_a_zone_is_in_utc_wherever_the_head_end_runs(
    shared: Path, keys: PemFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    path = shared / "duis" / "requests" / "ECS70_6.11_SUCCESS_REQUEST_DUIS.XML"
    xml = path.read_bytes()
    zoned = re.search(rb"CurrentDateTime>([^<]*)Z<", xml)
    assert zoned
    plain = compose_reference(xml.replace(zoned[1] + b"Z<", zoned[1] + b"<"), keys)
    with_zone = compose_reference(xml, keys)
    monkeypatch.undo()
    time.tzset()
    assert not plain.error
    assert Message.parse(plain.command).payload == Message.parse(with_zone.command).payload
