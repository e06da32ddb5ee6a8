"""A hub whose Devices check no MAC and no signature: for rehearsals of jobs made for real Devices.

This is the named switch: `python -m hht.simulator.unchecked --run-dir DIR`. Exercises and served
hubs never start it; nothing but a real Device can tell whether a Command's MAC is right.
"""

import sys
from collections.abc import Mapping

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.simulator.devices.core.credentials import DeviceKeys
from hht.simulator.devices.core.join_log import LOG_ENTRIES
from hht.simulator.devices.fleet import Fleet
from hht.simulator.process import main

PROGRAM = "hht.simulator.unchecked"


class UncheckedFleet(Fleet):
    """Devices that execute what is in order from any sender, and answer with zeros for a MAC."""

    def __init__(
        self,
        chf: EntityId,
        gpf: EntityId,
        others: Mapping[EntityId, DeviceType],
        keys: DeviceKeys,
        chf_log_limit: int = LOG_ENTRIES,
    ) -> None:
        super().__init__(chf, gpf, others, keys, chf_log_limit)
        for device in self:
            device.checks_protection = False


if __name__ == "__main__":
    sys.exit(main(make_fleet=UncheckedFleet))
