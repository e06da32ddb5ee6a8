"""Octets that hold text: read in any language, their padding taken off, on one line."""

import json
import re
from unicodedata import category

from hht.entity_id import EntityId
from hht.gbcs.explain.amounts import hex_in_words
from hht.spans import Part, entity, quote, say

_PADDING = "\x00 "
BLANK = b"\x00 \r\n\t"
"""What shows nothing where it is all there is."""

_MPAN = 13  # figures of an MPAN core
_NAME_LENGTH = 8  # octets of a model's name before its Entity Identifier
_CUT_OFF = "unexpected end of data"  # of a UTF-8 character, of which a Device's buffer has a part
_CUT_HERE = "…"
_SIGNS = {"\n": "↵", "\r": "↵", "\t": " ", "\x00": "␀"}
_PICTURES, _PRINTED = 0x2400, 0x20
_LEVELS = ("output", "input")
_DELETE, _PICTURE_OF_DELETE = 0x7F, "␡"
_SPACE = "Zs"
"""Unicode's category of spaces: those of other widths are shown as the plain one."""

_JOINERS = "\u200c\u200d"
"""Between letters of Persian and Indian words, and within emoji; they have no width."""

_CAPITAL = re.compile("([A-Z])")
_MOST_CONTROLS = 4
"""Octets are no text where more than one sign in so many is a control character."""

_CONTROL = "Cc"

_LEGACY = "cp1252"
"""What Windows and old meters write where they do not write UTF-8."""


def text_in_words(octets: bytes) -> str:
    """Return the text in quotes; hexadecimal where the octets are no text."""
    text = read_text(octets)
    if text is None:
        return hex_in_words(octets) or "empty"
    return f'"{text}"' if text else "empty"


def mpan_in_words(octets: bytes) -> Part:
    """Read one MPAN of 13 figures, or those of two elements one after the other.

    What is no text is in hexadecimal, which is said: it may look like figures.
    """
    text = octets.decode("latin-1")
    if len(text) == 2 * _MPAN and text.isascii() and text.isdecimal():
        return say("{} and {}", quote(f'"{text[:_MPAN]}"'), quote(f'"{text[_MPAN:]}"'))
    if not octets.strip(BLANK):
        return f"blank ({len(octets)} bytes)"
    words = text_in_words(octets)
    return quote(words) if octets.isascii() and words.startswith('"') else _no_text(octets)


def _no_text(octets: bytes) -> str:
    return f"no text: {hex_in_words(octets)}"


def model_in_words(octets: bytes) -> Part:
    """Read a text, or of 16 octets one of 8 and the Device's Entity Identifier."""
    name, identifier = octets[:_NAME_LENGTH], octets[_NAME_LENGTH:]
    if len(octets) != 2 * _NAME_LENGTH or looks_like_text(identifier) or not looks_like_text(name):
        return quote(text_in_words(octets))
    return say("{} of {}", quote(text_in_words(name)), entity(EntityId(identifier)))


def read_text(octets: bytes) -> str | None:
    """Return the text without its padding; None where the octets are no text.

    Signs that are not printed are written out: marks of direction as many as there are, control
    characters as long as most of the others are none.
    """
    for decode in (_as_utf_8, _as_legacy):
        try:
            shown = _on_one_line(decode(octets))
        except UnicodeDecodeError:
            continue
        controls = sum(category(sign) == _CONTROL for sign in shown)
        return escaped(shown) if controls <= len(shown) // _MOST_CONTROLS else None
    return None


def _as_utf_8(octets: bytes) -> str:
    """Decode; where the octets end within a character, all before it."""
    try:
        return octets.decode("utf-8").strip(_PADDING)
    except UnicodeDecodeError as error:
        whole = octets[: error.start]
        if error.reason != _CUT_OFF or whole.isascii():
            raise  # a single sign above ASCII at the end may as well be of another code
        return f"{whole.decode('utf-8').lstrip(_PADDING)}{_CUT_HERE}"


def _as_legacy(octets: bytes) -> str:
    return octets.decode(_LEGACY).strip(_PADDING)


def escaped(text: str) -> str:
    """Return the text with every sign that a terminal obeys, or does not show, written out.

    Control characters as their pictures (U+2400), all others, such as those that turn the direction
    of writing, by number: `<U+202E>`.
    """
    if text.isprintable():
        return text
    return "".join(_written_out(sign) if _is_unseen(sign) else sign for sign in text)


def is_printed(text: str) -> bool:
    """Return whether a terminal shows every sign of it, and obeys none."""
    return text.isprintable() or not any(map(_is_unseen, text))


def state_in_words(octets: bytes) -> str | None:
    """Return the state of an auxiliary controller in words, which it sends as a JSON object.

    None where the octets are none: `{"outputState": 100, "other-data": "A"}` is
    `output 100 %, other data A`.
    """
    try:
        state = json.loads(octets)
    except (ValueError, RecursionError):
        return None
    if not isinstance(state, dict):
        return None
    said = (
        f"{_key_in_words(key)} {_value_in_words(value)}{_unit_of(key, value)}"
        for key, value in state.items()
        if value != ""
    )
    return escaped(", ".join(said)) or "nothing"


def _key_in_words(key: str) -> str:
    words = _CAPITAL.sub(r" \1", key).replace("-", " ").replace("_", " ").lower().strip()
    return words.removesuffix(" state") or '""'


def _unit_of(key: str, value: object) -> str:
    """Return the unit of a level, which is given in per cent of the most."""
    is_level = _key_in_words(key) in _LEVELS and str(value).strip().isdecimal()
    return " %" if is_level else ""


def _value_in_words(value: object) -> str:
    if isinstance(value, str):
        return value.strip() or "empty"
    return json.dumps(value, ensure_ascii=False)


def _is_unseen(sign: str) -> bool:
    return not (sign.isprintable() or sign in _JOINERS)


def _written_out(sign: str) -> str:
    number = ord(sign)
    if category(sign) == _SPACE:
        return " "
    if number == _DELETE:
        return _PICTURE_OF_DELETE
    return chr(_PICTURES + number) if number < _PRINTED else f"<U+{number:04X}>"


def looks_like_text(octets: bytes) -> bool:
    """Return whether octets of no known meaning are printable ASCII, two at least, padding
    apart."""
    bare = octets.strip(b"\x00 ")
    return len(bare) > 1 and bare.isascii() and bare.decode("ascii").isprintable()


def _on_one_line(text: str) -> str:
    """Write line ends as a sign of their own: what is shown is always one line."""
    joined = text.replace("\r\n", "\n")
    return "".join(_SIGNS.get(sign, sign) for sign in joined).replace("↵", " ↵ ").strip()
