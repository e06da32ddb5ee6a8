"""HHTs as guests of one hub: admitted by their CCS01 over inter-PAN, removed after some hours."""

from collections.abc import Callable

from hht.clock import ScaledClock, Timer
from hht.entity_id import EntityId
from hht.hub_profile import HubProfile
from hht.simulator.hub import events
from hht.simulator.hub.hub_log import HubLog
from hht.simulator.hub.milestones import Milestones
from hht.simulator.hub.premises import Premises
from hht.zse.interpan.admission import Admission

_HOUR = 3600  # seconds


class Residency:
    """`expel` removes an HHT from the HAN; `changed` follows every change of the CHF Device Log."""

    def __init__(
        self,
        profile: HubProfile,
        clock: ScaledClock,
        premises: Premises,
        log: HubLog,
        milestones: Milestones,
        expel: Callable[[EntityId], None],
        changed: Callable[[], None],
    ) -> None:
        self._profile = profile
        self._clock = clock
        self._premises = premises
        self._log = log
        self._milestones = milestones
        self._expel = expel
        self._changed = changed
        self._hours: dict[EntityId, Timer] = {}

    def admit(self, admission: Admission) -> bool:
        """Enter an HHT in the CHF Device Log; False where there is no room for it."""
        hht, hhts = admission.hht, self._premises.hhts
        has_room = hht in hhts or len(hhts) < self._profile.hht_limit
        if not has_room or not self._premises.admit_hht(hht, admission.install_code):
            self._log.record(events.Refused())
            return False
        self._stop_hours(hht)
        seconds = self._profile.residency_hours * _HOUR
        self._hours[hht] = self._clock.call_later(seconds, lambda: self.end(hht))
        self._changed()
        self._log.record(events.Admitted())
        self._milestones.reached("admitted")
        return True

    def end(self, hht: EntityId) -> None:
        """Remove one HHT from the HAN and from the CHF Device Log."""
        self._stop_hours(hht)
        self._log.record(events.ResidencyEnded())
        self._expel(hht)
        self._premises.remove_hht(hht)
        self._changed()

    def end_all(self) -> None:
        """Remove every HHT, as after its hours of membership."""
        for hht in self._premises.hhts:
            self.end(hht)

    def forget(self) -> None:
        """Let no hours run any more: the hub has lost its power."""
        for hht in tuple(self._hours):
            self._stop_hours(hht)

    def _stop_hours(self, hht: EntityId) -> None:
        if timer := self._hours.pop(hht, None):
            timer.cancel()
