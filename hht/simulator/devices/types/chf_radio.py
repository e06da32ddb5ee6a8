"""The sub-GHz side of a dual-band CHF: configuration, scan requests and their alerts (DBCH01-11).

Source: GBCS DBCH01-DBCH11 as the reference messages show them; triggers and statuses as the DUIS
message mapping names them, numbered in its order.
"""

from datetime import datetime
from enum import IntEnum

from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.dlms import Tag, Value, octets, structure
from hht.gbcs.dlms.results import AccessResult
from hht.simulator.devices.core import alerts
from hht.simulator.devices.core.device import AlertDraft
from hht.simulator.devices.cosem.device import CosemDevice
from hht.simulator.devices.cosem.objects import AccessFailed, Call, obis
from hht.simulator.devices.types.chf_log import ChfLog

_DATA = 1
_CONFIGURATION = (_DATA, obis("0-0:94.44.10.0"), 2)
_SCAN = (_DATA, obis("0-0:94.44.10.1"), 2)
_CONFIGURATION_FIELDS = 15
_LIMITED, _CHANNEL_CHANGED, _SCAN_OUTCOME = 0x8F20, 0x8F26, 0x8F28
_CONFIGURED, _NO_CAPACITY = 0x8F2A, 0x8F2D
_MESSAGE_CODES = {
    _LIMITED: 0x0110,
    _CHANNEL_CHANGED: 0x0111,
    _SCAN_OUTCOME: 0x0112,
    _CONFIGURED: 0x0113,
    _NO_CAPACITY: 0x0115,
}


class ScanTrigger(IntEnum):
    """What made the hub look for another channel."""

    REMOTE_PARTY_COMMAND = 0
    GSME_REQUEST = 1
    GSME_MISSED_ITS_CURFEW = 2
    GSME_MISSING_FOR_THE_LAST_DAY = 3
    MESSAGE_FAILURES = 4
    MESSAGE_RETRIES = 5
    NON_GSME_DEVICE_REQUEST = 6
    SM_HAN_FORMATION = 7


class ScanStatus(IntEnum):
    """What the hub makes of a request to scan."""

    ACCEPTED = 0
    HHT_CONNECTED = 1
    DUTY_CYCLE_TOO_HIGH = 2
    JOINING_PERMITTED = 3
    GSME_OTA_UNDERWAY = 4
    TOO_MANY_SCANS_TODAY = 5
    TOO_MANY_COMMANDS_TODAY = 6
    TOO_MANY_SCANS_THIS_WEEK = 7


class SubGhzRadio:
    """Registers the sub-GHz objects with a CHF."""

    def __init__(self, chf: CosemDevice, device_log: ChfLog) -> None:
        self._chf = chf
        self._device_log = device_log
        chf.objects.writers[_CONFIGURATION] = self._configure
        chf.objects.writers[_SCAN] = self._scan

    def _configure(self, call: Call) -> None:
        if call.data.tag != Tag.STRUCTURE or len(call.data.members) != _CONFIGURATION_FIELDS:
            raise AccessFailed(AccessResult.TYPE_UNMATCHED)
        self._chf.objects.store(_CONFIGURATION, call.data)
        self._chf.pending.append(_draft(_CONFIGURED, call.data))

    def _scan(self, call: Call) -> None:
        if call.data.tag != Tag.UNSIGNED:
            raise AccessFailed(AccessResult.TYPE_UNMATCHED)
        trigger = octets(bytes([ScanTrigger.REMOTE_PARTY_COMMAND]))
        outcome = structure(trigger, octets(bytes([self._status(call.now)])))
        self._chf.pending.append(_draft(_SCAN_OUTCOME, outcome))

    def _status(self, now: datetime) -> ScanStatus:
        """Refuse to move the HAN while an HHT is in it or Devices may be joining."""
        log = self._device_log
        if any(entry.is_hht for entry in log.entries.values()):
            return ScanStatus.HHT_CONNECTED
        return ScanStatus.JOINING_PERMITTED if log.joining_open(now) else ScanStatus.ACCEPTED


def _draft(code: int, content: Value) -> AlertDraft:
    def payload(counter: int, now: datetime) -> bytes:
        return alerts.dlms(code, counter, now, content)

    broker = Role.ACCESS_CONTROL_BROKER
    return AlertDraft(code, _MESSAGE_CODES[code], payload, signed=False, to=broker)
