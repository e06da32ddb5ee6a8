"""The simulated GSME: joins, its ZigBee clusters, and a clock that is set from the hub's."""

from dataclasses import dataclass
from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType, TimeStatus
from hht.gbcs.message import Message
from hht.simulator.devices.core.asn1_fields import encode, members, only
from hht.simulator.devices.core.credentials import DeviceKeys
from hht.simulator.devices.core.device import Reply
from hht.simulator.devices.core.join_log import LOG_ENTRIES
from hht.simulator.devices.zcl.device import ZclDevice


@dataclass(slots=True)
class GasClock:
    """How good a GSME holds its clock to be; unreliable until it is set."""

    status: TimeStatus = TimeStatus.UNRELIABLE

    def state(self) -> int:
        """Return the status, for JSON."""
        return int(self.status)

    def restore(self, state: int) -> None:
        """Restore what `state()` returned."""
        self.status = TimeStatus(state)


class Gsme(ZclDevice):
    """A GSME."""

    def __init__(self, entity_id: EntityId, keys: DeviceKeys, log_limit: int = LOG_ENTRIES) -> None:
        super().__init__(DeviceType.GSME, entity_id, keys, log_limit)
        self.clock = GasClock()
        self.parts["clock"] = self.clock
        self.handlers["gas-clock"] = self._set_clock

    def clock_status(self) -> int:
        """Return whether the clock was ever set."""
        return int(self.clock.status)

    def _set_clock(self, command: Message, now: datetime) -> Reply:
        """Execute GCS28: set the hub's time if it is in the validity interval."""
        start, end = members(only(command.payload, der.SEQUENCE), 2)
        valid = start.time <= now <= end.time
        self.clock.status = TimeStatus.RELIABLE if valid else TimeStatus.UNRELIABLE
        answer = der.sequence(der.generalized_time(now), der.integer(self.clock.status))
        return Reply(encode(answer))
