"""How single values are shown: by the form that assets/tables give them, or as what they look like.

A form is one of the names below, a unit, an enumeration of assets/tables/enumerations.tsv or a
bitmap of assets/tables/bitmaps.tsv.
"""

from collections.abc import Callable

from hht import spans
from hht.entity_id import EntityId
from hht.gbcs.alerts import numbered_alert
from hht.gbcs.explain import dates
from hht.gbcs.explain.amounts import (
    decimal,
    hex_in_words,
    money,
    power,
    sent,
    whole,
    whole_with_unit,
)
from hht.gbcs.explain.channels import channels_in_words, ghz_channels_in_words
from hht.gbcs.explain.dates import Place
from hht.gbcs.explain.object_names import (
    bitmaps,
    class_name,
    dotted,
    enumeration,
    has_enumeration,
    object_name,
    unit_name,
)
from hht.gbcs.explain.sub_ghz_limits import LIMITS, setting_in_words
from hht.gbcs.explain.texts import (
    looks_like_text,
    model_in_words,
    mpan_in_words,
    state_in_words,
    text_in_words,
)
from hht.gbcs.explain.utrn import utrn_in_words
from hht.gbcs.use_cases import use_case
from hht.spans import Line, Part, amount, code, entity, hidden, named_code, quote, say

SECRET = "secret"
YES_NO = "yes_no"
COUNT_UNIT = 255  # COSEM unit of a number that counts: it has no name
_CHANGE_CONTROL, _SUPPLY_AT = "change_control", 11
_SUPPLY = ("off", "armed", "on", "unchanged")
"""What two bits of a change control say the supply is to be (ZigBee SE 1.4, Device Management)."""

_DATE_TIME = 12  # octets of a COSEM date-time
_LOGICAL_NAME = 6  # octets of a COSEM logical name
_HASH = 32  # octets of SHA-256


def octets_in_words(octets: bytes, form: str = "", *, show_secrets: bool = False) -> Line:
    """Write octets as their form says; where they do not fit it, or have none, as they look."""
    if form == SECRET:
        return Line.of(octets.hex().upper() if show_secrets else hidden(octets))
    if octets and enumeration(form, int.from_bytes(octets, "big")):
        return number_in_words(int.from_bytes(octets, "big"), form)
    size, words = _OCTETS.get(form, (0, _as_they_look))
    return Line.of(words(octets) if size in (0, len(octets)) and octets else _as_they_look(octets))


def number_in_words(number: int, form: str = "") -> Line:
    """Write a number as its form says; the number alone where it has none."""
    if not form:
        return Line.of(whole(number))
    if form in _NUMBERS:
        words = _NUMBERS[form](number)
        return Line.of(code(words, number) if isinstance(words, str) else words)
    if form in LIMITS:
        return Line.of(amount(setting_in_words(number, form), number))
    if form in bitmaps():
        return Line.of(code(bits_in_words(number, form), number))
    if form in _UNITS:
        return Line.of(amount(whole_with_unit(number, form), number))
    meaning = enumeration(form, number)
    if form == YES_NO and meaning:
        return Line.of(code(meaning, number))
    if not meaning and has_enumeration(form):
        return Line.of(code(f"{number}, not defined", number))
    return named_code(number, meaning) if meaning else Line.of(whole(number))


def scaled(number: int, scaler: int, unit: int) -> Line:
    """Return a register's value with its scaler applied and its unit."""
    figures = power(number, scaler)
    shown = figures if unit == COUNT_UNIT else f"{figures} {unit_name(unit)}"
    return Line.of(amount(shown, number))


def _as_they_look(octets: bytes) -> Part:
    if not octets:
        return "empty"
    if len(octets) == _DATE_TIME and octets[9:11] == b"\x80\x00":
        return dates.cosem_moment(octets)
    if len(octets) == _LOGICAL_NAME and object_name(octets):
        return _logical_name(octets)
    return quote(text_in_words(octets)) if looks_like_text(octets) else hex_in_words(octets)


def _logical_name(octets: bytes) -> str:
    name = object_name(octets)
    return f"{dotted(octets)} {name}" if name else dotted(octets)


def _name_alone(octets: bytes) -> str:
    return object_name(octets) or dotted(octets)


