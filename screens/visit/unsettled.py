"""Local Commands of a visit that the engineer has to settle, the first of them first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hht.journeys.view import VisitView
    from hht.store import CommandRow


def first_unsettled(view: VisitView | None) -> CommandRow | None:
    """Return the first in doubt; else the first whose Response was heard and is not proven."""
    from hht.store import CommandState

    rows = view.commands if view else ()
    heard = (row for row in rows if row.state is CommandState.HEARD)
    return first_doubt(view) or next(heard, None)


def first_doubt(view: VisitView | None) -> CommandRow | None:
    """Return the first Local Command of which it is unknown whether it arrived."""
    from hht.store import CommandState

    rows = view.commands if view else ()
    return next((row for row in rows if row.state is CommandState.UNKNOWN), None)
