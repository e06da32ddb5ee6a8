"""The simulated GSME: joins, its ZigBee clusters, and a clock that is set from the hub's."""

from datetime import datetime
from typing import Any

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType, TimeStatus
from hht.gbcs.message import Message
from hht.training.devices.asn1_fields import members, only
from hht.training.devices.base import Reply
from hht.training.devices.credentials import DeviceKeys
from hht.training.devices.joining import JoiningDevice


class Gsme(JoiningDevice):
    """A GSME."""

    def __init__(self, entity_id: EntityId, keys: DeviceKeys, log_limit: int = 16) -> None:
        super().__init__(DeviceType.GSME, entity_id, keys, log_limit)
        self.time_status = TimeStatus.UNRELIABLE
        self.handlers["gas-clock"] = self._set_clock

    def state(self) -> dict[str, Any]:
        return super().state() | {"time_status": int(self.time_status)}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self.time_status = TimeStatus(state["time_status"])

    def _set_clock(self, command: Message, now: datetime) -> Reply:
        """GCS28: take the hub's time if it lies in the validity interval."""
        start, end = members(only(command.payload, der.SEQUENCE), 2)
        valid = start.time <= now <= end.time
        self.time_status = TimeStatus.RELIABLE if valid else TimeStatus.UNRELIABLE
        answer = der.sequence(der.generalized_time(now), der.integer(self.time_status))
        return Reply(der.encode_node(answer))
