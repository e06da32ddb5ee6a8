"""MPxN: the meter point numbers MPAN and MPRN, and their check digits."""

import re
from enum import StrEnum

# Primes: the weights of its check digit.
_MPAN_WEIGHTS = (3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43)
_MPAN_DIGITS = 13  # of the core, with its check digit
_FULL_MPAN_DIGITS = 21  # with profile class, time switch and line loss before the core
_MPRN = re.compile(r"[0-9]{6,10}")


class MpxnKind(StrEnum):
    """Which meter point a number names: electricity (MPAN) or gas (MPRN)."""

    MPAN = "mpan"
    MPRN = "mprn"


def mpxn_kind(digits: str) -> MpxnKind | None:
    """Recognise an MPAN core (13 ASCII digits) or an MPRN (6 to 10); None for anything else."""
    if re.fullmatch(rf"[0-9]{{{_MPAN_DIGITS}}}", digits):
        return MpxnKind.MPAN
    return MpxnKind.MPRN if _MPRN.fullmatch(digits) else None


def mpan_core(full: str) -> str | None:
    """Take the core, the last 13 digits, out of a full MPAN of 21; None for anything else."""
    is_full = re.fullmatch(rf"[0-9]{{{_FULL_MPAN_DIGITS}}}", full)
    return full[-_MPAN_DIGITS:] if is_full else None


def check_digits_fit(digits: str) -> bool:
    """Check an MPAN's last digit or an MPRN's last two.

    DCC's own examples fail, so a caller warns and never refuses.
    """
    if mpxn_kind(digits) is MpxnKind.MPAN:
        weighted = zip(_MPAN_WEIGHTS, digits[:-1], strict=True)
        return sum(weight * int(digit) for weight, digit in weighted) % 11 % 10 == int(digits[-1])
    body = digits[:-2]
    total = sum((len(body) - at) * int(digit) for at, digit in enumerate(body))
    return f"{total % 11:02}" == digits[-2:]
