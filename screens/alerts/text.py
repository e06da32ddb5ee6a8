"""Alerts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hht.texts import text

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.journeys.premises.alerts import AlertLine
    from screens.visit.device_names import Names


def alert_title(alert: AlertLine, names: Names) -> str:
    """Name an Alert: `CHF Device Log: ESME joined`; else as GBCS does, beside its code."""
    about = alert.about
    if about is None:
        return alert.beside_code
    return change_title(alert.device, about.device, about.change, names)


def change_title(log: EntityId, device: EntityId, change: str, names: Names) -> str:
    """Name an Alert by what became of a Device in a log: `CHF Device Log: ESME joined`."""
    return text(f"alert.log_{change}", log=names.short(log), device=names.brief(device))
