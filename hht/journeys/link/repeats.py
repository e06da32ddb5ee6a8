"""Whether a hub may send again what it has sent to the HHT before."""

from hht.errors import HhtError
from hht.hub_profile import DEFAULT, load_profile
from hht.journeys.journal import JOURNEY
from hht.store import JobRow, Store


def hub_may_repeat(store: Store, job: JobRow) -> bool:
    """Return whether connecting again may bring a job's Responses that were sent and not kept.

    Only where the HHT has not left the hub, and the job's profile says that such a hub repeats in
    a new tunnel, which is a guess. A profile of one's own that is not there any more says nothing.
    """
    if store.journeys.load(job.id, JOURNEY) is None:
        return False
    try:
        return load_profile(job.profile or DEFAULT).repeats_in_new_tunnel
    except HhtError:
        return False
