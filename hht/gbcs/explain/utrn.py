"""Top-up codes: the Unique Transaction Reference Number of 20 figures, and the value in it.

The first 19 figures less an offset are the Prepayment Top Up Token of 64 bits: in its bits 32 to 44
the value, in 45 and 46 its class; the last figure is a check digit, which only the Device judges.
Source: the RTDS 4.5.0 codes beside the values that a GSME credits for them (class 0: pence); of
class 1, whose values are round, pounds are inferred.
"""

from hht import spans
from hht.gbcs.explain.amounts import hex_in_words, money
from hht.spans import Part, code, say

_LENGTH = 20  # figures of a Unique Transaction Reference Number
# What GBCS adds to the token's bits, which gives every code 20 figures.
_OFFSET = 7394156990786306048
_TOKEN_BITS = 64  # of the token that the code holds
_OCTETS = 8  # the same code as a number
_VALUE_AT, _VALUE_BITS = 32, 13  # first bit and width of the token's value
_CLASS_AT, _CLASSES = 45, 3  # first bit of the value's class and how many bits mask it
_PLACES = {0: 2, 1: 0}
"""Decimal places of a value in pounds, by its class."""


def utrn_in_words(octets: bytes) -> Part:
    """Return a code of 20 figures, or the same number in 8 octets, with its value in money."""
    figures = octets.decode("latin-1")
    if len(octets) == _OCTETS and not figures.isdecimal():
        figures = f"{int.from_bytes(octets, 'big'):0{_LENGTH}}"
    if len(figures) != _LENGTH or not (figures.isascii() and figures.isdecimal()):
        return f'"{figures}"' if figures.isascii() and figures.isdecimal() else _other(octets)
    value = _value(int(figures[:-1]))
    return say("UTRN {}, {}", code(figures), value) if value else say("UTRN {}", code(figures))


def _other(octets: bytes) -> str:
    return hex_in_words(octets) or "empty"


def _value(number: int) -> Part:
    token = (number - _OFFSET) % (1 << _TOKEN_BITS)
    places = _PLACES.get(token >> _CLASS_AT & _CLASSES)
    value = token >> _VALUE_AT & (1 << _VALUE_BITS) - 1
    if places is None:
        return f"value {value} of class {token >> _CLASS_AT & _CLASSES}"
    return spans.money(money(value, places) if places else f"{value}.00 GBP", value)
