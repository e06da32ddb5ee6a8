"""What is wrong with a row of a manifest: a code, what, and what to do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hht.duis.job_json import one_line
from hht.label.read import read_label

REMEDIES: Mapping[str, str] = {
    "bad-row": "Correct the row in the manifest.",
    "bad-identity": "Write it as 16 hexadecimal digits, with or without dashes.",
    "duplicate-unit": "Leave one of the rows out.",
    "identity-clash": "Ask the maker which unit has this Entity Identifier.",
    "in-open-batch": "Close or finish the other batch first.",
    "bad-install-code": "Compare it with the maker's list; it has 6, 8, 12 or 16 bytes.",
    "wrong-unit": "Ask the supplier for this unit's own Local Commands.",
    "wrong-install-code": "Ask the supplier for a CCS01 with this unit's own Install Code.",
    "wrong-device-type": "Ask the supplier for a CCS01 that adds a PPMID.",
    "wrong-hub": "Ask the supplier for Local Commands of the row's hub, or correct the row.",
    "wrong-certificate": "Ask the maker for this unit's own certificate.",
    "pre-command": "Ask for the Command that the DCC returned for the Signed Pre-Command.",
    "missing-command": "Ask the supplier for it; without it the unit cannot let itself in.",
    "missing-file": "Put the file where the manifest says, or correct the row.",
    "outside-path": "Put the files into the manifest's folder; paths are relative to it.",
    "shared-commands": "Give each unit a folder of its own.",
    "counters-fall": "Name the files in the order in which the Commands were made.",
    "unreadable-command": "Get the file again from the supplier.",
    "no-certificate": "The unit is held until its certificate is there.",
    "mpxn-check": "Compare it with the order.",
    "install-code-reused": "Ask the maker: a code belongs to one Device.",
}
SHORTEST_CODE, IDENTIFIER = 12, 16  # hexadecimal digits
_LONGEST = 200  # characters of a cell: a path has fewer
_MAY_BE_CODE = re.compile(r"([0-9A-Fa-f][-: ]*){12}")
"""The digits of the shortest Install Code; a label is read only for these, as that is slow."""
WARNINGS = frozenset({"no-certificate", "mpxn-check", "install-code-reused"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of one row; `eui` is the unit's Entity Identifier where it can be read."""

    row: int
    eui: str | None
    code: str
    what: str

    @property
    def severity(self) -> str:
        """ "error", or "warning" where the batch may go on."""
        return "warning" if self.code in WARNINGS else "error"

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES[self.code]


def shown(text: str, digits: int = IDENTIFIER + 1) -> str:
    """Put a cell on one line as it may be shown: an Install Code in it is masked.

    That is what a label's reader knows as one, and any row of so many digits or more, whatever is
    between two of them: dots, bars, the end of a line.
    """
    masked = re.sub(rf"(?:[0-9A-Fa-f][^0-9A-Za-z]{{0,2}}){{{digits},}}", "…", text)
    if len(masked) > _LONGEST:  # without the digits at its end: the rest of a code is no code
        masked = re.sub(r"[^G-Zg-z]*$", "…", masked[:_LONGEST])
    return one_line(read_label(masked).text if _MAY_BE_CODE.search(masked) else masked)
