"""Whole numbers, decimals, scaled values, money and octets in figures, whatever their size."""

from decimal import Decimal

_WIDEST = 64
"""Bits: the widest whole number that any DLMS, ZCL or GBCS field is defined with."""

_SCALERS = range(-128, 128)
"""What a DLMS scaler, an integer of one octet, can hold."""

_LONGEST = 64
"""Octets that are shown in hexadecimal: a signature or a public key, whole."""

POUNDS = "GBP"
_MONEY_PLACES = 5
"""Devices count money in thousandths of a penny (MMC 5.4: CurrencyUnitsName, Millipence)."""

_PENCE = 2  # decimal places of a pound that are always shown
_MOST_ZEROES = 18
"""Beyond it a power of ten says more than a row of noughts; no register of a Device comes near."""


def whole(number: int) -> str:
    """Return a whole number in figures.

    A number wider than any field is said to be out of range.
    """
    bits = number.bit_length()
    return str(number) if bits <= _WIDEST else f"out of range ({bits} bits)"


def whole_with_unit(number: int, unit: str) -> str:
    """Return a whole number and its unit, which one out of range has not."""
    shown = whole(number)
    return f"{shown} {unit}" if shown == str(number) else shown


def sent(number: int) -> str:
    """Return a number as it goes on after `out of range:`."""
    bits = number.bit_length()
    return str(number) if bits <= _WIDEST else f"a number of {bits} bits"


def decimal(number: int, places: int) -> str:
    """Return a whole number with its last `places` figures behind the point: 12345, 3 is 12.345."""
    if number.bit_length() > _WIDEST or not 0 <= places <= _MOST_ZEROES:
        return power(number, -places)
    sign, digits = ("-" if number < 0 else ""), f"{abs(number):0{places + 1}d}"
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def power(number: int, exponent: int) -> str:
    """Return a whole number times ten to the power of `exponent`, in figures while these are
    readable."""
    if exponent not in _SCALERS or number.bit_length() > _WIDEST:
        return f"out of range: {sent(number)}, scaler {sent(exponent)}"
    if not -_MOST_ZEROES <= exponent <= _MOST_ZEROES:
        return f"{number} × 10^{exponent}"
    return str(number * 10**exponent) if exponent >= 0 else decimal(number, -exponent)


def ratio(number: int, multiplier: int, divisor: int) -> str:
    """Return a whole number times a multiplier, by a divisor: with as many places as the divisor
    has."""
    if divisor <= 0 or max(map(int.bit_length, (number, multiplier, divisor))) > _WIDEST:
        return f"out of range: {sent(number)} × {sent(multiplier)} / {sent(divisor)}"
    places = len(str(divisor)) - 1
    if divisor == 10**places:
        return decimal(number * multiplier, places)
    return f"{Decimal(number * multiplier) / Decimal(divisor):.6f}".rstrip("0").rstrip(".")


def money(number: int, places: int = _MONEY_PLACES, currency: str = POUNDS) -> str:
    """Return an amount of money with its sign and currency, to the penny or finer: `-0.54794
    GBP`."""
    figures = decimal(number, places)
    whole_part, point, fraction = figures.partition(".")
    if point:
        figures = f"{whole_part}.{fraction.rstrip('0').ljust(_PENCE, '0')}"
    return f"{figures} {currency}"


def hex_in_words(octets: bytes) -> str:
    """Return octets in hexadecimal; of many, the first ones and how many there are."""
    if len(octets) <= _LONGEST:
        return octets.hex().upper()
    return f"{octets[:_LONGEST].hex().upper()}... ({len(octets)} bytes)"
