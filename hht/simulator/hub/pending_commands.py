"""Commands that wait at the hub for a Device that sleeps, is off or has not joined yet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.hub_profile import HubProfile
from hht.simulator.site.record import Site

_HOUR = 3600  # seconds


@dataclass(frozen=True, slots=True)
class _Waiting:
    """One Command; `until` is virtual seconds since 1970."""

    device: EntityId
    raw: bytes = field(repr=False)
    until: float


class PendingCommands:
    """Commands kept for a Device until `release`, until it fetches them, or until they lapse.

    `present` says whether a Device is in the SM HAN now; `execute` gets each Command that can
    go on, `lapsed` each that cannot. A Device that sleeps fetches its own when it wakes.
    """

    def __init__(
        self,
        site: Site,
        profile: HubProfile,
        clock: Clock,
        present: Callable[[EntityId], bool],
        execute: Callable[[EntityId, bytes], None],
        lapsed: Callable[[EntityId, bytes], None],
    ) -> None:
        self._clock = clock
        self._present = present
        self._execute = execute
        self._lapsed = lapsed
        self._sleepers = {each.entity_id for each in site.devices if each.spec.wake_minutes}
        long = profile.gsme_response_hours * _HOUR
        gas = {each.entity_id for each in site.devices if each.type is DeviceType.GSME}
        self._patience = dict.fromkeys(gas | self._sleepers, long)
        self._usual_patience = profile.response_seconds
        self._waiting: list[_Waiting] = []

    def sleeps(self, device: EntityId) -> bool:
        """Return whether this Device fetches its messages only when it wakes."""
        return device in self._sleepers

    def count(self, device: EntityId) -> int:
        return sum(each.device == device for each in self._waiting)

    def keep(self, device: EntityId, raw: bytes) -> None:
        """Keep a Command until its Device can get it."""
        patience = self._patience.get(device, self._usual_patience)
        self._waiting.append(_Waiting(device, raw, self._clock.time() + patience))
        self._watch(patience)
        self.release(device)

    def release(self, device: EntityId) -> None:
        """Execute what waits for a Device, if it is present and awake."""
        if not self._present(device) or self.sleeps(device):
            return
        due = [each for each in self._waiting if each.device == device]
        self._waiting = [each for each in self._waiting if each.device != device]
        for each in due:
            self._execute(device, each.raw)

    def next_for(self, device: EntityId) -> tuple[bytes, int] | None:
        """Return the oldest Command that waits for a Device, and how many wait after it."""
        waiting = [each.raw for each in self._waiting if each.device == device]
        return (waiting[0], len(waiting) - 1) if waiting else None

    def fetched(self, device: EntityId, raw: bytes) -> None:
        """Drop a Command that the Device has fetched."""
        held = next((e for e in self._waiting if (e.device, e.raw) == (device, raw)), None)
        if held:
            self._waiting.remove(held)

    def state(self) -> list[list[Any]]:
        """Return what waits, for JSON."""
        return [[each.device.hex(), each.raw.hex(), each.until] for each in self._waiting]

    def restore(self, rows: list[list[Any]]) -> None:
        """Restore what `state()` returned."""
        self._waiting = [
            _Waiting(EntityId.parse(device), bytes.fromhex(raw), until)
            for device, raw, until in rows
        ]
        for each in self._waiting:
            self._watch(each.until - self._clock.time())
        for device in {each.device for each in self._waiting}:
            self.release(device)

    def _watch(self, seconds: float) -> None:
        self._clock.call_later(max(0.0, seconds), self._drop_lapsed)

    def _drop_lapsed(self) -> None:
        now = self._clock.time()
        late = [each for each in self._waiting if each.until <= now]
        self._waiting = [each for each in self._waiting if each.until > now]
        for each in late:
            self._lapsed(each.device, each.raw)
