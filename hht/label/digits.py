"""The hexadecimal digits of a label, however grouped, and where each is in its text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from hht.label.kinds import MASK

EUI_DIGITS = 16  # hexadecimal digits of an EUI-64
_CODE_DIGITS = 12
"""As many digits as the shortest Install Code has (ZigBee); fewer decimal ones are a date."""

_SECRET_DIGITS = 8
"""With letters among them fewer are masked, too: an Install Code that is damaged is two runs."""

_FULL_WIDTH: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES: dict[int, int | str] = dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0x00AD), "-")
_SPACES: dict[int, int | str] = dict.fromkeys(
    (0x00A0, *range(0x2000, 0x200C), 0x202F, 0x2060, 0x3000, 0xFEFF), " "
)
_PLAIN = _FULL_WIDTH | _DASHES | _SPACES
"""What keyboards and printers write for ASCII, one character for one."""

_UNDERSCORED = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{2,8}(?:_[0-9A-Fa-f]{2,8})+(?![0-9A-Za-z])")
"""Groups as in A1A2_A3A4; an underscore beside a longer one parts two things."""

_AIM = re.compile(r"\s*\][A-Za-z][0-9A-Za-z]")
_DIGIT = "[0-9A-Fa-f]"
RUN = rf"{_DIGIT}(?:[-:. \t\r\n]{{0,2}}{_DIGIT})*(?![0-9A-Za-z])"
"""Hexadecimal digits with at most two signs between any two of them."""

_BEGINS = "(?<![0-9A-Za-z])" + "".join(
    rf"(?<![-:.][0-9A-Za-z]{{{count}}}[-:.])" for count in range(1, 6)
)
"""Neither in the middle of a word nor of grouped digits of which one is unreadable."""

_RUN = re.compile(rf"{_BEGINS}(?:0[xX])?({RUN})")
_PART = re.compile(rf"(?<![0-9A-Za-z]){_DIGIT}(?:[-:. \t\r\n]{{0,2}}{_DIGIT})*")
_WORD = re.compile(r"[0-9A-Za-z]+(?:[-:.][0-9A-Za-z]+|_[0-9A-Za-z]{2,8}(?![0-9A-Za-z]))*")
_GROUP = re.compile(r"(?<![0-9A-Za-z])(?:(?=[0-9A-Za-z]*[0-9])[0-9A-Za-z]+|[A-F]+)(?![0-9A-Za-z])")
_LETTERS = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]+(?![0-9A-Za-z])")
_SHORT_WORDS = ("AREA", "CODE", "DATE", "DO", "IC", "ME", "OF")
_LONGEST_GROUP = 4  # letters beside one another in a code that is printed in groups
_DAMAGED = r"(?=[0-9A-Zl]*[0-9])[0-9A-Zl]{2,4}"
_DAMAGED_BEFORE = re.compile(rf"(?<![0-9A-Za-z]){_DAMAGED}[-:. \t]{{1,2}}$")
_DAMAGED_AFTER = re.compile(rf"[-:. \t]{{1,2}}{_DAMAGED}(?![0-9A-Za-z])")
_EUI = rf"(?:{_DIGIT}{{2}}[-:. ]?){{7}}{_DIGIT}{{2}}(?![-:.]?[0-9A-Za-z])"
EUI_HERE, EUI_ANYWHERE = re.compile(_EUI), re.compile(_BEGINS + _EUI)
"""Eight pairs that no ninth follows directly."""


@dataclass(frozen=True, slots=True)
class Digits:
    """Hexadecimal digits of a label and where each of them is in its text."""

    digits: str = field(repr=False)
    places: tuple[int, ...]

    def __getitem__(self, part: slice) -> "Digits":
        return Digits(self.digits[part], self.places[part])

    def __len__(self) -> int:
        return len(self.digits)

    @property
    def raw(self) -> bytes:
        """The octets; the number of digits must be even."""
        return bytes.fromhex(self.digits)


def plain_text(text: str) -> str:
    """Write a label in ASCII as far as it goes, without a scanner's AIM identifier; as long."""
    plain = text.translate(_PLAIN)
    plain = _UNDERSCORED.sub(lambda groups: groups[0].replace("_", "-"), plain)
    if aim := _AIM.match(plain):
        plain = " " * aim.end() + plain[aim.end() :]
    return plain


def digits_in(plain: str, start: int, end: int) -> Digits:
    """Take every hexadecimal digit from `start` to `end`."""
    places = tuple(at for at in range(start, end) if plain[at] in "0123456789abcdefABCDEF")
    return Digits("".join(plain[at] for at in places), places)


def runs_in(plain: str) -> list[Digits]:
    """Return every run of digits that is as long as a run can be, without `0x` before it."""
    return [digits_in(plain, *match.span(1)) for match in _RUN.finditer(plain)]


def may_be_secret(plain: str) -> list[int]:
    """Return every place that may belong to an Install Code, also to one with wrong signs in it."""
    found = (
        digits_in(plain, *match.span())
        for pattern in (_PART, _WORD)
        for match in pattern.finditer(plain)
    )
    return [
        place
        for each in found
        if len(each) >= (_CODE_DIGITS if each.digits.isdecimal() else _SECRET_DIGITS)
        and not each.digits.isalpha()
        for place in each.places
    ]


def may_be_damaged(plain: str) -> list[int]:
    """Return every place that may belong to an Install Code of which a group has wrong letters in
    it.

    Those are the groups with a digit in them, or of hexadecimal capitals alone.
    """
    found = may_be_secret(plain)
    groups = [at for match in _GROUP.finditer(plain) for at in range(*match.span())]
    return found + groups if found else []


def is_beside_damage(plain: str, run: Digits) -> bool:
    """Return whether a group with a wrong letter in it is directly before or after grouped
    digits."""
    if run.places[-1] - run.places[0] < len(run):
        return False
    before, after = plain[: run.places[0]], plain[run.places[-1] + 1 :]
    return bool(_DAMAGED_BEFORE.search(before) or _DAMAGED_AFTER.match(after))


def without(plain: str, taken: Iterable[int]) -> str:
    """Return the text with these places made unreadable; as long."""
    hidden = set(taken)
    return "".join("|" if at in hidden else each for at, each in enumerate(plain))


def in_words(text: str) -> set[int]:
    """Return the places of words: letters of which so many are no hexadecimal digits that they are
    no damaged group of an Install Code either."""
    words = (match for match in _LETTERS.finditer(text) if _is_word(match[0].upper()))
    return {at for match in words for at in range(*match.span())}


def _is_word(letters: str) -> bool:
    strange = sum(each > "F" for each in letters)
    is_mostly = len(letters) > 2 and 2 * strange >= len(letters)
    return letters in _SHORT_WORDS or is_mostly or (strange > 0 and len(letters) > _LONGEST_GROUP)


def masked(text: str, secret: Iterable[int]) -> str:
    """Return the text with these places masked, where they are in no word."""
    hidden = set(secret) - in_words(text)
    return "".join(MASK if at in hidden else each for at, each in enumerate(text))
