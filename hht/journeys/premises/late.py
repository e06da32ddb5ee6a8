"""Devices that have answered after a silence and so seem to sleep; known for all of a job."""

from collections.abc import Iterable

from hht.entity_id import EntityId
from hht.store import Store

_NAME = "late"


def late_devices(store: Store, job_id: int) -> set[EntityId]:
    """Return the Devices of a job that have answered after a silence, on any visit."""
    kept = store.journeys.load(job_id, _NAME) or {}
    return set(map(EntityId.parse, kept.get("devices", ())))


def keep_late(store: Store, job_id: int, devices: Iterable[EntityId]) -> None:
    """Keep which Devices have answered after a silence."""
    store.journeys.save(job_id, _NAME, {"devices": sorted(map(str, devices))})
