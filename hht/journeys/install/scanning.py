"""What a scanned label is to a visit: which question it answers, or why it is refused."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from hht.duis.job.device import JobDevice
from hht.entity_id import EntityId
from hht.label import Label, LabelKind
from hht.store import JobRow

_KIND = re.compile(r"\b(CHF|GPF|ESME|GSME|PPMID|HCALCS|IHD|CAD)\b")


class Scan(StrEnum):
    """What a label turned out to be."""

    HUB = "hub"  # the CHF that is asked for
    GPF = "gpf"
    OTHER_HUB = "other-hub"
    DEVICE = "device"  # a Device of the job
    STRANGER = "stranger"  # an Entity Identifier that the job does not know
    CODE = "code"  # an Install Code alone
    METER_POINT = "meter-point"
    ORDER = "order"
    OTHER_ORDER = "other-order"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Scanned:
    """A label on this visit; `question` is the one that it answers with `value`.

    `device` is the Device of the job whose label it is. `warning` does not hinder.
    """

    scan: Scan
    label: Label
    question: str = ""
    value: str = ""
    device: JobDevice | None = None
    warning: str = ""


def kind_in_words(text: str) -> str:
    """Return what a label says that it is of: CHF, GPF or a type of Device.

    Empty where it does not.
    """
    found = _KIND.search(text.upper())
    return found[0] if found else ""


def place_label(label: Label, job: JobRow, visit: str) -> Scanned:
    """Return what a label is on a visit; `visit` is the answer to the question of that name."""
    on_site = {job.hub_chf, job.hub_gpf, *(each.entity_id for each in job.devices)}
    label = label.read_for(on_site)
    if label.kind is LabelKind.UNKNOWN or label.error:
        return Scanned(Scan.UNREADABLE, label)
    if label.mpxn:
        warning = label.warning or ""
        return Scanned(Scan.METER_POINT, label, "MPxN", label.mpxn, warning=warning)
    if label.order:
        is_jobs = label.order.casefold() == job.reference.casefold()
        return Scanned(Scan.ORDER if is_jobs else Scan.OTHER_ORDER, label)
    if label.entity_id is None:
        return Scanned(Scan.CODE, label)
    return _entity(label, label.entity_id, job, visit)


def refusal_of(
    scanned: Scanned, job: JobRow, *, is_filled: bool, wants_hub: bool, kind: str = ""
) -> tuple[str, str] | None:
    """Return what is wrong with a label and what to do; None where it can be what was meant.

    A job without a hub accepts any; one that `is_filled` by scanning also an unknown Device's.
    `kind` is what the label says that it is of.
    """
    label = scanned.label
    if label.other_way is not None:  # the job knows neither half, or both: then it is two labels
        remedy = "Scan one label at a time, or type the Entity Identifier alone."
        return "Either half of this label can be the Entity Identifier", remedy
    if wants_hub and scanned.device is not None:
        return f"This is the label of the {scanned.device.name}", "Scan the hub's CHF."
    if scanned.scan is not Scan.STRANGER:
        return {
            Scan.UNREADABLE: (label.error or "This is no label", "Scan or type it again."),
            Scan.GPF: ("This is the hub's GPF", "Scan the CHF beside it."),
            Scan.OTHER_ORDER: (
                f"This is not the order {job.reference}",
                "Check job and address.",
            ),
        }.get(scanned.scan)
    if job.hub_chf is not None and not is_filled:
        if kind not in ("", "CHF", "GPF"):
            return f"This {kind} is no Device of the job", "Check job and label."
        this = label.entity_id or "This"
        what = f"{this} is not the job's hub {job.hub_chf}, nor a Device of the job"
        return what, "Check job and hub."
    return None


def _entity(label: Label, entity: EntityId, job: JobRow, visit: str) -> Scanned:
    if entity == job.hub_chf:
        return Scanned(Scan.HUB, label, "DeviceID", str(entity))
    if entity == job.hub_gpf:
        return Scanned(Scan.GPF, label)
    device = next((each for each in job.devices if each.entity_id == entity), None)
    if device is None:
        return Scanned(Scan.STRANGER, label)
    if device.type == "ESME" and visit == "fault-return":
        return Scanned(Scan.DEVICE, label, "OtherDeviceID", str(entity), device)
    return Scanned(Scan.DEVICE, label, device=device, warning=_code_warning(label, device))


def with_code(scanned: Scanned) -> JobDevice | None:
    """Return a Device with its label's Install Code, where the job lacked it; else None."""
    device, code = scanned.device, scanned.label.install_code
    if device is None or device.install_code is not None or code is None:
        return None
    return replace(device, install_code=code)


def _code_warning(label: Label, device: JobDevice) -> str:
    """Say where the label has another Install Code than the job pack, and how it was read."""
    given, said = label.install_code, label.warning or ""
    if given is None or device.install_code is None or given == device.install_code:
        return said
    other = f"The Install Code of {device.name} is another one than the job's"
    return "; ".join(filter(None, (said, other)))
