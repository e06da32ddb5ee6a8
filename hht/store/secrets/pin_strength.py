"""Whether a PIN is fit to be one, and what it would cost to guess it from a copy of the file."""

import re
import unicodedata
from datetime import datetime
from itertools import pairwise

from hht.spans import counted
from hht.store.errors import WrongPin

SHORTEST_PIN = 6  # a million PINs, and each wrong one costs a longer wait
_RINGS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz")
_COLUMNS = "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"
_ROWS = (*(ring * 2 for ring in _RINGS), "135790246", "2468013579", "024681", _COLUMNS)
_KNOWN = frozenset(
    [
        *("password", "passwort", "pass", "letmein", "welcome", "changeme", "secret", "admin"),
        *("root", "login", "user", "test", "default", "iloveyou", "hello", "monkey", "dragon"),
        *("football", "liverpool", "arsenal", "chelsea", "sunshine", "princess", "charlie"),
        *("trustno", "spring", "summer", "autumn", "winter", "london", "england", "engineer"),
        *("meter", "smartmeter", "qazwsx", "zaqxsw", "qwaszx", "zaq12wsx", "112358", "5201314"),
    ]
)
_SEPARATORS = re.compile(r"[\W_]+")
_FOR_SIGNS = str.maketrans("@$", "as")  # before what separates is left out
_FOR_LETTERS = str.maketrans("40135", "aoies")
# Rows, columns and diagonals of three keys, the same on a telephone as on a number pad.
_LINES = frozenset(
    part
    for line in ("123", "456", "789", "147", "258", "369", "159", "357")
    for part in (line, line[::-1])
)
_STEPS = (1, 2, 3, 4, 5, 10)
_LONGEST_COUNTED = 4  # digits: years
_DATES = ("%Y%m%d", "%d%m%Y", "%m%d%Y")
_YEARS = range(1900, 2100)
_FEWEST_DIFFERENT = 3  # with two, few PINs are left to guess
# A thief's computer beside this one: sixteen cores as fast as ours, for a round figure.
_THIEFS_CORES = 16
_HOUR, _DAY, _YEAR = 3600, 86400, 365 * 86400


def check_pin(pin: str) -> None:
    """Raise WrongPin, with what to choose instead, for a PIN that would be guessed first."""
    if len(pin.strip()) < SHORTEST_PIN:
        raise WrongPin(
            f"A PIN needs {SHORTEST_PIN} characters or more",
            remedy="Choose a longer one; a passphrase is better still.",
        )
    if is_trivial(pin):
        raise WrongPin(
            "The PIN is one of those that are tried first",
            remedy="Choose one that is no pattern and no date; a passphrase is better still.",
        )


def is_trivial(pin: str) -> bool:
    """Return whether it is one of those that are tried first.

    A repetition, a sequence, a row or lines of the keys, numbers counted out, a date of eight
    digits or a well-known word.
    """
    text = _SEPARATORS.sub("", unicodedata.normalize("NFKC", pin).lower().translate(_FOR_SIGNS))
    if len(set(text)) < _FEWEST_DIFFERENT or _repeats(text) or _climbs(text):
        return True
    parts = re.findall(r"\d+|\D+", text)
    return (
        _is_rows(text[::2], text[1::2])  # 112233, 192837, 1q2w3e
        or (len(parts) <= 2 and _is_rows(*parts))  # 987654, qwerty1, abc123
        or _is_rows(text)  # 1qaz2wsx
        or (text[::3] == text[1::3] == text[2::3] and _is_rows(text[::3]))  # 111222333
        or _is_lines(text)
        or _counts(text)
        or _counts(text[::-1])
        or _is_date(text)
        or _is_known(text)
    )


