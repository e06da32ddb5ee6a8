"""What is wrong with a job: a code, where, what, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

REMEDIES: Mapping[str, str] = {
    "unreadable-pack": "Ask for the pack again.",
    "missing-file": "Ask for the pack again; it lists a file that it does not hold.",
    "duplicate-file": "Ask for the pack again; nobody can say which of the two is meant.",
    "duplicate-command": "Leave one of the two out: a Device takes a counter once.",
    "wrong-hub": "Ask for the Local Commands of this job's hub.",
    "pre-command": "Have it signed and sent as command variant 6 or 7, and pack what comes back.",
    "not-a-command": "Pack the Local Command itself; there is nothing to deliver in this.",
    "unreadable-command": "Get the file again from the supplier.",
    "counters-fall": "Deliver in the order in which the Commands were made.",
    "missing-add": "Ask for its CCS01, or mark the Device as joined in the pack.",
    "missing-join": "Ask for the Join that is not in the pack.",
    "wrong-device-type": "Ask for a CCS01 with the Device's own type.",
    "wrong-install-code": "Ask for a CCS01 with the Device's own Install Code.",
    "order": "Put what is needed first before it.",
    "swapped-hub": "Exchange CHF and GPF in the pack.",
    "unknown-device": "Add the Device to the pack, or leave the Command out.",
    "no-profile": "Give the job another hub profile, or bring the file back.",
    "expired": "Ask for a pack that is still valid.",
    "mpxn-check": "Compare the number with the order.",
    "surplus-file": "Ask whether it belongs to this job.",
    "unknown-name": "Compare it with docs/job-pack.md: what it says is left out.",
    "no-read-back": "Ask for a read of the logs (CCS05, CCS06, CS07): it proves the outcome.",
}
WARNINGS = frozenset({"mpxn-check", "surplus-file", "unknown-name", "no-read-back"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault; `where` names the file, `what` the Device or the Command."""

    code: str
    where: str
    what: str

    @property
    def severity(self) -> str:
        """ "error", or "warning" where the job can be done all the same."""
        return "warning" if self.code in WARNINGS else "error"

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return REMEDIES[self.code]
