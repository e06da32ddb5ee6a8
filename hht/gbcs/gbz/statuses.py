"""What a ZCL device says became of a command. Source: ZigBee Cluster Library, section 2.6.3."""

from enum import IntEnum


class ZclStatus(IntEnum):
    """The status octet of default responses and attribute records."""

    SUCCESS = 0x00
    FAILURE = 0x01
    NOT_AUTHORISED = 0x7E
    RESERVED_FIELD_NOT_ZERO = 0x7F
    MALFORMED_COMMAND = 0x80
    UNSUPPORTED_CLUSTER_COMMAND = 0x81
    UNSUPPORTED_GENERAL_COMMAND = 0x82
    UNSUPPORTED_MANUFACTURER_CLUSTER_COMMAND = 0x83
    UNSUPPORTED_MANUFACTURER_GENERAL_COMMAND = 0x84
    INVALID_FIELD = 0x85
    UNSUPPORTED_ATTRIBUTE = 0x86
    INVALID_VALUE = 0x87
    READ_ONLY = 0x88
    INSUFFICIENT_SPACE = 0x89
    DUPLICATE_EXISTS = 0x8A
    NOT_FOUND = 0x8B
    UNREPORTABLE_ATTRIBUTE = 0x8C
    INVALID_DATA_TYPE = 0x8D
    INVALID_SELECTOR = 0x8E
    WRITE_ONLY = 0x8F
    INCONSISTENT_STARTUP_STATE = 0x90
    DEFINED_OUT_OF_BAND = 0x91
    INCONSISTENT = 0x92
    ACTION_DENIED = 0x93
    TIMEOUT = 0x94
    ABORT = 0x95
    INVALID_IMAGE = 0x96
    WAIT_FOR_DATA = 0x97
    NO_IMAGE_AVAILABLE = 0x98
    REQUIRE_MORE_IMAGE = 0x99
    HARDWARE_FAILURE = 0xC0
    SOFTWARE_FAILURE = 0xC1
    CALIBRATION_ERROR = 0xC2
    UNSUPPORTED_CLUSTER = 0xC3


class TopUpResult(IntEnum):
    """The result of Consumer Top Up Response."""

    ACCEPTED = 0x00
    REJECTED_INVALID_TOP_UP = 0x01
    REJECTED_DUPLICATE_TOP_UP = 0x02
    REJECTED_ERROR = 0x03
    REJECTED_MAXIMUM_CREDIT_REACHED = 0x04
    REJECTED_KEYPAD_LOCK = 0x05
    REJECTED_TOP_UP_VALUE_TOO_LARGE = 0x06
    ACCEPTED_SUPPLY_ENABLED = 0x10
    ACCEPTED_SUPPLY_DISABLED = 0x11
    ACCEPTED_SUPPLY_ARMED = 0x12


_TOP_UP_RESULTS = {result.value: result for result in TopUpResult}


def is_top_up_result(number: int) -> bool:
    return number in _TOP_UP_RESULTS


def top_up_refusal(number: int | None) -> str:
    """Return why a top-up with this result counts as not accepted; empty where it was."""
    result = None if number is None else _TOP_UP_RESULTS.get(number)
    if result is None:
        shown = "" if number is None else f" (code {number:02X})"
        return f"a result that is not defined{shown}"
    if result.name.startswith("ACCEPTED"):
        return ""
    words = result.name.removeprefix("REJECTED_").lower().replace("_", " ")
    return words.replace("top up", "top-up")
