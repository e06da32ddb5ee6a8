"""Which events a filter of an ESME lets through: bit n is the n-th alert code of its group.

A filter that is read has 256 bits, the last one for the first code. One that is written has 512:
first which events are to change, then what they change to. Source: the RTDS 4.5.0 messages of
ECS25a and ECS25b, in which the second half never has a bit that the first lacks.
"""

from hht.gbcs.alerts import name_beside_code
from hht.gbcs.dlms import BitString
from hht.gbcs.explain.field import Field, leaf
from hht.spans import Line, code, count, say

_FIRST_CODES = {"supplier_events": 0x8100, "network_events": 0x8000}
_BITS = 256  # one for each event code of a family, whose low octet is the bit


def is_events(form: str) -> bool:
    return form in _FIRST_CODES


def events_field(name: str, bits: BitString, form: str) -> Field:
    """Return one line for each event, those above how many there are."""
    first, number = _FIRST_CODES[form], int.from_bytes(bits.octets, "big")
    if bits.length <= _BITS:
        children = tuple(leaf(f"{each:04X}", _name(each)) for each in _codes(number, first))
        return Field(name, Line.of(count(len(children), "event")), children)
    chosen = frozenset(_codes(number & (1 << _BITS) - 1, first))
    changed = _codes(number >> _BITS, first)
    children = tuple(leaf(f"{each:04X}", _switched(each, each in chosen)) for each in changed)
    on = sum(each in chosen for each in changed)
    words = say("{} on, {} off", count(on, "event"), count(len(changed) - on, "event"))
    return Field(name, words, children)


def _switched(number: int, on: bool) -> Line:
    return say("{}: {}", "on" if on else "off", _name(number))


def _codes(number: int, first: int) -> list[int]:
    return [first + bit for bit in range(number.bit_length()) if number >> bit & 1]


def _name(number: int) -> Line:
    return Line.of(code(name_beside_code(number), number))
