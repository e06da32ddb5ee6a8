"""The simulated ESME: joins, its COSEM objects, and a clock that is set from the hub's."""

from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.dlms import NULL, Value, enum, octets, unsigned
from hht.gbcs.dlms.results import AccessResult
from hht.simulator.devices.core import times
from hht.simulator.devices.core.credentials import DeviceKeys
from hht.simulator.devices.core.device import AlertDraft
from hht.simulator.devices.core.join_log import LOG_ENTRIES
from hht.simulator.devices.core.joinable import JoiningDevice
from hht.simulator.devices.cosem.device import CosemDevice
from hht.simulator.devices.cosem.objects import AccessFailed, Call, obis
from hht.simulator.devices.cosem.protected_reads import ProtectedReads
from hht.simulator.devices.objects_table import fill_cosem

_CLOCK = (8, obis("0-0:1.0.0.255"))
_FIRMWARE_VERSION = (1, obis("0-0:0.2.1.255"), 2)
_LOGICAL_DEVICE = (1, obis("0-0:96.1.1.255"), 2)
_CHANGE_OF_TENANCY = (1, obis("0-0:94.44.3.2"), 2)
RELIABLE, UNRELIABLE = 0x00, 0x02
CLOCK_NOT_SET = 0x81C6
_CLOCK_BASE_NETWORK_TIME = 5  # clock_base of COSEM Clock, as GBCS assigns it
_EVENT_LOG = (7, obis("0-0:99.98.0.255"), 1)
_SWITCH_EVENT_LOG = (7, obis("0-17:99.98.2.255"), 1)


class ElectricityClock:
    """The clock object of an ESME (class 8); the meter adopts the hub's when that is in range."""

    def __init__(self, meter: CosemDevice) -> None:
        self._meter = meter
        self._range: tuple[datetime, datetime] | None = None
        self.status = UNRELIABLE
        meter.parts["clock"] = self
        objects = meter.objects
        objects.readers[*_CLOCK, 2] = lambda call: octets(times.cosem(call.now))
        objects.readers[*_CLOCK, 4] = lambda call: unsigned(self.status)
        objects.values[*_CLOCK, 9] = enum(_CLOCK_BASE_NETWORK_TIME)
        objects.methods[*_CLOCK, 5] = self._preset
        objects.methods[*_CLOCK, 4] = self._adjust

    def state(self) -> int:
        """Return how good the clock claims to be."""
        return self.status

    def restore(self, state: int) -> None:
        """Hold that again."""
        self.status = state

    def _preset(self, call: Call) -> None:
        """Execute method 5: {time (never), start and end of the validity interval}."""
        _, start, end = (*call.data.members, NULL, NULL, NULL)[:3]
        bounds = times.from_cosem(start.octets), times.from_cosem(end.octets)
        if bounds[0] is None or bounds[1] is None:
            raise AccessFailed(AccessResult.TYPE_UNMATCHED)
        self._range = bounds[0], bounds[1]

    def _adjust(self, call: Call) -> None:
        """Execute method 4: set the hub's time if it is in the validity interval."""
        if self._range is None:
            raise AccessFailed(AccessResult.TEMPORARY_FAILURE)
        start, end = self._range
        self.status = RELIABLE if start <= call.now <= end else UNRELIABLE
        if self.status == UNRELIABLE:
            self._meter.pending.append(AlertDraft(CLOCK_NOT_SET, signed=False))


class Esme(CosemDevice, JoiningDevice):
    """An ESME."""

    def __init__(self, entity_id: EntityId, keys: DeviceKeys, log_limit: int = LOG_ENTRIES) -> None:
        super().__init__(DeviceType.ESME, entity_id, keys)
        self.device_log.limit = log_limit
        fill_cosem(self.objects, "E")
        self.objects.readers[_LOGICAL_DEVICE] = lambda call: octets(entity_id)
        self.objects.readers[_FIRMWARE_VERSION] = self._version
        self.objects.values[_CHANGE_OF_TENANCY] = NULL
        self.clock = ElectricityClock(self)
        self.objects.methods[_EVENT_LOG] = lambda call: self.events.clear()
        self.objects.methods[_SWITCH_EVENT_LOG] = lambda call: None
        ProtectedReads(self)

    def _version(self, call: Call) -> Value:
        return octets(self.maintenance.firmware.version)
