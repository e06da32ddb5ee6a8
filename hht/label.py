"""Labels of Devices and work orders, as a scanner or a person gives them: what each one is.

A label holds an Entity Identifier, an Install Code, both, a meter point number or an order number.
Words on the label and the fields of a QR code decide first, then the number of digits.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hht.entity_id import EntityId
from hht.mpxn import MpxnKind, check_digits_fit, mpan_core, mpxn_kind
from hht.zse.install_code import CODE_LENGTHS, crc

MASK = "*"
_EUI_DIGITS = 16
_CRC_DIGITS = 4
_CODE_DIGITS = tuple(2 * length for length in CODE_LENGTHS)
_FULL_WIDTH: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES: dict[int, int | str] = dict.fromkeys((*range(0x2010, 0x2015), 0x2212), "-")
_SPACES: dict[int, int | str] = dict.fromkeys((0x3000, 0x00A0), " ")
_PLAIN = _FULL_WIDTH | _DASHES | _SPACES
"""What keyboards and printers write for ASCII, one character for one."""

_AIM = re.compile(r"\s*\][A-Za-z][0-9A-Za-z]")
_RUN = r"[0-9A-Fa-f](?:[-:. \t\r\n]{0,2}[0-9A-Fa-f])*(?![0-9A-Za-z])"
_BARE = re.compile(rf"\s*(?:0[xX])?({_RUN})\s*")
_FIELDS = re.compile(rf"\s*({_RUN})\s*[,;|/\s]\s*({_RUN})\s*")
_EUI_RUN = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}[-:. ]?){7}[0-9A-Fa-f]{2}(?![0-9A-Za-z])")
_WORD = r"(?<![0-9A-Za-z])(?:{})(?![a-zA-Z])[\s:.#=-]*(?:0[xX])?"
_EUI_WORD = re.compile(
    _WORD.format(r"EUI(?:[-_ ]?64)?|IEEE(?: ?addr(?:ess)?)?|GUID|MAC|Device ?ID|Entity Identifier"),
    re.IGNORECASE,
)
_CODE_WORD = re.compile(
    _WORD.format(r"Install(?:ation)?[-_ ]?Code|InstallCode|IC|Code|Install"), re.IGNORECASE
)
_MPXN_WORD = re.compile(_WORD.format(r"MPAN|MPRN|MPxN|Supply Number"), re.IGNORECASE)
_ORDER = re.compile(
    r"\s*(?:(JOB-[0-9A-Z-]*[0-9][0-9A-Z-]*)"
    r"|(?:Work )?Order[\s:.#-]*(?:No\.?|Number)?[\s:.#-]*([0-9][0-9A-Z/-]*))\s*",
    re.IGNORECASE,
)
_QR_FIELD = re.compile(r"(?:^|[$%])\s*([A-Za-z]):\s*([^$%]*)")
_QR_EUI, _QR_CODE = ("Z", "A"), "I"


class LabelKind(StrEnum):
    """What a label is."""

    ENTITY_ID = "entity-id"
    INSTALL_CODE = "install-code"
    BOTH = "both"
    MPAN = "mpan"
    MPRN = "mprn"
    ORDER = "order"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Label:
    """What was read; `text` is the label with its Install Code masked.

    `install_code` is without its check bytes; `install_code_ok` says whether those fit, None where
    the label has none. `warning` leaves the label usable, `error` does not.
    """

    kind: LabelKind
    text: str = ""
    entity_id: EntityId | None = None
    install_code: bytes | None = field(default=None, repr=False)
    install_code_ok: bool | None = None
    mpxn: str | None = None
    order: str | None = None
    warning: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class _Digits:
    """Hexadecimal digits of a label and where each of them stands in its text."""

    digits: str = field(repr=False)
    places: tuple[int, ...]

    def __getitem__(self, part: slice) -> "_Digits":
        return _Digits(self.digits[part], self.places[part])

    def __len__(self) -> int:
        return len(self.digits)


_Found = tuple[Label, tuple[int, ...]]
"""A label and the places of its Install Code's digits."""


