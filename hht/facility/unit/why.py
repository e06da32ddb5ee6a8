"""Why a unit does not bring its package to its end, in words for its display."""

from collections.abc import Sequence

from hht.journeys.plan.plan import Plan
from hht.store import CommandRow
from hht.store.command_states import has_reply, is_done

# A Device that has refused a Command has used up its counter: it never accepts the same bytes.
NEW_PACKAGE = "The supplier has to make a new package with this Command."
_NO_RESPONSE = "no Response has come"


def refusal(rows: Sequence[CommandRow]) -> tuple[str, str] | None:
    """Return the first refused Command with its reason, and what helps; None where none was."""
    for row in rows:
        if has_reply(row.state) and not is_done(row.state):
            return f"{row.title}: {row.reason}", NEW_PACKAGE
    return None


def unanswered(rows: Sequence[CommandRow]) -> str:
    """Return the first Command that is still open, and why; empty where none is."""
    for row in Plan(rows).still_open:
        return f"{row.title}: {row.reason or _NO_RESPONSE}"
    return ""
