"""The words for an Entity Identifier and an Install Code, glued to them or as headings."""

import re

from hht.label.codes import Found, is_surely_code, labelled
from hht.label.digits import (
    EUI_DIGITS,
    Digits,
    digits_in,
    is_beside_damage,
    may_be_secret,
    runs_in,
    without,
)
from hht.label.kinds import Label, LabelKind

_EUI_NAME = (
    r"EUI(?:[-_ ]?64)?|IEEE(?:[-_ ]?addr(?:ess)?)?|GUID|MAC(?:[-_ ]?(?:addr(?:ess)?|ID))?"
    r"|Device[-_ ]?ID|Entity[-_ ]?(?:Identifier|ID)"
)
_CODE_NAME = r"Install(?:ation)?[-_ ]?(?:Code|Key)|IC|Code|Key|Install"
WORD = r"(?<![0-9A-Za-z])(?:{})(?![a-zA-Z])(?:\s*\([^)]*\))?[^0-9A-Za-z]*(?:0[xX])?"
EUI_WORD = re.compile(WORD.format(_EUI_NAME), re.IGNORECASE)
CODE_WORD = re.compile(WORD.format(_CODE_NAME), re.IGNORECASE)
OTHER_CODE = re.compile(r"(?<![0-9A-Za-z])(?=[A-Za-z]*[G-Zg-z])[A-Za-z]+[-_ ]$")
"""A word directly before 'Code' or 'Key', as in 'area code'; digits of an identifier are none."""

IS_SHORT = re.compile("Code|Key", re.IGNORECASE)

_GAP = r"[^0-9A-Za-z]{0,3}(?:0[xX])?"
_EUI = rf"(?:{_EUI_NAME}){_GAP}(?P<eui>(?:[0-9A-F]{{2}}[-:. _]?){{7}}[0-9A-F]{{2}})"
_CODE = rf"(?:{_CODE_NAME}){_GAP}(?P<code>[0-9A-F](?:[-:. _]?[0-9A-F]){{11,35}})"
_GLUED = tuple(
    re.compile(rf"(?<![0-9A-Za-z])(?:{form})(?![0-9A-Za-z])", re.IGNORECASE)
    for form in (_EUI + _GAP + _CODE, _CODE + _GAP + _EUI, _CODE.replace(_GAP, "(?:0[xX])?"))
)
_SHORTEST = 12  # digits of the shortest Install Code; a serial number may have as many
_LINE = re.compile(r"[^\r\n]*[^\s][^\r\n]*")
_CELL = re.compile(r"[^,;|\t]+")
_UNCLEAR = "Which digits are the Entity Identifier and which the Install Code is not clear"


def read_glued(plain: str) -> Found | None:
    """Read words with nothing between them and their digits, as in `EUI00DB...IC83FE...`."""
    match = next((match for form in _GLUED if (match := form.search(plain))), None)
    if match is None:
        return None
    code = digits_in(plain, *match.span("code"))
    if is_beside_damage(plain, code) and not is_surely_code(code):
        return None
    has_eui = "eui" in match.re.groupindex
    if not has_eui and EUI_WORD.search(plain):
        return None  # each word has its own digits
    return labelled(digits_in(plain, *match.span("eui")) if has_eui else None, code)


def read_headed(plain: str) -> Found | None:
    """Read digits behind both words, as a table has them: by column, else in the words' order.

    What is not as clear as that is refused: a code would be shown as an Entity Identifier.
    """
    eui, code = EUI_WORD.search(plain), CODE_WORD.search(plain)
    if eui is None or code is None:
        return None
    end = max(eui.end(), code.end())
    runs = _long_runs(without(plain, range(end)))
    if sum(map(len, runs)) <= EUI_DIGITS or may_be_secret(plain[:end]) or _has_words(plain[end:]):
        return None
    starts = eui.start(), code.start()
    if pair := _columns(plain, *starts) or _in_order(runs, is_eui_first=starts[0] < starts[1]):
        return labelled(*pair)
    return Label(LabelKind.UNKNOWN, error=_UNCLEAR), tuple(at for run in runs for at in run.places)


def _long_runs(plain: str) -> list[Digits]:
    return [run for run in runs_in(plain) if len(run) >= _SHORTEST]


def _has_words(plain: str) -> bool:
    """Return whether digits have words of their own beside them."""
    return bool(EUI_WORD.search(plain) or CODE_WORD.search(plain))


def _columns(plain: str, eui: int, code: int) -> tuple[Digits, Digits] | None:
    """Return what is below the words at these places; None without one row of as many cells."""
    lines = [match.span() for match in _LINE.finditer(plain)]
    if len(lines) < 2 or not all(lines[-2][0] <= at < lines[-2][1] for at in (eui, code)):
        return None
    names, values = ([cell.span() for cell in _CELL.finditer(plain, *line)] for line in lines[-2:])
    if len(names) != len(values):
        return None
    found = [_below(plain, at, names, values) for at in (eui, code)]
    return (found[0], found[1]) if found[0] and found[1] else None


def _below(
    plain: str, at: int, names: list[tuple[int, int]], values: list[tuple[int, int]]
) -> Digits | None:
    """Return the digits of the cell below the word at this place."""
    start, end = next(
        value for (first, last), value in zip(names, values, strict=True) if first <= at < last
    )
    runs = _long_runs(without(plain, (*range(start), *range(end, len(plain)))))
    return runs[0] if len(runs) == 1 else None


def _in_order(runs: list[Digits], *, is_eui_first: bool) -> tuple[Digits, Digits] | None:
    """Return Entity Identifier and code of two runs, or of one in which both are."""
    if len(runs) == 1:
        whole = runs[0]
        cut = EUI_DIGITS if is_eui_first else len(whole) - EUI_DIGITS
        runs = [whole[:cut], whole[cut:]]
    if len(runs) != 2:
        return None
    first, second = runs
    return (first, second) if is_eui_first else (second, first)
