"""Whether the trail ends where its anchor says: the comparison that needs no key."""

from enum import StrEnum

from hht.store.audit.anchor import Anchor
from hht.store.sqlite.database import Database

_AT = "SELECT mac FROM audit WHERE id = ?"
# Each change ends with an entry that has rows; those an older hht has made have none.
_CHANGES_AFTER = "SELECT COUNT(*) FROM audit WHERE id > ? AND rows IS NOT NULL"


class Fit(StrEnum):
    """How a trail and its anchor fit."""

    HOLDS = "holds"  # it ends there, or one change later: the power went between the two
    NEW = "new"  # nothing was anchored yet
    NOT_CHECKED = "not checked"  # training data, or no place where an anchor can be kept
    MISSING = "missing"  # the anchor is gone, or this is another machine
    OLDER = "older copy"  # the trail does not reach the anchor, or another one does
    STALE = "stale"  # the anchor is changes behind: it was put back, or could not be written


def fit_of(database: Database, anchor: Anchor | None) -> Fit:
    """Compare the trail with its anchor."""
    if anchor is None:
        return Fit.NOT_CHECKED
    held = anchor.read()
    if held is None or not held.entries:
        return _without_head(database, anchor)
    mac = database.value(_AT, (held.entries,))
    if mac is None or mac.hex() != held.head:
        return Fit.OLDER
    behind = database.value(_CHANGES_AFTER, (held.entries,))
    return Fit.HOLDS if behind <= 1 else Fit.STALE


def _without_head(database: Database, anchor: Anchor) -> Fit:
    if not database.value(_CHANGES_AFTER, (0,)):
        return Fit.NEW
    return Fit.MISSING if anchor.can_be_kept else Fit.NOT_CHECKED
