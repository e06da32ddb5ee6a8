"""What cannot be done yet, or no longer: the failure, and the checks before a delivery."""

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.store import CommandRow


class NotReady(HhtError):
    """What was asked for cannot be done yet, or not any more."""

    code = "HHT-04"


def refuse_blocked(row: CommandRow, hindered: str | None) -> None:
    """Refuse with NotReady what something else comes before; `hindered` says what."""
    if hindered is not None:
        raise NotReady(hindered, where=row.title, remedy="Deliver what comes before it.")


def refuse_other_hub(row: CommandRow, jobs_hub: EntityId | None, hub: EntityId | None) -> None:
    """Refuse with NotReady to deliver to another hub than the job's."""
    if jobs_hub not in (None, hub):
        raise NotReady(
            f"This Local Command is for hub {jobs_hub}, not for {hub}",
            where=row.title,
            remedy="Connect to the job's hub.",
        )
