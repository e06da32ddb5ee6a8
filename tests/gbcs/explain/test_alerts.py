"""An Alert's line has its moment, and says where its code and its content contradict each other."""

from dataclasses import replace

import pytest

from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.describe import describe
from hht.gbcs.message import Cra, Message

pytestmark = pytest.mark.shared

CODE = {0x8F66: "success (8F66)", 0x8F67: "failure (8F67)", 0x8F89: "failure (8F89)"}
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


@pytest.mark.parametrize(("name", "code"), WITH_A_RESULT.items())
def test_an_alert_whose_code_denies_its_content_says_so(
    name: str, code: int, reference_messages: dict[str, Message]
) -> None:
    agreed = str(describe(reference_messages[name]).reading)
    assert "contradicts" not in agreed
    other = OTHER[code]
    told = str(describe(with_code(reference_messages[name], code, other)).reading)
    assert told.startswith(
        f"The Alert contradicts itself: its code says {CODE[other]}, its content:"
    )
    assert len(told) <= LONGEST


def test_every_alert_says_when_it_was(reference_messages: dict[str, Message]) -> None:
    alerts = {name: each for name, each in reference_messages.items() if each.cra is Cra.ALERT}
    for name, alert in alerts.items():
        told = describe(alert)
        assert told.moment, name
        assert f"{told.moment:%Y-%m-%d %H:%M}" in str(told.reading), name


def test_an_outcome_of_a_displays_firmware_that_is_not_defined_is_called_that(
    reference_messages: dict[str, Message],
) -> None:
    alert = reference_messages["CS09_NA_8F8B_ALERT"]
    changed = Message.parse(alert.encode().replace(b"\xcd\x02\x01\x00", b"\xcd\x02\x01\x07"))
    told = str(describe(changed).reading)
    assert "reports outcome 7, not defined, of its new firmware" in told
