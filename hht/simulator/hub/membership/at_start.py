"""The hub and its Devices as a scenario has them at its beginning: their logs and the radio."""

import os
from collections.abc import Callable
from datetime import timedelta

from hht.entity_id import EntityId
from hht.simulator.devices.fleet import Fleet
from hht.simulator.devices.types.chf import Chf
from hht.simulator.site.record import Site

_STRANGER = b"\x00\xdb"
"""The first octets of identifiers in the simulator, so that a stranger looks like any Device."""
_CODE_LENGTH = 16  # octets: the longest Install Code of ZigBee


def log_strangers(chf: Chf, site: Site) -> None:
    """Enter as many unknown Devices in the CHF Device Log as the scenario wants."""
    for _ in range(site.spec.hub.log_entries):
        stranger = EntityId(_STRANGER + os.urandom(6))
        chf.device_log.add(stranger, os.urandom(_CODE_LENGTH))


def log_partners(fleet: Fleet, site: Site) -> None:
    """Enter in each other's Device Log those that work together from the beginning."""
    for device in site.devices:
        for label in device.spec.works_with:
            pair = (device.type, device.entity_id), site.named(label)
            for (_, one), (kind, other) in (pair, pair[::-1]):
                if one in fleet.joining:
                    fleet.joining[one].device_log.entries[other] = kind


def prepare_radio(chf: Chf, site: Site, longest_sleep: Callable[[], timedelta]) -> None:
    """Give the CHF what a sub-GHz scan finds, and how long those sleep that it has to warn."""
    radio, hub = chf.radio, site.spec.hub
    radio.quieter = hub.quieter_channel if hub.quieter_channel >= 0 else None
    radio.scans_with_hht = hub.scans_with_hht
    radio.wake_up = longest_sleep
