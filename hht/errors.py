"""The one error a person sees: what happened, where, and what to do, on one line."""

from collections.abc import Sequence
from typing import ClassVar


class HhtError(Exception):
    """A failure with its one clear line.

    `what` says what is wrong, `where` names the file, device or address (may be empty),
    `remedy` says what to do next. `str()` is the whole line; it never holds a secret. `word` is a
    lower layer's own one for it, which the line has and `what` has not.
    """

    code: ClassVar[str] = "HHT-01"
    """What an engineer reads out on the phone; a class without its own has its parent's."""

    exit_code: ClassVar[int] = 1

    word: str = ""

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = on_one_line(what)  # it may quote what came in
        super().__init__(self.what)
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f"{on_one_line(self.where)}: " if self.where else ""
        advice = f" {self.remedy}" if self.remedy else ""
        return f"{place}{self.said}{advice}"

    @property
    def said(self) -> str:
        """What is wrong as a sentence, with a lower layer's word for it: for the help desk."""
        word = f" ({self.word})" if self.word else ""
        return f"{sentence(self.what).rstrip('.')}{word}."


def on_one_line(name: str) -> str:
    """Write out what no line can show of a name: line ends, other control characters."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in name)


def refused_by_system(error: OSError) -> HhtError:
    """Return what the system refused, and where: a full disk, a folder that is a file."""
    return HhtError(
        f"The system refused this ({error.strerror or error})",
        where=str(error.filename or ""),
        remedy="Check the name, the permissions and the room on the disk.",
    )


_BEGINNINGS = ("a", "an", "it", "no", "not", "the", "there", "these", "this", "what")


def sentence(what: str) -> str:
    """Return what is wrong as a sentence of its own: it may be meant to go on one, too.

    A name that it begins with is left as it is: names of files and settings have small letters.
    """
    return what[:1].upper() + what[1:] if what.partition(" ")[0] in _BEGINNINGS else what


class InputError(HhtError):
    """The work never began: what was given can't be read (a wrong file, a malformed message)."""

    code = "HHT-02"

    exit_code = 2


class InputFaults(InputError):
    """Several faults of one input; `str()` has a line for each."""

    def __init__(self, faults: Sequence[InputError]) -> None:
        first = faults[0]
        super().__init__(first.what, where=first.where, remedy=first.remedy)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))
