"""The trainer's levers: a scenario's faults, pulled by hand, and what each of them asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hht.errors import InputError
from hht.simulator.hub.faults import FAULTS
from hht.simulator.site.spec import Fault, SiteSpec

OFF = "off"
_CUT_SECONDS = 10.0
_BY = ("trainer", "trainee")


@dataclass(frozen=True, slots=True)
class Pull:
    """One pull at a lever. `off` puts back what an earlier pull has done."""

    fault: Fault
    off: bool
    by: str


def read_pull(request: Mapping[str, Any], site: SiteSpec) -> Pull:
    """{"lever", "value", "seconds", "channel", "by"} as a pull; InputError says what is wrong.

    `value` is a Device's label, a level, or "off", as the lever needs it; `seconds` are the
    premises', 0 until it is put back.
    """
    what, value = str(request.get("lever", "")), str(request.get("value") or "")
    if what not in FAULTS:
        raise InputError(f"There is no lever {what!r}", remedy=f"Use one of {', '.join(FAULTS)}.")
    seconds = _number(request.get("seconds") or 0, 0, 86400, "seconds")
    if what == "power-cut":
        seconds = seconds or _CUT_SECONDS
    off = value == OFF and FAULTS[what].needs != "device"
    fault = Fault(
        what=what,
        duration=seconds,
        device=_device(what, value, site),
        channel=_channel(what, request, site),
        level=0 if off else _level(what, value),
        commands=site.job.steps if what == "wan-returns" and value == "all" else (),
    )
    by = str(request.get("by", _BY[0]))
    return Pull(fault, off, by if by in _BY else _BY[0])


def _device(what: str, value: str, site: SiteSpec) -> str:
    if FAULTS[what].needs != "device":
        return ""
    labels = [device.label for device in site.devices]
    if value not in labels:
        raise InputError(f"There is no Device {value!r} here", remedy=f"Say {', '.join(labels)}.")
    return value


def _channel(what: str, request: Mapping[str, Any], site: SiteSpec) -> int:
    if what != "noise":
        return 0
    channel = request.get("channel") or site.hub.place.channel
    return int(_number(channel, 11, 26, "the channel"))


def _level(what: str, value: str) -> float:
    kind = FAULTS[what]
    return _number(value, kind.low, kind.high, "the level") if kind.needs == "level" else 0


def _number(value: object, low: float, high: float, name: str) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        raise InputError(f"{name} is {value!r}", remedy=f"It must be from {low:g} to {high:g}.")
    return number
