"""The simulated GPF: whom it works with, and the alert when that changes."""

from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType, JoinMethod, JoinResult
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.message import Message
from hht.simulator.devices.core import alerts
from hht.simulator.devices.core.asn1_fields import encode, members, only
from hht.simulator.devices.core.credentials import DeviceKeys
from hht.simulator.devices.core.device import AlertDraft, Reply
from hht.simulator.devices.core.join_log import LOG_ENTRIES, JoinRequest, entry_node, read_entry
from hht.simulator.devices.zcl.device import ZclDevice

LOG_CHANGED = 0x8071
_GCS62 = 0x00B2
_METHOD_B = 0x000E


class Gpf(ZclDevice):
    """A GPF."""

    def __init__(self, entity_id: EntityId, keys: DeviceKeys, log_limit: int = LOG_ENTRIES) -> None:
        super().__init__(DeviceType.GPF, entity_id, keys, log_limit)
        self.handlers["restore-gpf-log"] = self._restore

    def log_changed(self) -> tuple[AlertDraft, ...]:
        """Build GCS62: the whole log, for the Access Control Broker."""

        def payload(counter: int, now: datetime) -> bytes:
            rows = (entry_node(*row) for row in self.device_log.entries.items())
            return alerts.asn1(LOG_CHANGED, now, der.sequence(*rows))

        to = Role.ACCESS_CONTROL_BROKER
        return (AlertDraft(LOG_CHANGED, _GCS62, payload, signed=False, to=to),)

    def hear(self, command: Message, now: datetime) -> None:
        """Execute a Command that was sent to a GSME for both of them; there is no Response."""
        self.handlers["zcl"](command, now)

    def _restore(self, command: Message, now: datetime) -> Reply:
        """Execute GCS59: join again with each Device of a lost hub's log, and say how each went."""
        (entries,) = members(only(command.payload, der.SEQUENCE), 1)
        rows = [read_entry(node) for node in entries.children]
        before = dict(self.device_log.entries)
        outcomes = (self._take(*row) for row in rows)
        answer = der.sequence(
            *(
                der.sequence(entry_node(*row), der.integer(outcome))
                for row, outcome in zip(rows, outcomes, strict=True)
            )
        )
        changed = before != self.device_log.entries
        return Reply(encode(der.sequence(answer)), self.log_changed() if changed else ())

    def _take(self, other: EntityId, other_type: DeviceType) -> JoinResult:
        request = JoinRequest(JoinMethod.METHOD_B, other, other_type)
        return self.device_log.join(_METHOD_B, request)