def _repeats(text: str) -> bool:
    """Return whether it is a part of at most half its length, again and again: 121212, 123123."""
    return any(
        text == (text[:length] * len(text))[: len(text)] for length in range(1, len(text) // 2 + 1)
    )


def _climbs(text: str) -> bool:
    """Return whether every character is as far from the one before: 123456, 864209, fedcba."""
    digits = text.isdecimal()
    steps = {
        (ord(after) - ord(before)) % 10 if digits else ord(after) - ord(before)
        for before, after in pairwise(text)
    }
    return len(steps) == 1 and (digits or abs(steps.pop()) <= 1)


def _is_rows(*parts: str) -> bool:
    """Return whether each part is one key again and again, or a piece of a row, either way."""
    return all(
        len(set(part)) == 1 or any(part in row or part[::-1] in row for row in _ROWS)
        for part in parts
    )


def _is_lines(text: str) -> bool:
    """Return whether it is lines of three keys, one after another: 147258, 159357, 123654."""
    lines = {text[at : at + 3] for at in range(0, len(text), 3)}
    return lines <= _LINES


def _counts(text: str) -> bool:
    """Return whether it is three or more numbers that count up: 246810, 101112, 010203."""
    longest = min(len(text) // 3, _LONGEST_COUNTED)
    return text.isdecimal() and any(
        _counted(text, length, step).startswith(text)
        for length in range(1, longest + 1)
        for step in _STEPS
    )


def _counted(text: str, length: int, step: int) -> str:
    """Write the numbers that follow the first one of the text, `length` digits or more each."""
    first = int(text[:length])
    last = first + step * len(text)
    return "".join(f"{number:0{length}}" for number in range(first, last, step))


def _is_date(text: str) -> bool:
    """Return whether its eight digits are a date that somebody may have lived through: 20261126."""
    if len(text) != len("YYYYMMDD") or not text.isdecimal():
        return False
    for form in _DATES:
        try:
            if datetime.strptime(text, form).year in _YEARS:
                return True
        except ValueError:
            continue
    return False


def _is_known(text: str) -> bool:
    """Return whether it is a well-known word, with figures around it or in place of letters."""
    stem = text.strip("0123456789")
    return not {text, stem, stem.translate(_FOR_LETTERS)}.isdisjoint(_KNOWN)


def cost_of_guessing(pin: str, seconds_a_try: float) -> str:
    """Say what guessing the PIN from a stolen copy would take, in words.

    `seconds_a_try` is what one try costs this machine. A copy knows no waits and no wipe.
    """
    seconds = _combinations(pin) / 2 * seconds_a_try / _THIEFS_CORES
    kind = "digits" if pin.isdecimal() else "characters"
    advice = "" if seconds > _YEAR else " A passphrase of five words or more would withstand it."
    return (
        f"Whoever copies the file can try PINs without waiting: {len(pin)} {kind} like these fall"
        f" within {_in_words(seconds)} on {_THIEFS_CORES} cores.{advice}"
    )


def cost_with_tpm(most: int, wait: str) -> str:
    """Say what guessing the PIN would take where a TPM has a part of the key."""
    return (
        "Whoever copies the file cannot try a single PIN without this machine's TPM, which takes"
        f" {most} wrong ones and then one each {wait}."
    )


def _combinations(pin: str) -> float:
    """Return how many there are of its length and kinds of character.

    A passphrase counts by its words.
    """
    words = pin.split()
    if len(words) > 1:
        return 2000.0 ** len(words)  # words that come to somebody's mind
    kinds = (
        (str.isdecimal, 10),
        (str.islower, 26),
        (str.isupper, 26),
    )
    size = sum(count for test, count in kinds if any(map(test, pin)))
    size += 0 if pin.isalnum() else 30
    return float(max(size, 10)) ** min(len(pin), 64)


def _in_words(seconds: float) -> str:
    if seconds < 2 * _HOUR:
        return counted(max(1, round(seconds / 60)), "minute")
    if seconds < 2 * _DAY:
        return counted(round(seconds / _HOUR), "hour")
    if seconds < 2 * _YEAR:
        return counted(round(seconds / _DAY), "day")
    years = seconds / _YEAR
    return counted(round(years), "year") if years < 1000 else "more than a thousand years"
