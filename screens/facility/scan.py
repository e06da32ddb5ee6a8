"""What a scan at the bench names: one unit, or more than a person can have meant."""

import re

from hht.label import Label, read_label

OPERATOR = "OPERATOR"
"""What an operator's badge begins with."""
_PAIR, _SIGN = "[0-9A-F]{2}", "[-:.]?"
_PAIRS = rf"(?:{_PAIR}{_SIGN}){{7}}{_PAIR}"
_END = rf"(?!{_SIGN} ?{_PAIR})"
_IDENTIFIER = re.compile(rf"(?<!{_PAIR})(?<!{_PAIR}[-:. ]){_PAIRS}{_END}", re.IGNORECASE)
"""Where an Entity Identifier is; an Install Code, in one piece or in groups, is longer."""
_BESIDE = re.compile(rf"(?<![0-9A-F])({_PAIRS})\s+({_PAIRS}){_END}", re.IGNORECASE)
"""Two of them with nothing but a space between."""
_HHT_HALF = re.compile(
    rf"HHT[ _-]?(?:(?:EUI|ID)(?:-?64)?)?[^0-9A-Z]{{0,4}}{_PAIRS}{_END}", re.IGNORECASE
)
"""The unit's other identifier: a bench knows a unit by its own alone."""


def read_scan(scanned: str) -> Label | None:
    """Read the label of one unit, whose HHT half may be on it too; None where two are in it."""
    own = _HHT_HALF.sub("", scanned)
    label = read_label(own)
    # A short Install Code with its check bytes is as long as an identifier, a long one as two.
    code = label.install_code.hex() if label.install_code and not label.other_way else "none"
    units = {_digits(each) for each in _IDENTIFIER.findall(own)}
    for pair in _BESIDE.findall(own):
        units |= set() if _digits("".join(pair)) in code else {_digits(each) for each in pair}
    units = {each for each in units if not each.startswith(code)}
    return None if len(units) + scanned.upper().count(OPERATOR) > 1 else label


def _digits(text: str) -> str:
    return re.sub("[-:. ]", "", text).lower()
