"""A Device that speaks GBZ: GSME and GPF."""

from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.encryption import close_part
from hht.gbcs.gbz import ZclFrame
from hht.gbcs.gbz.statuses import ZclStatus
from hht.gbcs.message import Message
from hht.simulator.devices.core.credentials import DeviceKeys
from hht.simulator.devices.core.device import FORMAT_CHECK_FAILED, Refusal, Reply
from hht.simulator.devices.core.join_log import LOG_ENTRIES
from hht.simulator.devices.core.joinable import JoiningDevice
from hht.simulator.devices.core.rules import rules
from hht.simulator.devices.objects_table import fill_zcl
from hht.simulator.devices.zcl.objects import Answer, ZclObjects

_METERING, _FIRMWARE_VERSION, _OCTET_STRING_4 = 0x0702, 0x0206, b"\x41\x04"
_PRICE, _DEVICE_MANAGEMENT, _EVENTS = 0x0700, 0x0708, 0x0709
_PUBLISH_BILLING_PERIOD, _GET_BILLING_PERIOD = 0x09, 0x0B
_PUBLISH_BLOCK_PERIOD, _CLEAR_LOG, _LOG_CLEARED = 0x01, 0x01, 0x02
_CHANGE_OF_TENANCY = 0x00
_GENERAL_EVENT_LOG = 3  # Log ID of the Events cluster (ZSE)


class ZclDevice(JoiningDevice):
    """A Device with clusters, and the Commands that store what they bring or give it back."""

    def __init__(
        self, kind: DeviceType, entity_id: EntityId, keys: DeviceKeys, log_limit: int = LOG_ENTRIES
    ) -> None:
        super().__init__(kind, entity_id, keys, log_limit)
        self.objects = ZclObjects()
        self.parts["objects"] = self.objects
        self.event_logs = set(range(1, 6))
        fill_zcl(self.objects, {DeviceType.GSME: "G", DeviceType.GPF: "F"}[kind])
        self.handlers["zcl"] = self._zcl
        self.objects.keep(_PRICE, _PUBLISH_BILLING_PERIOD)
        self.objects.keep(_PRICE, _PUBLISH_BLOCK_PERIOD)
        self.objects.keep(_DEVICE_MANAGEMENT, _CHANGE_OF_TENANCY)
        self.objects.commands[_PRICE, _GET_BILLING_PERIOD] = self._billing_period
        self.objects.commands[_EVENTS, _CLEAR_LOG] = self._clear_log

    def _zcl(self, command: Message, now: datetime) -> Reply:
        rule = rules()[command.message_code]

        def cipher(plaintext: bytes) -> bytes:
            z = self.credentials.shared_secret(self.entity_id, command.originator)
            if z is None:
                raise Refusal(FORMAT_CHECK_FAILED, f"no key to encrypt for {command.originator}")
            device, party = self.entity_id, command.originator
            return close_part(plaintext, z, command.counter, device, party)

        version = self.maintenance.firmware.version
        self.objects.attributes[_METERING, _FIRMWARE_VERSION] = _OCTET_STRING_4 + version
        payload = self.objects.respond(command.payload, rule.form, now, cipher)
        if payload is None:
            raise Refusal(FORMAT_CHECK_FAILED, f"the Command is not of the form of {rule.name}")
        return Reply(payload)

    def _billing_period(self, frame: ZclFrame, now: datetime) -> Answer:
        kept = self.objects.kept.get((_PRICE, _PUBLISH_BILLING_PERIOD))
        if kept is None:
            return Answer(ZclStatus.NOT_FOUND)
        return Answer(command=_PUBLISH_BILLING_PERIOD, payload=kept)

    def _clear_log(self, frame: ZclFrame, now: datetime) -> Answer:
        """Clear Event Log: the log's number; the answer has one bit for each log cleared."""
        if len(frame.payload) != 1:
            return Answer(ZclStatus.MALFORMED_COMMAND)
        number = frame.payload[0] & 0x0F
        cleared = 1 << number if number in self.event_logs else 0
        if number == _GENERAL_EVENT_LOG:
            self.events.clear()
        return Answer(command=_LOG_CLEARED, payload=bytes([cleared]))
