"""The simulated CHF: its Device Logs, who may join the SM HAN, and the alert when that changes."""

from collections.abc import Callable, Mapping
from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType, FirmwareTransferResult
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.device_commands import CCS01_DEVICE_TYPES
from hht.gbcs.dlms import Value, octets
from hht.gbcs.dlms.results import AccessResult
from hht.gbcs.errors import MalformedMessage
from hht.simulator.devices.core import alerts
from hht.simulator.devices.core.credentials import DeviceKeys
from hht.simulator.devices.core.device import AlertDraft
from hht.simulator.devices.core.join_log import LOG_ENTRIES
from hht.simulator.devices.core.maintenance import Maintenance
from hht.simulator.devices.cosem.device import CosemDevice
from hht.simulator.devices.cosem.objects import AccessFailed, Call, obis
from hht.simulator.devices.objects_table import fill_cosem
from hht.simulator.devices.types.chf_duty import DutyCycle
from hht.simulator.devices.types.chf_log import ChfLog
from hht.simulator.devices.types.chf_mask import ChannelMask
from hht.simulator.devices.types.chf_radio import SubGhzRadio
from hht.zse.install_code import CODE_LENGTHS

LOG_CHANGED = 0x8F12
_CS14, _CCS08 = 0x0018, 0x0128
_NOT_TRANSFERRED, _TRANSFERRED = 0x8F89, 0x8F8A
_CLASS = 104  # COSEM class of the Device Log (GBCS CCS01)
_LOG, _HISTORIC = obis("0-0:30.3.0.255"), obis("0-0:30.3.1.255")
_LONGEST_JOIN = 3600  # seconds: GBCS lets joining be open for an hour
_INSTALL_CODE = 1
"""The one key type that CCS01 may name."""
_REGISTERED_AS: Mapping[int, DeviceType] = {
    number: DeviceType.__members__.get(name, DeviceType.TYPE_2)
    for number, name in (*CCS01_DEVICE_TYPES.items(), (0xFE, DeviceType.GPF.name))
}
"""What each device type of CCS01 is; IHD and CAD are both Type 2 Devices."""


