"""How single values are shown: by the form that assets/tables give them, or as what they look like.

A form is one of the names below or an enumeration of assets/tables/enumerations.tsv.
"""

from collections.abc import Callable
from functools import cache

from hht.entity_id import EntityId
from hht.gbcs.alerts import alert_name
from hht.gbcs.explain import dates
from hht.gbcs.explain.amounts import decimal, hex_in_words, power, whole
from hht.gbcs.explain.field import hidden
from hht.gbcs.explain.object_names import class_name, dotted, object_name
from hht.gbcs.use_cases import use_case
from hht.tables import rows_of

SECRET = "secret"
YES_NO = "yes_no"
_COUNT = 255
_DATE_TIME = 12
_LOGICAL_NAME = 6


def octets_in_words(octets: bytes, form: str = "", *, show_secrets: bool = False) -> str:
    """Octets as their form says; where they do not fit it, or have none, as they look."""
    if form == SECRET:
        return octets.hex().upper() if show_secrets else hidden(octets)
    if form and enumeration(form, int.from_bytes(octets, "big")) and octets:
        return number_in_words(int.from_bytes(octets, "big"), form)
    size, words = _OCTETS.get(form, (0, _as_they_look))
    return words(octets) if size in (0, len(octets)) and octets else _as_they_look(octets)


def number_in_words(number: int, form: str = "") -> str:
    """A number as its form says; the number alone where it has none."""
    if form in _NUMBERS:
        return _NUMBERS[form](number)
    meaning = enumeration(form, number)
    if form == YES_NO and meaning:
        return meaning
    return f"{number}, {meaning}" if meaning else whole(number)


def enumeration(name: str, code: int) -> str | None:
    """What a code of an enumeration stands for; None where the table does not say."""
    return _enumerations().get((name, code))


def unit_name(code: int) -> str:
    """The unit of a COSEM scaler and unit pair."""
    return _units().get(code, f"unit {code}")


def scaled(number: int, scaler: int, unit: int) -> str:
    """A register's value with its scaler applied and its unit."""
    digits = power(number, scaler)
    return digits if unit == _COUNT else f"{digits} {unit_name(unit)}"


def _as_they_look(octets: bytes) -> str:
    if not octets:
        return "empty"
    if len(octets) == _DATE_TIME and octets[9:11] == b"\x80\x00":
        return dates.cosem_moment(octets)
    if len(octets) == _LOGICAL_NAME and object_name(octets):
        return _logical_name(octets)
    if len(octets) > 1 and octets.isascii() and octets.decode("ascii").isprintable():
        return f'"{octets.decode("ascii")}"'
    return hex_in_words(octets)


def _text(octets: bytes) -> str:
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError:
        return hex_in_words(octets)
    return f'"{text}"' if text.isprintable() else hex_in_words(octets)


def _logical_name(octets: bytes) -> str:
    name = object_name(octets)
    return f"{dotted(octets)} {name}" if name else dotted(octets)


def _script(number: int) -> str:
    """Auxiliary controllers' scripts hold the controller and what it is to do; others a number."""
    controller, action, direction = number >> 8 & 0xF, number & 0xFF, number >> 12
    if not controller:
        return f"script {number}"
    if direction:
        side = {1: "output", 2: "input"}.get(direction, f"direction {direction}")
        return f"auxiliary controller {controller}: {side} {action & 0x7F} %"
    actions = {0x11: "activate", 0x12: "deactivate", 0x20: "reset"}
    return f"auxiliary controller {controller}: {actions.get(action, f'action {action:02X}')}"


def _transaction(octets: bytes) -> str:
    """Originator (8), recipient (8), Command, Response or Alert (1), counter (8)."""
    kind = {1: "Command", 2: "Response", 3: "Alert"}.get(octets[16], f"kind {octets[16]}")
    parties = f"{EntityId(octets[:8])} to {EntityId(octets[8:16])}"
    return f"{kind} {int.from_bytes(octets[17:], 'big')} from {parties}"


def _command(octets: bytes) -> str:
    """Message code (2) and counter (8)."""
    name = use_case(int.from_bytes(octets[:2], "big")).name
    return f"{name}, counter {int.from_bytes(octets[2:], 'big')}"


def _controller(number: int) -> str:
    side = {1: "output", 2: "input"}.get(number >> 4, f"direction {number >> 4}")
    return f"{number & 0xF}, {side}"


def _alert(code: int) -> str:
    return f"{code:04X}, {alert_name(code)}"


_FIRST_CHANNEL = {28: 0, 29: 27, 30: 35, 31: 0}
_CHANNEL_BITS = 27


def channels_in_words(octets: bytes) -> str:
    """Show a 32-bit sub-GHz channel mask as `page 28, channels 1, 2`.

    The page is in the top five bits, its channels in the others: page 28 holds channels 0-26, 29
    holds 27-34, 30 holds 35-61, 31 the upper band's 0-26; hexadecimal where there is no such page.
    Source: the RTDS 4.5.0 DBCH messages.
    """
    mask = int.from_bytes(octets, "big")
    page = mask >> _CHANNEL_BITS
    if len(octets) != 4 or page not in _FIRST_CHANNEL:
        return octets.hex().upper()
    numbers = [str(_FIRST_CHANNEL[page] + bit) for bit in range(_CHANNEL_BITS) if mask >> bit & 1]
    if not numbers:
        return f"page {page}, no channel"
    return f"page {page}, channel{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"


_OCTETS: dict[str, tuple[int, Callable[[bytes], str]]] = {
    "id": (8, lambda octets: str(EntityId(octets))),
    "time": (12, dates.cosem_moment),
    "date": (5, dates.cosem_date),
    "clock": (4, dates.cosem_clock),
    "obis": (6, _logical_name),
    "text": (0, _text),
    "version": (0, hex_in_words),
    "channels": (4, channels_in_words),
    "transaction": (25, _transaction),
    "command": (10, _command),
}
"""Forms of octets: how many there must be (0: any number), and the words."""

_NUMBERS: dict[str, Callable[[int], str]] = {
    "utc": dates.utc_moment,
    "alert": _alert,
    "unit": unit_name,
    "script": _script,
    "controller": _controller,
    "class": lambda number: f"{number} {class_name(number) or ''}".rstrip(),
    "bits": lambda number: f"{number:b}".rjust(8, "0"),
    "seconds": lambda number: f"{number} s",
    "days": lambda number: f"{number} days",
    "tenths": lambda number: f"{decimal(number, 1)} s",
    "trailing_digit": lambda number: f"{number >> 4} decimals",
    "dBm": lambda number: f"{number} dBm",
    "Wh": lambda number: f"{number} Wh",
    "percent": lambda number: f"{number} %",
    "centipercent": lambda number: f"{decimal(number, 2)} %",
}


@cache
def _enumerations() -> dict[tuple[str, int], str]:
    rows = rows_of("enumerations.tsv")
    return {(name, int(code)): meaning for name, code, meaning in rows}


@cache
def _units() -> dict[int, str]:
    return {int(code): unit for code, unit in rows_of("units.tsv")}