def _script(number: int) -> Part:
    """Write a script: an auxiliary controller's holds the controller and its act, others a
    number."""
    controller, action, direction = number >> 8 & 0xF, number & 0xFF, number >> 12
    if number > 0xFFFF:
        return f"script {whole(number)}"
    if not controller:
        meaning = enumeration("plain_script", number)
        return code(f"script {number}{f', {meaning}' if meaning else ''}", number)
    if direction:
        side = {1: "output", 2: "input"}.get(direction, f"direction {direction}")
        return code(f"auxiliary controller {controller}: {side} {action & 0x7F} %", number)
    actions = {0x11: "activate", 0x12: "deactivate", 0x20: "reset"}
    action_words = actions.get(action, f"action {action:02X}")
    return code(f"auxiliary controller {controller}: {action_words}", number)


def _tariff_script(number: int) -> Part:
    """Write a tariff script: 101 to 148 set the first element's rate, 201 to 204 the second's."""
    for first, most, words in ((100, 48, "rate"), (200, 4, "second element, rate")):
        if first < number <= first + most:
            return code(f"{words} {number - first}", number)
    return code(f"script {whole(number)}", number)


def _transaction(octets: bytes) -> Part:
    """Read originator (8), recipient (8), Command, Response or Alert (1), counter (8)."""
    kind = {1: "Command", 2: "Response", 3: "Alert"}.get(octets[16], f"kind {octets[16]}")
    counter = str(int.from_bytes(octets[17:], "big"))
    sender, target = (entity(EntityId(part)) for part in (octets[:8], octets[8:16]))
    return say("{} {} from {} to {}", kind, counter, sender, target)


def _command(octets: bytes) -> str:
    """Read message code (2) and counter (8)."""
    name = use_case(int.from_bytes(octets[:2], "big")).name
    return f"{name}, counter {int.from_bytes(octets[2:], 'big')}"


def _transaction_counter(octets: bytes) -> str:
    """Read the kind of message (1) and the originator counter (8) that the key is made of."""
    return f"counter {int.from_bytes(octets[1:], 'big')}, kind {octets[0]:02X}"


def _controller(number: int) -> str:
    side = {1: "output", 2: "input"}.get(number >> 4, f"direction {number >> 4}")
    return f"{number & 0xF}, {side}"


def _alert(number: int) -> Part:
    return code(numbered_alert(number), number)


def bits_in_words(number: int, bitmap: str) -> str:
    """Return the names of the bits that are set, and the numbers of those without a name."""
    names = bitmaps()[bitmap]
    if bitmap == _CHANGE_CONTROL and (state := number >> _SUPPLY_AT & 3):
        besides = bits_in_words(number & ~(3 << _SUPPLY_AT), bitmap)
        supply = f"supply {_SUPPLY[state]}"
        return supply if besides == "none" else f"{besides}, {supply}"
    known = [name for bit, name in names.items() if number >> bit & 1]
    rest = number & ~sum(1 << bit for bit in names)
    others = [f"bit {bit}" for bit in range(rest.bit_length()) if rest >> bit & 1]
    return ", ".join((*known, *others)) or "none"


def _time_of_day(minutes: int) -> str:
    if 0 <= minutes < 24 * 60:
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return f"out of range: {sent(minutes)} minutes after midnight"


def _channel_and_trigger(octets: bytes) -> Part:
    """Read a channel (4) and the octet that says why it was taken."""
    if len(octets) < 5:
        return hex_in_words(octets) or "nothing"
    trigger = int.from_bytes(octets[-1:], "big")
    channel = channels_in_words(octets[:4])
    return f"{channel}: {enumeration('scan_trigger', trigger) or f'trigger {trigger}'}"


def _switch_type(octets: bytes) -> Part:
    """Name an HCALCS by its identifier; all zero is a switch of the meter's own."""
    return entity(EntityId(octets)) if any(octets) else "a switch of the meter"


def event_details(octets: bytes, event: int = 0) -> Part:
    """Return what a log adds to an event; of a Command carried out or not, which one it was."""
    if event in _OF_A_COMMAND and len(octets) == _MESSAGE_CODE:
        number = int.from_bytes(octets, "big")
        return code(f"{number:04X}, {use_case(number).name}", number)
    return hex_in_words(octets) if octets else "none"


