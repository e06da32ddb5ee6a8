"""The HHT that a job was opened with, so that it can be named where no dongle is plugged in."""

from hht.entity_id import EntityId
from hht.store import Store

_NAME = "handheld"


def handheld_of(store: Store, job_id: int) -> EntityId | None:
    """Return the HHT with which a job was opened last; None where that was not kept."""
    kept = store.journeys.load(job_id, _NAME)
    return EntityId.parse(kept["entity_id"]) if kept else None


def keep_handheld(store: Store, job_id: int, hht: EntityId | None) -> None:
    """Keep which HHT it is, where it is another than before; nothing where that is not known."""
    if hht and handheld_of(store, job_id) != hht:
        store.journeys.save(job_id, _NAME, {"entity_id": str(hht)})
