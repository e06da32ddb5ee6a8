"""A Device that keeps a Device Log of its own: everything but the CHF."""

from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.message import MalformedMessage, Message, read_headers
from hht.simulator.devices.core.asn1_fields import identifier, only
from hht.simulator.devices.core.credentials import DeviceKeys
from hht.simulator.devices.core.device import AlertDraft, Device, Refusal, Reply
from hht.simulator.devices.core.join_log import LOG_ENTRIES, NEEDS_KEY, DeviceLog, JoinRequest
from hht.simulator.devices.core.maintenance import Maintenance

JOINED_SM_HAN = 0x8183


class JoiningDevice(Device):
    """A Device with the join, unjoin and read use cases, and the Device Log."""

    def __init__(
        self, kind: DeviceType, entity_id: EntityId, keys: DeviceKeys, log_limit: int = LOG_ENTRIES
    ) -> None:
        super().__init__(kind, entity_id, keys)
        self.device_log = DeviceLog(kind, log_limit)
        self.maintenance = Maintenance(self)
        self.parts["device_log"] = self.device_log
        self.handlers |= {
            "join": self._join,
            "unjoin": self._unjoin,
            "read-joins": self._read_joins,
        }

    def wants_key(self, raw: bytes) -> JoinRequest | None:
        """Return the join for which this Command makes the Device get a key; None where it is none.

        It is none either where the Device refuses the Command, or the join no matter who answers.
        """
        try:
            code = read_headers(raw).message_code
            if code not in NEEDS_KEY:
                return None
            command, _ = self._authenticate(raw)
            request = JoinRequest.decode(command.payload)
        except (MalformedMessage, Refusal):
            return None
        return None if self.device_log.objection(code, request) else request

    def joined_han(self, now: datetime) -> list[bytes]:
        """Return what the Device sends when it has joined the SM HAN."""
        return [self.alert(AlertDraft(JOINED_SM_HAN, signed=False), now)]

    def log_changed(self) -> tuple[AlertDraft, ...]:
        """Return the alerts after a change of the Device Log; only a GPF has one."""
        return ()

    def _join(self, command: Message, now: datetime) -> Reply:
        request = JoinRequest.decode(command.payload)
        before = dict(self.device_log.entries)
        result = self.device_log.join(command.message_code, request)
        return self._after(before, der.encode_node(der.integer(result)))

    def _unjoin(self, command: Message, now: datetime) -> Reply:
        other = identifier(only(command.payload, der.OCTET_STRING))
        before = dict(self.device_log.entries)
        result = self.device_log.unjoin(other)
        return self._after(before, der.encode_node(der.integer(result)))

    def _read_joins(self, command: Message, now: datetime) -> Reply:
        only(command.payload, der.NULL)
        return Reply(self.device_log.read())

    def _after(self, before: dict[EntityId, DeviceType], payload: bytes) -> Reply:
        changed = before != self.device_log.entries
        return Reply(payload, self.log_changed() if changed else ())
