"""A job that is begun on the handheld, without a pack: scanning fills it."""

from hht.duis.job.head import PackVisit
from hht.duis.job_pack import JobPack
from hht.entity_id import EntityId


def walk_in_pack(
    reference: str,
    title: str = "Begun on site",
    premises: str = "",
    mode: str | None = None,
    originator: EntityId | None = None,
) -> JobPack:
    """Make the empty pack of such a job; its hub and Devices are known once they are scanned.

    `originator` is the supplier that sends the status update, None where another job says it.
    """
    return JobPack(
        reference=reference,
        title=title,
        premises=premises,
        hub_gpf=None,
        hub_chf=None,
        profile="",
        mode=mode,
        devices=(),
        commands=(),
        visit=PackVisit({}, originator),
    )