def read_label(text: str) -> Label:
    """Read one label, typed or scanned."""
    plain = text.translate(_PLAIN)
    if aim := _AIM.match(plain):
        plain = " " * aim.end() + plain[aim.end() :]
    readers: tuple[Callable[[str], _Found | None], ...] = (
        _read_qr,
        _read_order,
        _read_words,
        _read_fields,
        _read_bare,
        _read_eui_among_words,
    )
    for reader in readers:
        if found := reader(plain):
            label, secret = found
            return replace(label, text=_masked(text, secret))
    return _unknown(text, plain)


def _unknown(text: str, plain: str) -> Label:
    """Mask every long run of digits: it may be an Install Code with a digit too few."""
    secret = [
        place
        for run in re.finditer(_RUN, plain)
        for place in _digits(plain, run.start(), run.end()).places
    ]
    error = "This is no label that an HHT reads" if plain.strip() else "There is nothing on it"
    return Label(LabelKind.UNKNOWN, _masked(text, tuple(secret)), error=error)


def _masked(text: str, secret: tuple[int, ...]) -> str:
    hidden = set(secret)
    return "".join(MASK if at in hidden else each for at, each in enumerate(text))


def _digits(plain: str, start: int, end: int) -> _Digits:
    places = tuple(at for at in range(start, end) if plain[at] in "0123456789abcdefABCDEF")
    return _Digits("".join(plain[at] for at in places), places)


def _read_qr(plain: str) -> _Found | None:
    """Read the `Z:EUI$I:CODE` family of QR codes; fields of other letters are passed over."""
    fields: dict[str, _Digits] = {}
    for match in _QR_FIELD.finditer(plain):
        fields.setdefault(match[1].upper(), _digits(plain, *match.span(2)))
    code = fields.pop(_QR_CODE, None)
    named = [fields[letter] for letter in _QR_EUI if letter in fields]
    alike = [each for each in fields.values() if len(each) == _EUI_DIGITS]
    return _labelled(next(iter(named + alike), None), code)


def _read_order(plain: str) -> _Found | None:
    match = _ORDER.fullmatch(plain)
    return (Label(LabelKind.ORDER, order=match[1] or match[2]), ()) if match else None


def _read_words(plain: str) -> _Found | None:
    """Read what stands behind 'EUI', 'Install Code', 'MPAN' and the like."""
    if match := _MPXN_WORD.search(plain):
        digits = re.sub(r"\s", "", plain[match.end() :])
        if found := _meter_point(digits):
            return found
    return _labelled(_after(_EUI_WORD, plain), _after(_CODE_WORD, plain))


def _after(word: re.Pattern[str], plain: str) -> _Digits | None:
    """Take the run of digits behind a word: none where the word is not there."""
    for match in word.finditer(plain):
        exact = _EUI_RUN.match(plain, match.end()) if word is _EUI_WORD else None
        if run := exact or re.compile(_RUN).match(plain, match.end()):
            return _digits(plain, run.start(), run.end())
    return None


def _read_fields(plain: str) -> _Found | None:
    """Read two fields, one of them an Entity Identifier by its length, the other a code."""
    match = _FIELDS.fullmatch(plain)
    if not match:
        return None
    one, other = (_digits(plain, *match.span(number)) for number in (1, 2))
    pairs = [
        (eui, code)
        for eui, code in ((one, other), (other, one))
        if len(eui) == _EUI_DIGITS and _is_code_length(code)
    ]
    checked = [(eui, code) for eui, code in pairs if _crc_fits(code)]
    return _labelled(*(checked or pairs)[0]) if pairs else None


def _read_bare(plain: str) -> _Found | None:
    match = _BARE.fullmatch(plain)
    if not match:
        return None
    if found := _meter_point(re.sub(r"\s", "", match[1])):
        return found
    digits = _digits(plain, *match.span(1))
    reader = _BY_LENGTH.get(len(digits))
    return reader(digits) if reader else None


def _read_eui_among_words(plain: str) -> _Found | None:
    found = [_digits(plain, *match.span()) for match in _EUI_RUN.finditer(plain)]
    return _entity(found[0]) if len(found) == 1 else None


def _meter_point(digits: str) -> _Found | None:
    number = mpan_core(digits) or digits
    kind = mpxn_kind(number)
    if kind is None:
        return None
    warning = None if check_digits_fit(number) else f"The check digit of this {kind.upper()} fails"
    meant = LabelKind.MPAN if kind is MpxnKind.MPAN else LabelKind.MPRN
    return Label(meant, mpxn=number, warning=warning), ()


