"""What an Alert's code says became of a task, beside what its content says."""

from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.spans import Line, code, say

CARRIED_OUT, NOT_CARRIED_OUT = 0x8F66, 0x8F67
NOT_TRANSFERRED, TRANSFERRED = 0x8F89, 0x8F8A
_SUCCESSES = (CARRIED_OUT, TRANSFERRED)
_FAILURES = (NOT_CARRIED_OUT, NOT_TRANSFERRED)


def outcome_told(parsed: ParsedMessage, done: bool, words: Line) -> Line:
    """Return the words for what an Alert's content says was done, or not.

    Or that its code denies it.
    """
    number = alert_code(parsed)
    if number in (_FAILURES if done else _SUCCESSES):
        said = "failure" if done else "success"
        spoken = code(f"{said} ({number:04X})", number)
        contradiction = "The Alert contradicts itself: its code says {}, its content: {}"
        return say(contradiction, spoken, words.uncapital())
    return words


def alert_code(parsed: ParsedMessage) -> int | None:
    """Return the code in the payload of an ASN.1 Alert; None where there is none."""
    found = parsed.element.find("Alert Code") if parsed.element else None
    return found.value if found and isinstance(found.value, int) else None
