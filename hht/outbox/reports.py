"""Reports (SR 8.14.x): drafts that become items of the outbox."""

from hht.duis.request_id import RequestId
from hht.entity_id import EntityId
from hht.outbox.compose813 import dcc, idempotency_key, return_item
from hht.store import ReturnState, Store
from hht.store.repositories.drafts import not_in_state


def draft_report(
    store: Store, service: str, body: bytes, *, originator: EntityId, job_id: int | None = None
) -> int:
    """Keep a report (the Body element of an SR 8.14.x) that may still change; its number."""
    request_id = RequestId(originator, dcc(), 0)
    return store.drafts.add(service, str(request_id), body, job_id=job_id)


def finalise_report(store: Store, return_id: int) -> None:
    """Fix a draft's key and RequestID: from here on it is sent as it is, once."""
    item = return_item(store, return_id)
    if item.row.state is not ReturnState.DRAFT:
        raise not_in_state(return_id, "a draft")
    draft = RequestId.parse(item.row.request_id)
    key = idempotency_key(f"{item.row.service} report {return_id}", item.xml)
    with store.transaction() as change:
        counter = store.returns.next_counter(change)
        request_id = str(RequestId(draft.originator, draft.target, counter))
        store.drafts.make_ready(change, return_id, key=key, request_id=request_id, counter=counter)
