"""Read a label: its words and the fields of a QR code decide first, then the number of digits."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from hht.label.codes import (
    Found,
    bare_label,
    crc_fits,
    damaged_code,
    entity_label,
    is_code_length,
    is_surely_code,
    labelled,
)
from hht.label.digits import (
    EUI_ANYWHERE,
    EUI_DIGITS,
    EUI_HERE,
    RUN,
    Digits,
    digits_in,
    in_words,
    is_beside_damage,
    masked,
    may_be_damaged,
    may_be_secret,
    plain_text,
    runs_in,
    without,
)
from hht.label.kinds import MASK, Label, LabelKind
from hht.label.letter_o import is_proven, named, read_as_zero, with_zeros
from hht.label.words import CODE_WORD, EUI_WORD, IS_SHORT, OTHER_CODE, WORD, read_glued, read_headed
from hht.mpxn import MpxnKind, check_digits_fit, mpan_core, mpxn_kind

_HEX = "(?:0[xX])?"
_BARE = re.compile(rf"\s*{_HEX}({RUN})\s*")
_FIELDS = re.compile(rf"\s*{_HEX}({RUN})\s*[,;|/\s&+_]\s*{_HEX}({RUN})\s*")
_GROUPS = r"[0-9A-Fa-f]{2,8}(?:[-:. ][0-9A-Fa-f]{2,8})+"
_EUI_AND_GROUPS = re.compile(rf"\s*{_HEX}([0-9A-Fa-f]{{{EUI_DIGITS}}})\s+({_GROUPS})\s*")
"""An Entity Identifier in one piece, and a code in groups behind it."""

_NUMBER = r"[-_ ]?(?:number|no)"
_MPXN_WORD = re.compile(
    WORD.format(
        rf"MP[ARx]N(?:{_NUMBER}|[-_ ]?core)?"
        rf"|(?:Supply|M|Meter Point(?: (?:Reference|Administration))?){_NUMBER}"
    )
    + r"(?:S\s*)?",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"[0-9](?:[-. \t]{0,2}[0-9])*")
_MPAN_DIGITS = 13  # of the core that a person is asked for
_SUPPLY_BOX = re.compile(r"\s*(?:S\s*)?([0-9](?:\s*[-/|]?\s*[0-9]){20})\s*", re.IGNORECASE)
"""A full MPAN as it is printed on a bill: 21 digits in boxes, an S before them or not."""
_ON_BILL = re.compile(r"\s*[MS]\s*([0-9]{6,10}|[0-9]{13})\s*", re.IGNORECASE)
"""A meter point number with the letter of a bill before it; serial numbers are written so, too."""

_ORDER = re.compile(
    r"\s*(?:(JOB-[0-9A-Z-]*[0-9][0-9A-Z-]*)"
    r"|(?:(?:Work )?Order|W/?O|Job)[\s:.#-]*(?:No\.?|Number|ID)?[\s:.#-]*"
    r"((?:[A-Z]{1,4}-?)?[0-9][0-9A-Z/-]*))\s*",
    re.IGNORECASE,
)
_CODE_BEHIND = re.compile(r"(?=[-0-9]*[A-F])(?:[0-9A-F]-?){20}", re.IGNORECASE)
"""More hexadecimal digits than an order's number has: an Install Code is glued to it."""

_EITHER_WAY = "Either half can be the Entity Identifier: the first was taken, compare it"
_QR_FIELD = re.compile(rf"(?<![0-9A-Za-z])([A-Za-z]):\s*{_HEX}")
_QR_END = re.compile(r"[$%]|[\s,;|&]\s*[A-Za-z]:")
_QR_EUI, _QR_CODE = ("Z", "A"), "I"


def read_label(text: str) -> Label:
    """Read one label, typed or scanned; a letter O is a zero where check digits prove it."""
    plain = plain_text(text)
    label = _read(text, plain)
    zeroed, zeros = with_zeros(plain)
    if not zeros or label.install_code_ok:
        return label
    corrected = _read(text, zeroed)
    if is_proven(corrected, zeroed, zeros):
        return read_as_zero(corrected)
    return named(replace(label, text=_both_masked(label.text, corrected.text)))


