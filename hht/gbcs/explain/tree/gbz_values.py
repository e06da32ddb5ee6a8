"""The values of ZCL fields and attributes in words: those forms that only GBZ payloads have.

Source: ZigBee Smart Energy 1.2/1.4, annex D.
"""

import re
from collections.abc import Callable

from hht.gbcs import gbz
from hht.gbcs.explain.amounts import whole
from hht.gbcs.explain.dates import Place, read_utc, utc_moment
from hht.gbcs.explain.object_names import enumeration
from hht.gbcs.explain.tree.gbz_scales import Scales
from hht.gbcs.explain.value_formats import number_in_words, octets_in_words
from hht.spans import Line, Part, amount, code, say

_INVALID_TIME = 0xFFFFFFFF
_WHOLE_NUMBER = re.compile(r"(?P<unsigned>u?)int(?P<bits>[0-9]+)")
_NOT_USED = {
    **dict.fromkeys(("price", "standing_charge"), "not used"),
    **dict.fromkeys(("money", "cut_off", "consumption", "uncontrolled_flow"), "no value"),
    **dict.fromkeys(("conversion_factor", "calorific_value"), "no value"),
    **dict.fromkeys(("days", "seconds", "tenths", "time_of_day", "centipercent"), "no value"),
}
"""What is said by form where the number is the one for no value."""

_IDENTIFIERS = ("", "issued")  # and other numbers that are no amounts
_LONG = ("uint24", "uint32", "uint48")
"""Types of which nothing is counted so high; 255 or 65535 of a shorter one may be a number."""

_TIMEBASES = ("minute", "day", "week", "month")
_DURATION_ENDS = {0: "from its start", 1: "from its end"}
_SCHEMES = {
    0: "time of use",
    1: "blocks",
    2: "blocks and time of use, the same thresholds",
    3: "blocks and time of use, thresholds each",
}
_LOGS = ("not logged", "tamper log", "fault log", "general event log", "security event log")
_NETWORK_LOG = 5  # Log ID of the Events cluster (ZSE)
_TRANSMISSION = {1: "on the HAN and between PANs", 2: "between PANs only"}
_IMPORTANCE = ("low", "medium", "high", "critical")
_PAYMENT_MODES = {0x0C94: "credit mode"}
_PREPAYMENT = 0x0002
_NO_DEBT_WHILE_OFF, _DEBT_IN_EMERGENCY = 0x0400, 0x0800
"""GBCS has them the one way and the other: 0x0897 suspends neither, 0x0497 both."""
_LATEST, _IN_FORCE = 0xFFFFFFFE, 0xFFFFFFFF


def gbz_words(field: gbz.Field, form: str, scales: Scales) -> Line:
    """Return the value of one field or attribute by its form; by its type where it has none."""
    value = field.value
    if value is None:
        return Line.of("not valid")
    if isinstance(value, bytes):
        return octets_in_words(value, form or ("text" if field.type == "string" else ""))
    if form in _NOT_USED and _is_no_value(value, field.type):
        return Line.of(_NOT_USED[form])
    if form in _IDENTIFIERS and field.type in _LONG and _is_no_value(value, field.type):
        return Line.of("not specified")
    scaled = scales.words(value, form)
    if scaled is not None:
        return Line.of(scaled)
    if form in _FORMS:
        words = _FORMS[form](value)
        return Line.of(code(words, value) if isinstance(words, str) else words)
    if field.type == "UTC" and not form:
        return Line.of(utc_moment(value))
    return number_in_words(value, form)


def _is_no_value(number: int, kind: str) -> bool:
    """Return whether a number is the one that the ZigBee Cluster Library keeps for no value: all
    bits of an unsigned number, the sign bit alone of another."""
    found = _WHOLE_NUMBER.fullmatch(kind)
    if found is None:
        return False
    bits = int(found["bits"])
    return number == ((1 << bits) - 1 if found["unsigned"] else -1 << bits - 1)


def payment_mode(control: int) -> str:
    """Return the payment mode that a payment control configuration sets, and what of debt is
    suspended."""
    if control in _PAYMENT_MODES:
        return _PAYMENT_MODES[control]
    if not control & _PREPAYMENT:
        return "credit mode"
    off = "suspended" if control & _NO_DEBT_WHILE_OFF else "collected"
    emergency = "collected" if control & _DEBT_IN_EMERGENCY else "suspended"
    return f"prepayment mode, debt {off} while the supply is off, {emergency} in emergency credit"


