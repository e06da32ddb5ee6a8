"""Top-up codes: the Unique Transaction Reference Number of 20 figures, and the value in it.

The first 19 figures less an offset are the Prepayment Top Up Token, whose highest 7 bits are 0: in
its bits 32 to 44 the value, in 45 and 46 its class (0 pence, 1 pounds), in 47 to 56 the end of a
counter; the last figure is a check digit, which only the Device judges. Source: the token that
DCC's gbcs-parser makes; the RTDS 4.5.0 codes beside the values that a GSME credits for them.
"""

from hht import spans
from hht.gbcs.explain.amounts import hex_in_words, money
from hht.gbcs.explain.texts import looks_like_text, text_in_words
from hht.spans import Line, Part, code, quote, say

_LENGTH = 20  # figures of a Unique Transaction Reference Number
# What GBCS adds to the token's bits, which gives every code 20 figures.
_OFFSET = 7394156990786306048
_TOKEN_BITS = 57  # of the token that the code holds
_OCTETS = 8  # the same code as a number
_VALUE_AT, _VALUE_BITS = 32, 13  # first bit and width of the token's value
_CLASS_AT, _CLASSES = 45, 3  # first bit of the value's class and how many bits mask it
_PLACES = {0: 2, 1: 0}
"""Decimal places of a value in pounds, by its class."""


def utrn_in_words(octets: bytes) -> Line:
    """Return a code of 20 figures, or the same number in 8 octets, with its value in money.

    What no token makes is shown as it is, and said to be no top-up code.
    """
    if not octets:
        return Line.of("empty")
    figures = octets.decode("latin-1")
    if len(octets) == _OCTETS and not figures.isdecimal():
        figures = f"{int.from_bytes(octets, 'big'):0{_LENGTH}}"
    is_number = len(figures) == _LENGTH and figures.isascii() and figures.isdecimal()
    token = int(figures[:-1]) - _OFFSET if is_number else -1
    if 0 <= token < 1 << _TOKEN_BITS:
        return say("UTRN {}, {}", code(figures), _value(token))
    return say("{} (not a top-up code)", code(figures) if is_number else _as_it_looks(octets))


def _as_it_looks(octets: bytes) -> Part:
    return quote(text_in_words(octets)) if looks_like_text(octets) else hex_in_words(octets)


def _value(token: int) -> Part:
    value_class = token >> _CLASS_AT & _CLASSES
    places = _PLACES.get(value_class)
    value = token >> _VALUE_AT & (1 << _VALUE_BITS) - 1
    if places is None:
        return f"in a value class that is not defined ({value_class})"
    return spans.money(money(value, places) if places else f"{value}.00 GBP", value)
