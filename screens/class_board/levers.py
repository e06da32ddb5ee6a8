"""The six levers that a trainer has over a seat's hub, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hht.texts import text


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever: the fault it injects with which value; `off` where a second pull ends it."""

    fault: str
    value: str = ""
    is_switch: bool = False


GAS_METER = "GSME"
METER_OFF, METER_ON, WAN = "device-off", "device-on", "wan-returns"
LEVERS = (
    Lever("power-cut"),
    Lever("window-closed"),
    Lever("noise", "-45", is_switch=True),
    Lever("drop-frames", "0.5", is_switch=True),
    Lever(METER_OFF),
    Lever(WAN, "all"),
)
"""More would make a second cockpit of it; `hht hub watch --tui` has every fault on a key."""


def lever_words(lever: Lever, status: Mapping[str, Any]) -> str:
    """Say what a lever does; where there is no gas meter, which Device it switches off."""
    found = _meter(status) if lever.fault == METER_OFF else None
    if found is None or found[1] == GAS_METER:
        return text(f"lever.{lever.fault}")
    return text("lever.other-device-off", device=found[1])


def pulled(lever: Lever, status: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the fault and its value that a pull means in the hub's present state.

    None where it means nothing.
    """
    if lever.fault == METER_OFF:
        return _meter(status)
    if lever.fault not in status.get("faults", ()):
        return lever.fault, lever.value
    if lever.fault == WAN:  # it does not go away, and the head-end sends nothing twice
        return None
    return lever.fault, "off" if lever.is_switch else lever.value


def _meter(status: Mapping[str, Any]) -> tuple[str, str] | None:
    """Switch the gas meter off or on again; the first Device where there is none."""
    devices = status.get("devices") or []
    meter = next((each for each in devices if each["label"] == GAS_METER), None)
    meter = meter or (devices[0] if devices else None)
    if meter is None:
        return None
    return (METER_OFF if meter["on"] else METER_ON), str(meter["label"])


def is_pulled(lever: Lever, status: Mapping[str, Any]) -> bool:
    """Return whether what it does is in force."""
    if lever.fault == METER_OFF:
        found = _meter(status)
        return found is not None and found[0] == METER_ON
    return lever.fault in status.get("faults", ())
