"""The state of hub, HHT, air and Devices, as the trainer sees it."""

import json
from itertools import chain
from typing import Any

from hht.entity_id import EntityId
from hht.simulator.air.air import Air
from hht.simulator.hub.hub import Hub
from hht.simulator.pauses import is_paused
from hht.simulator.site.record import UNIT_DISPLAY, Site, SiteDevice

_LOG_LINES = 3
"""Of each Device: what the last Command left behind, without sending the whole log each second."""


def status_of(hub: Hub, air: Air, site: Site) -> dict[str, Any]:
    """Describe hub, HHT, air and Devices, for JSON; times in seconds of the premises' clock.

    `window_seconds_left` is null for a hub without a limit.
    """
    left = hub.window_seconds_left
    return {
        "scenario": site.spec.name,
        "time": hub.clock.now().isoformat(timespec="seconds"),
        "speed": hub.clock.speed,
        "paused": is_paused(site.run_dir),
        "power": hub.has_power,
        "wan": hub.wan,
        "window_seconds_left": None if left is None else round(left),
        "hht": _hht(hub, site),
        "air": _air(hub, air, site),
        "log_entries": len(hub.premises.chf.device_log.entries),
        "log_limit": hub.profile.device_log_limit,
        "for_hht": hub.tunnels.waiting,
        "worst_delay_ms": round(1000 * max(air.clock.worst_delay, hub.clock.worst_delay)),
        "devices": [_device(hub, device, site) for device in site.devices],
    }


def _hht(hub: Hub, site: Site) -> str:
    """Return how far the HHT has come: "away", "admitted", "joined" or "connected"."""
    if hub.tunnels.owner:
        return "connected"
    if site.hht in hub.node.children:
        return "joined"
    return "admitted" if hub.premises.hhts else "away"


def _air(hub: Hub, air: Air, site: Site) -> dict[str, Any]:
    link = air.link(hub.node.eui64, site.hht)
    return {
        "channel": hub.node.channel,
        "rssi": link.rssi,
        "lqi": link.lqi,
        "loss": link.loss,
        "late": air.late,
        "duplicates": air.duplicates,
        "noise": {str(channel): level for channel, level in sorted(air.interference.items())},
        "frames": air.frames,
    }


def _device(hub: Hub, device: SiteDevice, site: Site) -> dict[str, Any]:
    premises, entity = hub.premises, device.entity_id
    return {
        "label": device.spec.label,
        "type": device.spec.type,
        "entity_id": str(entity),
        "on": entity not in premises.switched_off,
        "in_han": premises.fleet.in_han(entity),
        "sleeps": device.spec.wake_minutes > 0,
        "waiting": premises.waiting_for(entity),
        "log": _last_entries(hub, entity),
        "display": _display(site) if device.spec.as_hht else None,
    }


def _display(site: Site) -> dict[str, Any] | None:
    """Read what the unit shows that lets itself in; None before it shows anything."""
    try:
        return dict(json.loads((site.unit_dir / UNIT_DISPLAY).read_bytes()))
    except (OSError, ValueError):
        return None


def _last_entries(hub: Hub, entity: EntityId) -> list[str]:
    """List the youngest of a Device's security and event log; a Type 2 Device has neither."""
    logs = [(*each.log, *each.events) for each in hub.premises.fleet if each.entity_id == entity]
    entries = sorted(chain(*logs), key=lambda entry: entry.time)
    return [f"{entry.code:04X} {entry.text}" for entry in entries[-_LOG_LINES:]]