class Chf(CosemDevice):
    """A CHF, whose Extended PAN ID is the GPF Entity Identifier.

    `premises` are the Devices there are and what they are. A real CHF learns only from the Device
    that it was registered as another type; the simulated one refuses such a Command at once.
    """

    def __init__(
        self, entity_id: EntityId, gpf: EntityId, keys: DeviceKeys, log_limit: int = LOG_ENTRIES
    ) -> None:
        super().__init__(DeviceType.CHF, entity_id, keys)
        self.device_log = ChfLog(bytes(gpf), log_limit)
        self.premises: Mapping[EntityId, DeviceType] = {}
        self.maintenance = Maintenance(self)
        self.duty = DutyCycle(self)
        self.parts["duty"] = self.duty
        self.radio = SubGhzRadio(self, self.device_log, self.duty)
        self.parts["device_log"] = self.device_log
        self.parts["radio"] = self.radio
        self.mask = ChannelMask(self)
        self.parts["mask"] = self.mask
        fill_cosem(self.objects, "C")
        objects, log = self.objects, self.device_log
        objects.readers[1, obis("0-0:96.1.1.255"), 2] = lambda call: octets(entity_id)
        objects.readers[_CLASS, _LOG, 4] = lambda call: log.quality(call.now)
        objects.writers[_CLASS, _LOG, 2] = self._enable_joining
        objects.writers[_CLASS, _LOG, 3] = self._set_join_timeout
        objects.methods[_CLASS, _LOG, 1] = self._changing(self._register)
        objects.methods[_CLASS, _LOG, 2] = self._changing(self._remove)
        objects.methods[_CLASS, _LOG, 4] = lambda call: log.backup(call.now)
        objects.methods[_CLASS, _LOG, 5] = self._changing(self._restore)
        objects.methods[_CLASS, _HISTORIC, 4] = lambda call: log.historic_backup(call.now)

    def tick(self, now: datetime) -> list[bytes]:
        """Do what is due: future-dated Commands, the next step of a sub-GHz scan."""
        return super().tick(now) + self.radio.tick(now)

    def join_key(self, entity: EntityId, now: datetime) -> bytes | None:
        """Return the key with which this Device may join now; None: the Trust Centre refuses it."""
        return self.device_log.join_key(entity, now)

    def admit_hht(self, entity: EntityId, install_code: bytes, now: datetime) -> list[bytes] | None:
        """Enter a Hand Held Terminal; return the alerts, or None where the log is full."""
        if self.device_log.full and entity not in self.device_log.entries:
            return None
        changed = self.device_log.add(entity, install_code, is_hht=True)
        return [self._alert_log(now)] if changed else []

    def device_joined(self, entity: EntityId, link_key: bytes, now: datetime) -> list[bytes]:
        """Note that a Device joined with this Trust Centre link key; return the alerts."""
        changed = self.device_log.joined(entity, link_key)
        return [self._alert_log(now)] if changed else []

    def remove(self, entity: EntityId, now: datetime) -> list[bytes]:
        """Remove a Device from the log, as when an HHT's residency ends; return the alerts."""
        return [self._alert_log(now)] if self.device_log.remove(entity) else []

    def power_cycled(self) -> list[EntityId]:
        """Remove HHTs from the log and close joining, as a power cut does."""
        self.device_log.joining_from = None
        return self.device_log.forget_hhts()

    def firmware_transferred(
        self, device: EntityId, version: bytes, result: FirmwareTransferResult, now: datetime
    ) -> bytes:
        """Build CCS08: whether the transfer of an image to a Device succeeded, for the broker."""
        code = _TRANSFERRED if result is FirmwareTransferResult.SUCCESS else _NOT_TRANSFERRED
        content = der.octets(device), der.octets(version), der.integer(result)

        def payload(counter: int, now: datetime) -> bytes:
            return alerts.asn1(code, now, *content)

        return self.alert(AlertDraft(code, _CCS08, payload, to=Role.ACCESS_CONTROL_BROKER), now)

    def _register(self, call: Call) -> None:
        """Execute method 1, register_device: {EUI64, key type, Install Code, device type}."""
        device, key_type, code, kind = _structure(call.data, 4)
        if len(code.octets) not in CODE_LENGTHS or key_type.number != _INSTALL_CODE:
            raise AccessFailed(AccessResult.TYPE_UNMATCHED)
        entity = _entity(device)
        if not self._may_be(entity, kind.number):
            raise AccessFailed(AccessResult.OTHER_REASON)
        if self.device_log.full and entity not in self.device_log.entries:
            raise AccessFailed(AccessResult.OTHER_REASON)
        self.device_log.add(entity, code.octets)

    def _may_be(self, entity: EntityId, number: int) -> bool:
        """Return whether CCS01 knows that device type, and the Device, where it is here, is one."""
        kind = _REGISTERED_AS.get(number)
        return kind is not None and kind is self.premises.get(entity, kind)

    def _remove(self, call: Call) -> None:
        """Execute method 2, unregister_device: the EUI64."""
        if not self.device_log.remove(_entity(call.data)):
            raise AccessFailed(AccessResult.OTHER_REASON)

    def _restore(self, call: Call) -> None:
        """Execute method 5, restore: {Extended PAN ID, array of {EUI64, key hash}}."""
        extended_pan_id, rows = _structure(call.data, 2)
        pairs = [_structure(row, 2) for row in rows.members]
        if len(pairs) > self.device_log.limit or len(extended_pan_id.octets) != 8:
            raise AccessFailed(AccessResult.OTHER_REASON)
        hashes = {_entity(device): key_hash.octets for device, key_hash in pairs}
        self.device_log.restore_backup(extended_pan_id.octets, hashes)

    def _enable_joining(self, call: Call) -> None:
        if call.data.content:
            self.device_log.open_joining(call.now)
        else:
            self.device_log.joining_from = None

    def _set_join_timeout(self, call: Call) -> None:
        if not 1 <= call.data.number <= _LONGEST_JOIN:
            raise AccessFailed(AccessResult.OTHER_REASON)
        self.device_log.join_timeout = call.data.number

    def _changing(self, method: Callable[[Call], None]) -> Callable[[Call], None]:
        """Wrap a method so that the alert follows when it changed the log."""

        def run(call: Call) -> None:
            before = self.device_log.content
            method(call)
            if before != self.device_log.content:
                self.pending.append(self._log_changed())

        return run

    def _log_changed(self) -> AlertDraft:
        """Build CS14: the whole log, for the Access Control Broker."""

        def payload(counter: int, now: datetime) -> bytes:
            return alerts.dlms(LOG_CHANGED, counter, now, self.device_log.backup(now))

        return AlertDraft(LOG_CHANGED, _CS14, payload, signed=False, to=Role.ACCESS_CONTROL_BROKER)

    def _alert_log(self, now: datetime) -> bytes:
        return self.alert(self._log_changed(), now)


def _structure(value: Value, count: int) -> tuple[Value, ...]:
    if len(value.members) != count:
        raise MalformedMessage(f"the DLMS data is not a structure of {count}")
    return value.members


def _entity(value: Value) -> EntityId:
    if len(value.octets) != 8:
        raise MalformedMessage("an EUI64 is not 8 octets")
    return EntityId(value.octets)
