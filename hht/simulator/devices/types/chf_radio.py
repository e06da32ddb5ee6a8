"""The sub-GHz side of a dual-band CHF: configuration, scan requests and their alerts (DBCH01-11).

Source: GBCS DBCH01-DBCH11 as the reference messages show them; triggers and statuses as the DUIS
message mapping names them, numbered in its order; how a hub warns those that sleep: Silicon Labs'
plugins for sub-GHz hubs. That a kept channel is in the channel log as 8F2B is inferred: an entry
has a code of its own. No sub-GHz radio is simulated: what a scan finds is given beforehand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.dlms import (
    BitString,
    CompactArray,
    Tag,
    Value,
    bits,
    double_long_unsigned,
    encode_value,
    long_unsigned,
    octets,
    structure,
)
from hht.gbcs.dlms.results import AccessResult
from hht.simulator.devices.core import alerts
from hht.simulator.devices.core.device import AlertDraft
from hht.simulator.devices.core.times import zigbee_utc
from hht.simulator.devices.cosem.device import CosemDevice
from hht.simulator.devices.cosem.objects import AccessFailed, Call, obis
from hht.simulator.devices.types.chf_duty import DutyCycle
from hht.simulator.devices.types.chf_log import ChfLog

_DATA = 1  # COSEM class Data
_CONFIGURATION = (_DATA, obis("0-0:94.44.10.0"), 2)
_SCAN = (_DATA, obis("0-0:94.44.10.1"), 2)
_CHANNEL = (_DATA, obis("0-0:94.44.10.2"), 2)
_CHANNEL_LOG = (7, obis("0-0:94.44.10.3"), 2)
_CONFIGURATION_FIELDS = 15  # of the sub-GHz configuration
_CHANGES_A_WEEK = 6  # the place of that field in the configuration
_LOG_ENTRIES = 100  # the oldest entry makes room for the newest
_CHANNEL_CHANGED, _SCAN_BEGUN, _SCAN_OUTCOME = 0x8F26, 0x8F27, 0x8F28
_CONFIGURED, _CHANNEL_KEPT = 0x8F2A, 0x8F2B
_MESSAGE_CODES = {_CHANNEL_CHANGED: 0x0111, _SCAN_OUTCOME: 0x0112, _CONFIGURED: 0x0113}
_WEEK = timedelta(days=7)  # over which changes are counted
# A sleeping Device learns of it when it wakes.
_WAKE_UPS_BEFORE_SCAN, _WAKE_UPS_BEFORE_CHANGE = 1, 2
_MASKS = 4  # channel masks at the head of the configuration
_LOWER_BAND = ((30, 35), (29, 27), (28, 0))
"""Channel page and the channel of its lowest bit, the last page first."""
_PAGE_SHIFT = 27  # the page is above the 27 bits of its channels


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


@dataclass(slots=True)
class _Step:
    """What a scan does next, and when: scan after the first warning, change after the second."""

    due: datetime
    trigger: ScanTrigger
    to: int | None = None
    """The lower-band channel that it changes to; None before the scan."""


class SubGhzRadio:
    """The sub-GHz objects, registered with a CHF, and the scans that it accepts.

    `quieter` is the lower-band channel that a scan finds quieter than the present one, None where
    none is. `wake_up` is how long the slowest sleeper of the HAN sleeps, zero where no Device does.
    `scans_with_hht`: an HHT in the HAN is no reason to refuse. Whether there is such a hub is
    unknown.
    """

    def __init__(self, chf: CosemDevice, device_log: ChfLog, duty: DutyCycle) -> None:
        self._chf = chf
        self._duty = duty
        self._device_log = device_log
        self._step: _Step | None = None
        self.quieter: int | None = None
        self.scans_with_hht = False
        self.wake_up: Callable[[], timedelta] = timedelta
        chf.objects.writers[_CONFIGURATION] = self._configure
        chf.objects.writers[_SCAN] = self._scan

    def tick(self, now: datetime) -> list[bytes]:
        """Take the next step of a scan where it is due; return the Alert that reports it."""
        step = self._step
        if step is None or step.due > now:
            return []
        if step.to is not None:
            self._step = None
            return [self._change(lower_band(step.to), step.trigger, now)]
        self._chf.log_event(_SCAN_BEGUN, now)
        if self.quieter is None or not self._may_use(self.quieter):
            self._step = None
            self._enter(_CHANNEL_KEPT, self._channel, step.trigger, now)
            self._chf.log_event(_CHANNEL_KEPT, now)
            return []
        due = now + _WAKE_UPS_BEFORE_CHANGE * self.wake_up()
        self._step = _Step(due, step.trigger, self.quieter)
        return self.tick(now)

    def state(self) -> Mapping[str, Any]:
        """Return the scan under way, for JSON."""
        if self._step is None:
            return {}
        due, trigger, to = self._step.due, self._step.trigger, self._step.to
        return {"due": due.isoformat(), "trigger": trigger, "to": to}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on with that scan."""
        self._step = None
        if state:
            due = datetime.fromisoformat(state["due"])
            self._step = _Step(due, ScanTrigger(state["trigger"]), state["to"])

    @property
    def _channel(self) -> bytes:
        """The mask (4 bytes) of the channel in use."""
        return _mask(self._chf.objects.values[_CHANNEL])

    def _configure(self, call: Call) -> None:
        if call.data.tag != Tag.STRUCTURE or len(call.data.members) != _CONFIGURATION_FIELDS:
            raise AccessFailed(AccessResult.TYPE_UNMATCHED)
        self._chf.objects.store(_CONFIGURATION, call.data)
        self._chf.pending.append(_draft(_CONFIGURED, call.data))

    def _scan(self, call: Call) -> None:
        if call.data.tag != Tag.UNSIGNED:
            raise AccessFailed(AccessResult.TYPE_UNMATCHED)
        trigger, status = ScanTrigger.REMOTE_PARTY_COMMAND, self._status(call.now)
        outcome = structure(octets(bytes([status])), octets(bytes([trigger])))
        self._chf.pending.append(_draft(_SCAN_OUTCOME, outcome))
        if status is ScanStatus.ACCEPTED and self._step is None:
            self._step = _Step(call.now + _WAKE_UPS_BEFORE_SCAN * self.wake_up(), trigger)

    def _status(self, now: datetime) -> ScanStatus:
        """Refuse to move the HAN while an HHT is in it or Devices may be joining."""
        log = self._device_log
        if not self.scans_with_hht and any(entry.is_hht for entry in log.entries.values()):
            return ScanStatus.HHT_CONNECTED
        if self._duty.is_high:
            return ScanStatus.DUTY_CYCLE_TOO_HIGH
        if log.joining_open(now):
            return ScanStatus.JOINING_PERMITTED
        allowed = self._chf.objects.values[_CONFIGURATION].members[_CHANGES_A_WEEK].number
        enough = self._changes_since(now - _WEEK) >= allowed
        return ScanStatus.TOO_MANY_SCANS_THIS_WEEK if enough else ScanStatus.ACCEPTED

    def _changes_since(self, moment: datetime) -> int:
        since = zigbee_utc(moment)
        entries = (entry.members for entry in self._entries().elements)
        return sum(t.number >= since and c.number == _CHANNEL_CHANGED for t, c, _ in entries)

    def _may_use(self, channel: int) -> bool:
        """Return whether the configuration allows a lower-band channel that is not in use."""
        wanted = lower_band(channel)
        masks = self._chf.objects.values[_CONFIGURATION].members[:_MASKS]
        return wanted != self._channel and any(_has(_mask(m), wanted) for m in masks)

    def _change(self, channel: bytes, trigger: ScanTrigger, now: datetime) -> bytes:
        self._chf.objects.store(_CHANNEL, bits(channel))
        self._enter(_CHANNEL_CHANGED, channel, trigger, now)
        payload = structure(bits(channel), octets(bytes([trigger])))
        return self._chf.alert(_draft(_CHANNEL_CHANGED, payload), now)

    def _entries(self) -> CompactArray:
        content = self._chf.objects.values[_CHANNEL_LOG].content
        assert isinstance(content, CompactArray)
        return content

    def _enter(self, code: int, channel: bytes, trigger: ScanTrigger, now: datetime) -> None:
        """Write one entry into the channel log, which keeps the last hundred."""
        about = octets(channel + encode_value(octets(bytes([trigger]))))
        entry = structure(double_long_unsigned(zigbee_utc(now)), long_unsigned(code), about)
        log = self._entries()
        kept = (*log.elements, entry)[-_LOG_ENTRIES:]
        held = self._chf.objects.values[_CHANNEL_LOG]
        self._chf.objects.store(_CHANNEL_LOG, held._replace(content=log._replace(elements=kept)))


def lower_band(channel: int) -> bytes:
    """Return the mask (4 bytes) of one channel of the lower band, 0 to 61."""
    page, first = next(each for each in _LOWER_BAND if each[1] <= channel)
    return (page << _PAGE_SHIFT | 1 << channel - first).to_bytes(4, "big")


def _mask(value: Value) -> bytes:
    assert isinstance(value.content, BitString)
    return value.content.octets


def _has(mask: bytes, channel: bytes) -> bool:
    """Return whether a mask of channels, with its page, has this one."""
    wanted = int.from_bytes(channel, "big")
    return int.from_bytes(mask, "big") & wanted == wanted and mask[0] >> 3 == channel[0] >> 3


def _draft(code: int, content: Value) -> AlertDraft:
    def payload(counter: int, now: datetime) -> bytes:
        return alerts.dlms(code, counter, now, content)

    broker = Role.ACCESS_CONTROL_BROKER
    return AlertDraft(code, _MESSAGE_CODES[code], payload, signed=False, to=broker)