def payment_control_bits(control: int) -> Line:
    """Return the bits that a payment control configuration sets, by their names."""
    return number_in_words(control, "payment_control_bits")


def _issued(number: int) -> Part:
    """Write an identifier, which GBCS makes of the time at which it is issued."""
    at = read_utc(number)
    return say("{}, of {}", whole(number), utc_moment(number)) if at else whole(number)


def _charging_scheme(number: int) -> str:
    """Read the tariff type in the lower half, the charging scheme in the upper one."""
    kind = enumeration("tariff_type", number & 0x0F) or f"tariff type {number & 0x0F}"
    scheme = _SCHEMES.get(number >> 4, f"charging scheme {number >> 4}")
    return f"{kind}, by {scheme}"


def _duration_type(number: int) -> str:
    """Read the time base in the lower half, from where it counts in the upper one."""
    base = number & 0x0F
    unit = _TIMEBASES[base] if base < len(_TIMEBASES) else f"time base {base}"
    counted = _DURATION_ENDS.get(number >> 4, "")
    return f"of a {unit}{f', counted {counted}' if counted else ''}"


def _log_control(number: int) -> str:
    """Log in the lower half, how much of each event in the upper one."""
    log = enumeration("log_id", number & 0x0F) or f"log {number & 0x0F}"
    return f"{log}, {'in full' if number >> 4 else 'in short'}"


def _event_configuration(number: int) -> str:
    """Log in bits 0 to 2, then: to the WAN, to the HAN, alarm on HAN Devices, alarm."""
    log = number & 0x07
    said = ["network event log" if log == _NETWORK_LOG else f"log {log}"]
    if log < len(_LOGS):
        said = [_LOGS[log]]
    sent = ("sent over the WAN", "sent to HAN Devices", "alarm on HAN Devices", "alarm")
    said += [words for bit, words in enumerate(sent, 3) if number >> bit & 1]
    return ", ".join(said)


def _message_control(number: int) -> str:
    """Read transmission in bits 0 and 1, importance in 2 and 3, confirmation in bit 7."""
    importance = f"importance {_IMPORTANCE[number >> 2 & 3]}"
    way = _TRANSMISSION.get(number & 3, "")
    asked = "to be confirmed" if number & 0x80 else ""
    return ", ".join(filter(None, (importance, way, asked)))


def _tier_or_block(number: int) -> str:
    return f"tier {number >> 4}, block {(number & 0x0F) + 1}" if number >> 4 else f"{number}"


def _digits_and_tier(number: int) -> str:
    """Read decimal places in the upper half, the tier of the price in the lower one."""
    return f"{number >> 4} decimals, tier {number & 0x0F}"


def _tiers_and_register(number: int) -> str:
    """Read the number of price tiers in the upper half, the register's tier in the lower one."""
    return f"{number >> 4} price tiers, register of tier {number & 0x0F}"


def _log_payload(number: int) -> str:
    """Read the events in the upper half, in the lower one whether the next frame has more."""
    return f"{number >> 4} in this frame{', the last cut' if number & 1 else ''}"


def _event(number: int) -> Part:
    return number_in_words(number, "alert") if number else "any"


def _calendar(number: int) -> str:
    """Read a calendar's identifier: two that no calendar has ask for the one in force."""
    if number == _IN_FORCE:
        return "the tariff calendar in force"
    return "the non-disablement calendar in force" if number == _LATEST else whole(number)


def _billing_duration(number: int) -> Part:
    return amount("until changed" if number == 0xFFFFFF else whole(number), number)


def _time(number: int) -> Part:
    return "no time" if number == _INVALID_TIME else utc_moment(number, Place.STAMP)


_FORMS: dict[str, Callable[[int], Part]] = {
    "payment_control": payment_mode,
    "issued": _issued,
    "charging_scheme": _charging_scheme,
    "duration_type": _duration_type,
    "log_control": _log_control,
    "event_configuration": _event_configuration,
    "message_control": _message_control,
    "tier_or_block": _tier_or_block,
    "log_payload": _log_payload,
    "digits_and_tier": _digits_and_tier,
    "tiers_and_register": _tiers_and_register,
    "alert": _event,
    "calendar": _calendar,
    "billing_duration": _billing_duration,
    "hex8": lambda number: f"{number:08X}",
}
