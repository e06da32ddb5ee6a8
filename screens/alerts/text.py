"""Alerts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.catalogue import text

if TYPE_CHECKING:
    from hht.journeys.premises.alerts import AlertLine
    from screens.visit.device_names import Names


def alert_title(alert: AlertLine, names: Names) -> str:
    """Name an Alert: `CHF Device Log: ESME joined`; else as GBCS does, beside its code."""
    if alert.about is None:
        return alert.beside_code
    log, device = names.short(alert.device), names.short(alert.about.device)
    return text(f"alert.log_{alert.about.change}", log=log, device=device)