def _both_masked(*texts: str) -> str:
    """Return one label that was masked in several ways, with every mask."""
    return "".join(MASK if MASK in each else each[0] for each in zip(*texts, strict=True))


def _read(text: str, plain: str) -> Label:
    """Read a label from its plain form; `text` is as long, and is what is shown of it."""
    readers: tuple[Callable[[str], Found | None], ...] = (
        _read_qr,
        _read_order,
        read_glued,
        read_headed,
        _read_words,
        _read_fields,
        _read_bare,
        _read_among_words,
    )
    for reader in readers:
        if found := reader(plain):
            label, secret = found
            return replace(label, text=masked(text, (*secret, *_other_secrets(plain, label))))
    error = "This is no label that an HHT reads" if plain.strip() else "There is nothing on it"
    return Label(LabelKind.UNKNOWN, masked(text, may_be_damaged(plain)), error=error)


def _other_secrets(plain: str, label: Label) -> Iterable[int]:
    """Return what may be an Install Code beside what was read; a meter point number is none."""
    if label.mpxn or label.order:
        return ()
    every = digits_in(plain, 0, len(plain))
    at = every.digits.lower().find(label.entity_id.hex()) if label.entity_id else -1
    shown = every[at : at + EUI_DIGITS].places if at >= 0 else ()
    rest = without(plain, shown)
    has_code = label.kind in (LabelKind.INSTALL_CODE, LabelKind.BOTH)
    is_damaged = has_code and not label.install_code_ok
    return may_be_damaged(rest) if is_damaged else may_be_secret(rest)


def _euis(plain: str) -> list[Digits]:
    """Return every run of eight pairs that can be an Entity Identifier, whatever is beside
    it."""
    exact = [digits_in(plain, *match.span()) for match in EUI_ANYWHERE.finditer(plain)]
    return exact + [run for run in runs_in(plain) if len(run) == EUI_DIGITS and run not in exact]


def _read_qr(plain: str) -> Found | None:
    """Read the `Z:EUI$I:CODE` family of QR codes; fields of other letters are passed over.

    ZigBee prints a code with its check bytes there.
    """
    fields: dict[str, Digits] = {}
    for match in _QR_FIELD.finditer(plain):
        end = _QR_END.search(plain, match.end())
        fields.setdefault(
            match[1].upper(), _value(plain, match.end(), end.start() if end else len(plain))
        )
    if not {*_QR_EUI, _QR_CODE} & fields.keys():
        return None
    code = fields.pop(_QR_CODE, None)
    named = [fields[letter] for letter in _QR_EUI if letter in fields]
    alike = [each for each in (*named, *fields.values()) if len(each) == EUI_DIGITS]
    if code is None and alike:  # some makers name the code by the letter of the identifier
        code = next((each for each in named if len(each) > EUI_DIGITS), None)
    eui = next(iter(alike + named), None) or (_after(EUI_WORD, plain) if code else None)
    return labelled(eui, code, has_crc=True)


def _value(plain: str, start: int, end: int) -> Digits:
    """Return the run of digits of one field; of a damaged one whatever is a digit in it."""
    run = re.compile(RUN).match(plain, start, end)
    return digits_in(without(plain, in_words(plain)), *(run.span() if run else (start, end)))


def _read_order(plain: str) -> Found | None:
    match = None if _CODE_BEHIND.search(plain) else _ORDER.fullmatch(plain)
    return (Label(LabelKind.ORDER, order=match[1] or match[2]), ()) if match else None


def _read_words(plain: str) -> Found | None:
    """Read what is behind 'EUI', 'Install Code', 'MPAN' and the like.

    Where one of the two has no word, it is the only run of digits that can be it.
    """
    if match := _MPXN_WORD.search(plain):
        number = _DECIMAL.match(plain, match.end())
        if number and (found := _meter_point(number[0])):
            return found
    eui, code = _after(EUI_WORD, plain), _after(CODE_WORD, plain)
    if code is not None and is_beside_damage(plain, code) and not _is_checked(code):
        return damaged_code(code)
    if eui is None and code is not None and is_code_length(code):
        eui = _only(_euis(without(plain, code.places)))
    elif code is None and eui is not None and len(eui) == EUI_DIGITS:
        code = _only(_codes_in(without(plain, eui.places)))
    return labelled(eui, code)