def _labelled(eui: _Digits | None, code: _Digits | None) -> _Found | None:
    """Put together what a label names as its Entity Identifier and its Install Code."""
    if eui is None and code is None:
        return None
    if code is None:
        assert eui is not None
        return _entity(eui)
    label, secret = _code(code)
    if eui is None:
        return label, secret
    entity, _ = _entity(eui)
    error = entity.error or label.error
    both = replace(label, kind=LabelKind.BOTH, entity_id=entity.entity_id, error=error)
    return both, secret + (eui.places if entity.error else ())


def _entity(digits: _Digits) -> _Found:
    if len(digits) != _EUI_DIGITS:
        error = f"An Entity Identifier has {_EUI_DIGITS} hexadecimal digits, this has {len(digits)}"
        return Label(LabelKind.UNKNOWN, error=error), digits.places
    return Label(LabelKind.ENTITY_ID, entity_id=EntityId(bytes.fromhex(digits.digits))), ()


def _code(digits: _Digits) -> _Found:
    """Read an Install Code: with its check bytes where the length, or their fit, says so."""
    has_crc = len(digits) - _CRC_DIGITS in _CODE_DIGITS
    plain_too = len(digits) in _CODE_DIGITS
    if has_crc and not (plain_too and not _crc_fits(digits)):
        return _checked(digits)
    if plain_too:
        code = bytes.fromhex(digits.digits)
        return Label(LabelKind.INSTALL_CODE, install_code=code), digits.places
    error = f"An Install Code has 12, 16, 24 or 32 digits and 4 more to check, not {len(digits)}"
    return Label(LabelKind.INSTALL_CODE, error=error), digits.places


def _checked(digits: _Digits) -> _Found:
    fits = _crc_fits(digits)
    error = None if fits else "The Install Code's check digits do not fit: scan or type it again"
    code = bytes.fromhex(digits.digits[:-_CRC_DIGITS])
    label = Label(
        LabelKind.INSTALL_CODE,
        install_code=code if fits else None,
        install_code_ok=fits,
        error=error,
    )
    return label, digits.places


def _crc_fits(digits: _Digits) -> bool:
    raw = bytes.fromhex(digits.digits)
    return crc(raw[:-2]) == raw[-2:]


def _is_code_length(digits: _Digits) -> bool:
    return len(digits) in _CODE_DIGITS or len(digits) - _CRC_DIGITS in _CODE_DIGITS


def _eui_first(digits: _Digits) -> tuple[_Digits, _Digits]:
    return digits[:_EUI_DIGITS], digits[_EUI_DIGITS:]


def _checked_both(digits: _Digits) -> _Found | None:
    """Read Entity Identifier and code in the order in which the code's check bytes fit."""
    for eui, code in (_eui_first(digits), (digits[-_EUI_DIGITS:], digits[:-_EUI_DIGITS])):
        if _crc_fits(code):
            return _labelled(eui, code)
    return None


def _both_plain(digits: _Digits) -> _Found | None:
    return _labelled(*_eui_first(digits))


def _both_with_crc(digits: _Digits) -> _Found | None:
    return _checked_both(digits) or _both_plain(digits)


def _read_28(digits: _Digits) -> _Found | None:
    return _checked(digits) if _crc_fits(digits) else _both_plain(digits)


def _read_32(digits: _Digits) -> _Found | None:
    return _checked_both(digits) or _code(digits)


def _read_36(digits: _Digits) -> _Found | None:
    return _checked(digits) if _crc_fits(digits) else _checked_both(digits) or _checked(digits)


_BY_LENGTH: dict[int, Callable[[_Digits], _Found | None]] = {
    12: _code,
    16: _entity,
    20: _code,
    24: _code,
    28: _read_28,
    32: _read_32,
    36: _read_36,
    40: _both_plain,
    44: _both_with_crc,
    48: _both_plain,
    52: _both_with_crc,
}
"""What bare hexadecimal digits are, by their number (ZigBee: codes of 6, 8, 12 or 16 bytes)."""
