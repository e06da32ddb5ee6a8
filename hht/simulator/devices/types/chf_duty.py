"""The duty cycle of a CHF's sub-GHz radio: its states and their Alerts (DBCH06, DBCH10).

Source: GBCS Alerts 8F20 to 8F25 and 8F2C; Silicon Labs' sub-GHz server for the states. The first
two thresholds are in the sub-GHz configuration (DBCH04). The third is not, and inferred.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum
from typing import Any

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.dlms import octets
from hht.gbcs.message import Headers
from hht.simulator.devices.core import alerts
from hht.simulator.devices.core.device import AlertDraft
from hht.simulator.devices.cosem.device import CosemDevice
from hht.simulator.devices.cosem.objects import obis

_CONFIGURATION = (1, obis("0-0:94.44.10.0"), 2)
_NORMAL_LIMITED, _LIMITED_CRITICAL = 4, 5
"""Members of the configuration, in hundredths of a percent."""
_CRITICAL_REGULATED = 250
"""DUIS lets the second threshold be below 2.5 % alone: the third cannot well be lower."""
_BROKER = Role.ACCESS_CONTROL_BROKER
_DROPPED, _DROPPED_CODE = 0x8F2C, 0x0114
_LIMITED_CODE = 0x0110


class DutyState(IntEnum):
    """How much of its air time the hub has used up."""

    NORMAL = 1
    LIMITED = 2  # it rations one Device after the other
    CRITICAL = 3  # only what must go goes
    REGULATED = 4  # nothing goes until time has passed


_RISING = {DutyState.LIMITED: 0x8F20, DutyState.CRITICAL: 0x8F22, DutyState.REGULATED: 0x8F24}
_FALLING = {DutyState.NORMAL: 0x8F21, DutyState.LIMITED: 0x8F23, DutyState.CRITICAL: 0x8F25}


class DutyCycle:
    """The state of one CHF; `rationed` is the Device that DBCH06 names, where there is one."""

    def __init__(self, chf: CosemDevice) -> None:
        self._chf = chf
        self.value = DutyState.NORMAL
        self.rationed: EntityId | None = None

    @property
    def is_high(self) -> bool:
        """Whether a scan has to wait."""
        return self.value > DutyState.NORMAL

    def use(self, percent: float, now: datetime) -> list[bytes]:
        """Have so many percent of the air time used: the Alerts of each state on the way there."""
        wanted = self._state_at(round(percent * 100))
        raised = []
        while self.value != wanted:
            is_rising = wanted > self.value
            self.value = DutyState(self.value + (1 if is_rising else -1))
            code = (_RISING if is_rising else _FALLING)[self.value]
            raised.append(self._chf.alert(self._draft(code), now))
        return raised

    def drop(self, message: Headers, now: datetime) -> bytes:
        """Drop a message for a sub-GHz Device: DBCH10, which names it by its parties."""
        number = bytes([message.cra]) + message.counter.to_bytes(8, "big")
        named = octets(message.originator + message.recipient + number)

        def payload(counter: int, now: datetime) -> bytes:
            return alerts.dlms(_DROPPED, counter, now, named)

        draft = AlertDraft(_DROPPED, _DROPPED_CODE, payload, signed=False, to=_BROKER)
        return self._chf.alert(draft, now)

    def state(self) -> Mapping[str, Any]:
        return {"value": self.value}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Hold that again."""
        self.value = DutyState(state.get("value", DutyState.NORMAL))

    def _state_at(self, hundredths: int) -> DutyState:
        configuration = self._chf.objects.values[_CONFIGURATION].members
        limits = (
            configuration[_NORMAL_LIMITED].number,
            configuration[_LIMITED_CRITICAL].number,
            _CRITICAL_REGULATED,
        )
        return DutyState(1 + sum(hundredths >= limit for limit in limits))

    def _draft(self, code: int) -> AlertDraft:
        """Build 8F20 with the Device that is rationed (DBCH06); the others have nothing to add."""
        rationed = self.rationed
        if code != _RISING[DutyState.LIMITED] or rationed is None:
            return AlertDraft(code, signed=False, to=_BROKER)

        def payload(counter: int, now: datetime) -> bytes:
            return alerts.dlms(code, counter, now, octets(rationed))

        return AlertDraft(code, _LIMITED_CODE, payload, signed=False, to=_BROKER)