def _codes_in(plain: str) -> list[Digits]:
    """Return every run that can only be a code, and is no rest of one with a wrong letter in it."""
    return [
        run
        for run in runs_in(plain)
        if is_surely_code(run) and (crc_fits(run) or not is_beside_damage(plain, run))
    ]


def _is_checked(code: Digits) -> bool:
    return is_code_length(code) and crc_fits(code)


def _only(runs: list[Digits]) -> Digits | None:
    return runs[0] if len(runs) == 1 else None


def _after(word: re.Pattern[str], plain: str) -> Digits | None:
    """Take the run of digits behind a word: none where the word is not there."""
    for match in word.finditer(plain):
        if OTHER_CODE.search(plain, 0, match.start()) and IS_SHORT.match(match[0]):
            continue
        exact = EUI_HERE.match(plain, match.end()) if word is EUI_WORD else None
        if run := exact or re.compile(RUN).match(plain, match.end()):
            return digits_in(plain, *run.span())
    return None


def _read_fields(plain: str) -> Found | None:
    """Read two fields, one of them an Entity Identifier by its length, the other a code."""
    match = _EUI_AND_GROUPS.fullmatch(plain) or _FIELDS.fullmatch(plain)
    if not match:
        return None
    one, other = (digits_in(plain, *match.span(number)) for number in (1, 2))
    pairs = [
        (eui, code)
        for eui, code in ((one, other), (other, one))
        if len(eui) == EUI_DIGITS and is_code_length(code)
    ]
    checked = [(eui, code) for eui, code in pairs if crc_fits(code)]
    ways = [found for pair in checked or pairs if (found := labelled(*pair))]
    if len(ways) == 1:
        return ways[0]
    return _either_way(*ways) if ways else None


def _either_way(first: Found, second: Found) -> Found:
    """Take the first field as the Entity Identifier, say so, and keep the second reading."""
    label, secret = first
    return replace(label, warning=_EITHER_WAY, other_way=second[0]), secret


def _read_bare(plain: str) -> Found | None:
    if box := _SUPPLY_BOX.fullmatch(plain):
        return _meter_point(re.sub(r"[^0-9]", "", box[1]))
    if (on_bill := _ON_BILL.fullmatch(plain)) and check_digits_fit(on_bill[1]):
        return _meter_point(on_bill[1])
    match = _BARE.fullmatch(plain)
    if not match:
        return None
    return _meter_point(match[1]) or bare_label(digits_in(plain, *match.span(1)))


def _read_among_words(plain: str) -> Found | None:
    """Read an Entity Identifier among other words, or digits that can only be a code."""
    if _BARE.fullmatch(plain):
        return None
    whole = [run for run in runs_in(plain) if len(run) == EUI_DIGITS]
    if eui := _only(whole) or _only(_euis(plain) if not _has_more_pairs(plain) else []):
        code = _only(_codes_in(without(plain, eui.places)))
        return labelled(eui, code) if code else entity_label(eui)
    return labelled(None, _only(_codes_in(plain)))


def _has_more_pairs(plain: str) -> bool:
    """Return whether eight pairs are a part of more pairs: of a code, or of something damaged."""
    return any(len(run) > EUI_DIGITS and len(run) % 2 == 0 for run in runs_in(plain))


def _meter_point(text: str) -> Found | None:
    """Read a meter point number; only one of 13 or 21 digits may have dashes or dots in it."""
    digits = re.sub(r"[-.\s]", "", text)
    spaced = re.sub(r"\s", "", text)
    number = mpan_core(digits) or (digits if len(digits) == _MPAN_DIGITS else spaced)
    kind = mpxn_kind(number)
    if kind is None:
        return None
    warning = None if check_digits_fit(number) else f"The check digit of this {kind.upper()} fails"
    meant = LabelKind.MPAN if kind is MpxnKind.MPAN else LabelKind.MPRN
    return Label(meant, mpxn=number, warning=warning), ()
