"""What cannot be answered, scanned or reported on a visit now: each refusal in one line."""

from collections.abc import Sequence
from typing import TypeGuard

from hht.duis.visit_questions import Question
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.journeys.install.answers import Given, Source
from hht.journeys.install.doubts import Doubt
from hht.journeys.install.scanning import Scanned, refusal_of
from hht.store import JobRow, ReturnRow, ReturnState


class InstallRefused(HhtError):
    """An answer or a report that cannot be made now."""

    code = "HHT-07"


def is_device(kind: str, hub: Given | None) -> bool:
    """Return whether a stranger's label may be a Device's, by its word for it.

    Without one only once the `hub` was seen by its own label: it may be another hub.
    """
    return kind not in ("", "CHF", "GPF") or (hub is not None and hub.source is Source.SEEN)


def refuse_wrong(
    scanned: Scanned,
    job: JobRow,
    *,
    wants_hub: bool = False,
    is_filled: bool = False,
    kind: str = "",
) -> None:
    """Refuse a label that cannot be what was meant; see `refusal_of`."""
    if refusal := refusal_of(scanned, job, is_filled=is_filled, wants_hub=wants_hub, kind=kind):
        label = scanned.label
        where = str(label.entity_id or label.order or "label")
        raise InstallRefused(refusal[0], where=where, remedy=refusal[1])


def refuse_unready(lacking: Sequence[Question], doubts: Sequence[Doubt]) -> None:
    """Refuse a status update before every question is answered and every doubt settled."""
    if lacking:
        what, remedy = "The status update cannot be made yet", "Answer this first."
        raise InstallRefused(what, where=lacking[0].text, remedy=remedy)
    if doubts:
        raise InstallRefused(doubts[0].what, where=doubts[0].question, remedy=doubts[0].remedy)


def is_queued(report: ReturnRow | None) -> TypeGuard[ReturnRow]:
    """Return whether a visit's status update is made: a draft is none yet."""
    return report is not None and report.state is not ReturnState.DRAFT


def refuse_reported(report: ReturnRow | None) -> None:
    """Refuse what would change a status update that is queued already."""
    if is_queued(report):
        raise InstallRefused(
            "The status update of this visit is queued already",
            where=f"item {report.id}",
            remedy="See it under To return.",
        )


def need_supplier(supplier: EntityId | None, job: JobRow) -> EntityId:
    """Return the supplier, or refuse where none is known."""
    if supplier is None:
        raise InstallRefused(
            "Nobody says which supplier sends the status update",
            where=job.reference,
            remedy="Ask for the job with its 'originator'.",
        )
    return supplier


def refuse_second_gpf(job: JobRow, entity: EntityId) -> None:
    """InstallRefused where the job knows its hub's GPF: this is another one."""
    if job.hub_gpf is not None:
        raise InstallRefused(
            f"This is not the GPF of the job's hub {job.hub_gpf}",
            where=str(entity),
            remedy="Check job and hub.",
        )
