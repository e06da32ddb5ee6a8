"""What hexadecimal digits are by their number: an Entity Identifier, an Install Code, or both."""

from collections.abc import Callable
from dataclasses import replace

from hht.entity_id import EntityId
from hht.label.digits import EUI_DIGITS, Digits
from hht.label.kinds import Label, LabelKind
from hht.zse.install_code import CODE_LENGTHS, crc

_CRC_DIGITS = 4  # hexadecimal digits of a CRC-16
_CODE_DIGITS = tuple(2 * length for length in CODE_LENGTHS)
_WRONG_OR_NONE = (
    "16 digits are a code of 8 bytes without check digits, or one of 6 whose check digits do not"
    " fit: compare them"
)
_CODE_OR_BOTH = (
    "28 digits are an Entity Identifier and a code of 6 bytes, or one of 12 whose check digits do"
    " not fit: compare them"
)
Found = tuple[Label, tuple[int, ...]]
"""A label and the places of its Install Code's digits."""


def labelled(
    eui: Digits | None, code: Digits | None, *, has_crc: bool | None = None
) -> Found | None:
    """Put together what a label names as its Entity Identifier and its Install Code.

    `has_crc` says whether the code has its check bytes, where its length leaves that open.
    """
    if eui is None and code is None:
        return None
    if code is None:
        assert eui is not None
        return entity_label(eui)
    label, secret = code_label(code, has_crc=has_crc)
    if eui is None:
        return label, secret
    entity, _ = entity_label(eui)
    return _both(entity, label), secret + (eui.places if entity.error else ())


def _both(entity: Label, code: Label) -> Label:
    return Label(
        LabelKind.BOTH,
        entity_id=entity.entity_id,
        install_code=code.install_code,
        install_code_ok=code.install_code_ok,
        warning=code.warning,
        error=entity.error or code.error,
    )


def entity_label(digits: Digits) -> Found:
    """Read an Entity Identifier."""
    if len(digits) != EUI_DIGITS:
        error = f"An Entity Identifier has {EUI_DIGITS} hexadecimal digits, this has {len(digits)}"
        return Label(LabelKind.UNKNOWN, error=error), digits.places
    return Label(LabelKind.ENTITY_ID, entity_id=EntityId(digits.raw)), ()


def code_label(digits: Digits, *, has_crc: bool | None = None) -> Found:
    """Read an Install Code: with its check bytes where the length, or their fit, says so.

    Of 16 digits whose last do not fit `has_crc` says what they are; None is not known.
    """
    may_be_checked = len(digits) - _CRC_DIGITS in _CODE_DIGITS
    may_be_plain = len(digits) in _CODE_DIGITS
    if may_be_checked and (has_crc or not may_be_plain or crc_fits(digits)):
        return _checked(digits)
    if may_be_plain:
        warning = _WRONG_OR_NONE if may_be_checked else None
        label = Label(LabelKind.INSTALL_CODE, install_code=digits.raw, warning=warning)
        return label, digits.places
    error = f"An Install Code has 12, 16, 24 or 32 digits and 4 more to check, not {len(digits)}"
    return Label(LabelKind.INSTALL_CODE, error=error), digits.places


def damaged_code(digits: Digits) -> Found:
    """Refuse what is left of an Install Code that has wrong letters in it."""
    error = "A letter that is no hexadecimal digit is in the Install Code: scan or type it again"
    return Label(LabelKind.INSTALL_CODE, error=error), digits.places


def _checked(digits: Digits) -> Found:
    fits = crc_fits(digits)
    error = None if fits else "The Install Code's check digits do not fit: scan or type it again"
    label = Label(
        LabelKind.INSTALL_CODE,
        install_code=digits.raw[:-2] if fits else None,
        install_code_ok=fits,
        error=error,
    )
    return label, digits.places


def crc_fits(digits: Digits) -> bool:
    """Return whether the last four digits are the check bytes of the others.

    An even number of digits.
    """
    return crc(digits.raw[:-2]) == digits.raw[-2:]


def is_code_length(digits: Digits) -> bool:
    """Return whether an Install Code has as many digits, with its check bytes or without."""
    return len(digits) in _CODE_DIGITS or len(digits) - _CRC_DIGITS in _CODE_DIGITS


def is_surely_code(digits: Digits) -> bool:
    """Return whether these digits, without a word for them, can be nothing but an Install Code."""
    return is_code_length(digits) and (crc_fits(digits) or len(digits) > EUI_DIGITS + _CRC_DIGITS)


def bare_label(digits: Digits) -> Found | None:
    """Read digits without any word; None where no label has as many."""
    reader = _BY_LENGTH.get(len(digits))
    return reader(digits) if reader else None


def _eui_first(digits: Digits) -> tuple[Digits, Digits]:
    return digits[:EUI_DIGITS], digits[EUI_DIGITS:]


def _checked_both(digits: Digits) -> Found | None:
    """Read Entity Identifier and code in the order in which the code's check bytes fit."""
    for eui, code in (_eui_first(digits), (digits[-EUI_DIGITS:], digits[:-EUI_DIGITS])):
        if crc_fits(code):
            return labelled(eui, code)
    return None


def _both_plain(digits: Digits) -> Found | None:
    return labelled(*_eui_first(digits))


def _both_with_crc(digits: Digits) -> Found | None:
    return _checked_both(digits) or _both_plain(digits)


def _read_28(digits: Digits) -> Found | None:
    if crc_fits(digits) or not (found := _both_plain(digits)):
        return _checked(digits)
    label, secret = found
    return replace(label, warning=_CODE_OR_BOTH), secret


def _read_32(digits: Digits) -> Found | None:
    return _checked_both(digits) or code_label(digits)


def _read_36(digits: Digits) -> Found | None:
    return _checked(digits) if crc_fits(digits) else _checked_both(digits) or _checked(digits)


_BY_LENGTH: dict[int, Callable[[Digits], Found | None]] = {
    12: code_label,
    16: entity_label,
    20: code_label,
    24: code_label,
    28: _read_28,
    32: _read_32,
    36: _read_36,
    40: _both_plain,
    44: _both_with_crc,
    48: _both_plain,
    52: _both_with_crc,
}
"""What bare hexadecimal digits are, by their number (ZigBee: codes of 6, 8, 12 or 16 bytes)."""
