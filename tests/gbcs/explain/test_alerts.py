"""An Alert's line has its moment, and says where its code and its content contradict each other."""

from dataclasses import replace

import pytest

from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.describe import describe
from hht.gbcs.message import Cra, Message

pytestmark = pytest.mark.shared

CODE = {0x8F66: "8F66 (success)", 0x8F67: "8F67 (failure)", 0x8F89: "8F89 (failure)"}
OTHER = {0x8F66: 0x8F67, 0x8F67: 0x8F66, 0x8F8A: 0x8F89}
WITH_A_RESULT = {
    "CS06_11.3_8F66_FUTURE_DATED_SUCCESS_ALERT": 0x8F66,
    "CS02bSupplierBySupplier_6.15.1_8F66_FUTURE_DATED_SUCCESS_ALERT": 0x8F66,
    "CS02bSupplierBySupplier_6.15.1_8F67_FUTURE_DATED_ERROR_ALERT": 0x8F67,
    "CS02gLoadControllerBySupplier_6.15.1_8F66_FUTURE_DATED_SUCCESS_ALERT": 0x8F66,
    "CS02gLoadControllerBySupplier_6.15.1_8F67_FUTURE_DATED_ERROR_ALERT": 0x8F67,
    "CS02gLoadControllerByLoadController_NA_8F66_FUTURE_DATED_SUCCESS_ALERT": 0x8F66,
    "CCS08_NA_NA_ALERT": 0x8F8A,
}


def with_code(message: Message, code: int, other: int) -> Message:
    before, after = (number.to_bytes(2, "big") for number in (code, other))
    return replace(message, payload=message.payload.replace(before, after, 1))


def changed_at_the_end(payload: bytes, last: bytes, value: int) -> bytes:
    head, _, tail = payload.rpartition(last)
    return head + last[:-1] + bytes([value]) + tail


@pytest.mark.parametrize(("name", "code"), WITH_A_RESULT.items())
def test_an_alert_whose_code_denies_its_content_says_so(
    name: str, code: int, reference_messages: dict[str, Message]
) -> None:
    agreed = str(describe(reference_messages[name]).reading)
    assert "ontradict" not in agreed
    other = OTHER[code]
    alert = with_code(reference_messages[name], code, other)
    said = str(describe(alert).reading)
    assert said.startswith(f"Contradiction: {CODE[other]}, but the ")
    assert str(alert.originator) in said
    assert len(said) <= LONGEST


CCS08 = "CCS08_NA_NA_ALERT"
RESULT = b"\x02\x01\x00"


@pytest.mark.parametrize("code", [0x8F89, 0x8F8A])
@pytest.mark.parametrize("result", range(5))
def test_a_firmware_transfer_names_device_and_version_whatever_its_code(
    code: int, result: int, reference_messages: dict[str, Message]
) -> None:
    message = with_code(reference_messages[CCS08], 0x8F8A, code)
    said = str(
        describe(
            replace(message, payload=changed_at_the_end(message.payload, RESULT, result))
        ).reading
    )
    assert "0123ABCD" in said
    assert "00-DB-12-34-56-78-90-A4" in said
    assert said.endswith("UTC.")
    assert said.startswith("Contradiction") is (bool(result) is (code == 0x8F8A))


def test_an_alert_with_a_code_of_another_use_case_has_no_words_of_its_own(
    reference_messages: dict[str, Message],
) -> None:
    alert = with_code(reference_messages["ECS80_NA_8F36_ALERT"], 0x8F36, 0x8F30)
    said = str(describe(alert).reading)
    assert "The sender has no authority for this command (8F30)" in said
    assert "8F36" not in said


def test_every_alert_says_when_it_was(reference_messages: dict[str, Message]) -> None:
    alerts = {name: each for name, each in reference_messages.items() if each.cra is Cra.ALERT}
    for name, alert in alerts.items():
        described = describe(alert)
        assert described.moment, name
        assert f"{described.moment:%Y-%m-%d %H:%M}" in str(described.reading), name


def test_an_outcome_of_a_displays_firmware_that_is_not_defined_is_called_that(
    reference_messages: dict[str, Message],
) -> None:
    alert = reference_messages["CS09_NA_8F8B_ALERT"]
    changed = Message.parse(alert.encode().replace(b"\xcd\x02\x01\x00", b"\xcd\x02\x01\x07"))
    said = str(describe(changed).reading)
    assert "reports outcome 7, not defined, of its new firmware" in said


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (
            ("", "83fe"),
            " holds 2 Devices (1 without a key yet): 00-DB-12-34-56-78-90-00 and 1 more.",
        ),
        (("83fe",) * 2, " 2 Devices: 00-DB-12-34-56-78-90-00, 00-DB-12-34-56-78-90-01."),
        (("83fe",) * 3, " holds 3 Devices: 00-DB-12-34-56-78-90-00 and 2 more."),
        (("",) * 12, " holds 12 Devices (12 without a key yet)."),
    ],
)
def test_a_changed_log_names_no_more_devices_than_leave_room_for_the_moment(
    keys: tuple[str, ...], words: str, reference_messages: dict[str, Message]
) -> None:
    alert = reference_messages["CS14_NA_8F12_ALERT"]
    head, _, _ = alert.payload.partition(bytes.fromhex("0102020209 0800db"))
    rows = (
        f"0202 0908 00db1234567890{number:02x} 09{len(key) // 2:02x} {key}"
        for number, key in enumerate(keys)
    )
    payload = head + bytes.fromhex(f"01{len(keys):02x}" + "".join(rows))
    line = str(describe(replace(alert, payload=payload)).reading)
    assert words in line
    assert line.endswith(" At 2015-01-01 00:00:00 UTC.")