def _block_threshold(number: int) -> Part:
    return amount("no limit" if number == _NO_LIMIT else whole_with_unit(number, "Wh"), number)


_NO_LIMIT = 0xFFFFFFFF
_OF_A_COMMAND, _MESSAGE_CODE = (0x8154, 0x8155), 2
_UNITS = frozenset(
    ("Wh", "kWh", "varh", "W", "var", "VA", "V", "A", "s", "min", "h", "days", "dBm", "dB", "%")
)
_ENDLESS_DURATIONS = (0xFFFF, 0xFFFFFF)

_OCTETS: dict[str, tuple[int, Callable[[bytes], Part]]] = {
    "mpan": (0, mpan_in_words),
    "id": (8, lambda octets: entity(EntityId(octets))),
    "time": (12, dates.cosem_moment),
    "activation": (12, lambda octets: dates.cosem_moment(octets, Place.START)),
    "date": (5, dates.cosem_date),
    "begin": (5, dates.begin_date),
    "end": (5, dates.end_date),
    "clock": (4, dates.cosem_clock),
    "zcl_date": (4, dates.zcl_date),
    "obis": (6, _logical_name),
    "object": (6, _name_alone),
    "text": (0, lambda octets: quote(text_in_words(octets))),
    "model": (0, model_in_words),
    "state": (0, lambda octets: quote(state_in_words(octets) or text_in_words(octets))),
    "version": (0, hex_in_words),
    "hash": (0, lambda octets: f"SHA-256 {hex_in_words(octets)}"),
    "hex": (0, hex_in_words),
    "number": (0, lambda octets: whole(int.from_bytes(octets, "big"))),
    "channels": (4, channels_in_words),
    "ghz_channels": (4, ghz_channels_in_words),
    "channel_and_trigger": (0, _channel_and_trigger),
    "time_or_minutes": (12, dates.cosem_moment),
    "switch_type": (8, _switch_type),
    "utrn": (0, utrn_in_words),
    "event_details": (0, event_details),
    "transaction": (25, _transaction),
    "transaction_counter": (9, _transaction_counter),
    "command": (10, _command),
}
"""Forms of octets: how many there must be (0: any number), and the words."""

_NUMBERS: dict[str, Callable[[int], Part]] = {
    "utc": dates.utc_moment,
    "start": lambda number: dates.utc_moment(number, Place.START),
    "from": lambda number: dates.utc_moment(number, Place.FROM),
    "to": lambda number: dates.utc_moment(number, Place.TO),
    "alert": _alert,
    "unit": unit_name,
    "script": _script,
    "tariff_script": _tariff_script,
    "controller": _controller,
    "class": lambda number: f"{whole(number)} {class_name(number) or ''}".rstrip(),
    "bits": lambda number: f"{number:b}".rjust(8, "0"),
    "seconds": lambda number: amount(whole_with_unit(number, "s"), number),
    "sample_interval": lambda number: amount(
        f"{number} s{' or longer' if number == 0xFFFF else ''}", number
    ),
    "minutes": lambda number: amount(
        "until changed" if number in _ENDLESS_DURATIONS else whole_with_unit(number, "min"), number
    ),
    "hours": lambda number: amount(whole_with_unit(number, "h"), number),
    "tenths": lambda number: amount(f"{decimal(number, 1)} s", number),
    "tenth_volts": lambda number: amount(f"{decimal(number, 1)} V", number),
    "hundredth_volts": lambda number: amount(f"{decimal(number, 2)} V", number),
    "trailing_digit": lambda number: f"{number >> 4} decimal{'' if number >> 4 == 1 else 's'}",
    "percent": lambda number: amount(whole_with_unit(number, "%"), number),
    "centipercent": lambda number: amount(f"{decimal(number, 2)} %", number),
    "money": lambda number: spans.money(money(number), number),
    "whole_money": lambda number: spans.money(money(number, 0), number),
    "time_of_day": _time_of_day,
    "byte": lambda number: f"{number:02X}",
    "time_or_minutes": lambda number: amount(whole_with_unit(number, "min"), number),
    "block_threshold": _block_threshold,
    "tariff_price": lambda number: spans.money(f"{money(number)} a kWh", number),
}
