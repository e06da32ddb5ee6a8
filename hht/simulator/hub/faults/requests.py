"""A trainer's request for a fault, checked against the premises."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hht.errors import InputError
from hht.simulator.hub.faults.kinds import FAULTS, FaultKind
from hht.simulator.site.spec import Fault, SiteSpec

OFF = "off"
_LONGEST = 86400
"""Seconds: a fault for more than a day is one without an end."""
_BY = ("trainer", "trainee")


@dataclass(frozen=True, slots=True)
class FaultRequest:
    """A fault to inject, or with `off` to revert."""

    fault: Fault
    off: bool
    by: str


def read_fault_request(request: Mapping[str, Any], site: SiteSpec) -> FaultRequest:
    """Read {"fault", "value", "seconds", "channel", "by"}; InputError says what is wrong.

    `value` is a Device's label, a level, "all" Commands, or "off", as the fault needs it; `seconds`
    are the premises', 0 until it is reverted.
    """
    what, value = str(request.get("fault", "")), str(request.get("value") or "")
    if what not in FAULTS:
        raise InputError(f"There is no fault {what!r}", remedy=f"Use one of {', '.join(FAULTS)}.")
    kind = FAULTS[what]
    off = value == OFF and kind.needs != "device"
    fault = Fault(
        what=what,
        duration=_number(request.get("seconds") or 0, 0, _LONGEST, "seconds") or kind.seconds,
        device=_device(kind, value, site),
        channel=_channel(kind, request.get("channel") or 0, site, off=off),
        level=0 if off else _level(kind, value),
        commands=site.job.steps if kind.needs == "commands" and value == "all" else (),
    )
    by = str(request.get("by", _BY[0]))
    return FaultRequest(fault, off, by if by in _BY else _BY[0])


def _device(kind: FaultKind, value: str, site: SiteSpec) -> str:
    if kind.needs != "device":
        return ""
    labels = [device.label for device in site.devices]
    if value not in labels:
        raise InputError(f"There is no Device {value!r} here", remedy=f"Say {', '.join(labels)}.")
    return value


def _channel(kind: FaultKind, channel: object, site: SiteSpec, *, off: bool) -> int:
    """Return the channel asked for, else the hub's; 0, any channel, for one that ends."""
    if not kind.on_channel or (off and not channel):
        return 0
    return int(_number(channel or site.hub.place.channel, 11, 26, "the channel"))


def _level(kind: FaultKind, value: str) -> float:
    return _number(value, kind.low, kind.high, "the level") if kind.needs == "level" else 0


def _number(value: object, low: float, high: float, name: str) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        raise InputError(f"{name} is {value!r}", remedy=f"It must be from {low:g} to {high:g}.")
    return number
