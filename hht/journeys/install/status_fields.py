"""From the answers of a visit to the fields of its SR 8.14."""

from datetime import datetime

from hht.duis.status_update import (
    ORIGINATOR,
    TARGET,
    VARIANT_FIELD,
    Faults,
    StatusUpdate,
    check_status_update,
    fields_of,
)
from hht.duis.visit_questions import information_of, variant_of
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.journeys.install.answers import Answers
from hht.outbox.compose813 import dcc
from hht.store import JobRow

_INSTALL = {(True, False): "New CHF Install", (True, True): "Replacement CHF Install"}
_NO_WAN_INSTALL = "CHF Install - no SM WAN"


class StatusRefused(HhtError):
    """Answers of which no status update can be made."""

    code = "HHT-08"


def status_update_of(
    answers: Answers, supplier: EntityId, now: datetime, job: JobRow
) -> StatusUpdate:
    """Make the checked status update of these answers; StatusRefused names the answer at fault."""
    others = {each.entity_id for each in job.devices if each.type != "CHF"}
    no_hubs = frozenset(others | ({job.hub_gpf} if job.hub_gpf else set()))
    try:
        return check_status_update(status_fields(answers, supplier, dcc()), now, no_hubs)
    except Faults as faults:
        raise StatusRefused(faults.lines[0], remedy="Correct the answer.") from None
    except ValueError as error:
        raise StatusRefused(str(error), remedy="Make one of the two shorter.") from None


def status_fields(answers: Answers, originator: EntityId, target: EntityId) -> dict[str, object]:
    """Return the fields for `check_status_update`; nothing must be lacking."""
    values = answers.values
    variant = variant_of(values)
    made: dict[str, object] = {
        VARIANT_FIELD: variant,
        ORIGINATOR: str(originator),
        TARGET: str(target),
        **_install_type(variant, replaced=bool(values.get("replaced"))),
    }
    if information := information_of(values):
        made["AdditionalInformation"] = information
    for field in fields_of(variant)[1]:
        if field.name in values:
            made[field.name] = values[field.name]
    return made


def _install_type(variant: str, *, replaced: bool) -> dict[str, object]:
    if variant not in ("8.14.1", "8.14.2"):
        return {}
    return {"CHFInstallType": _INSTALL.get((variant == "8.14.1", replaced), _NO_WAN_INSTALL)}
