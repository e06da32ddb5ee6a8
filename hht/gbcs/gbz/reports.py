"""What a GBZ component says became of each command or attribute that it answers."""

from typing import NamedTuple

from hht.gbcs.gbz.fields import (
    READ_ATTRIBUTES_RESPONSE,
    Field,
    answered_name,
    decode_fields,
)
from hht.gbcs.gbz.payload import Component
from hht.gbcs.gbz.statuses import ZclStatus
from hht.gbcs.gbz.zcl_types import ZclValue

_READS = "Get "


class Report(NamedTuple):
    """One status: of an attribute, or of the command with the name.

    `is_of_read` says that it answers a read, for which `not found` is no failure.
    """

    status: ZclValue
    is_of_read: bool
    attribute: ZclValue = None
    command: str = ""

    @property
    def found_nothing(self) -> bool:
        """Whether a read was carried out, and there was nothing to give."""
        return self.is_of_read and self.status == ZclStatus.NOT_FOUND

    @property
    def is_failure(self) -> bool:
        """Whether it was not carried out."""
        return self.status != ZclStatus.SUCCESS and not self.found_nothing


def reports_of(component: Component) -> list[Report]:
    """Return each status of a default response or of attribute records; none of other frames."""
    frame = component.frame
    if not frame.is_foundation:
        return []
    fields = decode_fields(component.cluster, frame)
    records = [field.members for field in fields if field.members] or [fields]
    each = [{field.name: field for field in record} for record in records]
    return [_report(component, record) for record in each if "status" in record]


def _report(component: Component, record: dict[str, Field]) -> Report:
    status = record["status"].value
    if "attribute" in record:
        is_read = component.frame.command == READ_ATTRIBUTES_RESPONSE
        return Report(status, is_read, attribute=record["attribute"].value)
    number = record["command"].value if "command" in record else None
    name = ""
    if isinstance(number, int):
        name = answered_name(component.cluster, component.frame, number)
    return Report(status, name.startswith(_READS), command=name)
