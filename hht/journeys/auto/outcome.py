"""How a visit without a person ended: its outcome in a word, and its Summary."""

from collections.abc import Collection, Sequence

from hht.journeys.events import Summary
from hht.journeys.plan.later_outcomes import failed_later
from hht.journeys.visit import Visit
from hht.store import CommandRow
from hht.store.command_states import has_arrived, is_done


def outcome_of(rows: Sequence[CommandRow], failed_later: Collection[int] = ()) -> str:
    """Say "complete" when every Local Command is answered and its Response kept.

    "failed" when none was delivered, else "incomplete"; so it is where the ids of some are in
    `failed_later`: accepted, and not carried out when their time came.
    """
    if all(is_done(row.state) and row.captured for row in rows) and not failed_later:
        return "complete"
    return "incomplete" if any(has_arrived(row.state) for row in rows) else "failed"


def summary_of(visit: Visit, scenario: str, seconds: float) -> Summary:
    """Sum up a visit, as at its end; `seconds` is how long it took."""
    view, captures = visit.view, visit.captures()
    counts, later = view.counts, failed_later(view.commands, captures)
    return Summary(
        scenario=scenario,
        outcome=outcome_of(view.commands, later),
        delivered=counts.delivered,
        answered=counts.answered,
        failed=counts.failed + len(later),
        unknown=counts.unknown,
        captures=len(captures),
        returns=len({capture.return_id for capture in captures} - {None}),
        reports=visit.reports,
        uncaptured=counts.uncaptured,
        seconds=round(seconds, 3),
    )
