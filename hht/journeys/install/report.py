"""From a checked status update to the draft that the outbox keeps, and who sends it."""

from hht.duis.request_id import RequestId
from hht.duis.status_update import StatusUpdate
from hht.entity_id import EntityId
from hht.outbox.reports import draft_report
from hht.store import JobRow, ReturnRow, Store


def draft_of_visit(
    store: Store, job_id: int, update: StatusUpdate, earlier: ReturnRow | None = None
) -> ReturnRow:
    """Keep the status update of a visit as a draft; an `earlier` draft of it is brought up to date.

    A draft of another service, left by a killed program before an answer was changed, is replaced.
    """
    body = update.body.encode()
    if earlier is not None and earlier.service == update.variant:
        store.drafts.edit(earlier.id, body)
        return earlier
    if earlier is not None:
        store.drafts.discard(earlier.id)
    originator = update.originator
    number = draft_report(store, update.variant, body, originator=originator, job_id=job_id)
    return store.returns.content(number).row


def supplier_of(store: Store, job: JobRow) -> EntityId | None:
    """Return the supplier: who sent the job's first request, else who the job says.

    A job that was begun on the handheld says nothing: its supplier is that of the newest job that
    does, for a handheld belongs to one supplier. None where there is none.
    """
    found = _named_by(store, job)
    others = (other for other in store.jobs.all() if other.id != job.id)
    return found or next((each for other in others if (each := _named_by(store, other))), None)


def _named_by(store: Store, job: JobRow) -> EntityId | None:
    commands = store.commands.of_job(job.id)
    if commands:
        return RequestId.parse(commands[0].request_id).originator
    return job.visit.originator if job.visit else None
