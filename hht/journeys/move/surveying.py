"""A survey on a visit: where the engineer stands, until it is stopped; drawn as it grows."""

from collections.abc import Collection

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.radio.dongle import Dongle
from hht.survey.measuring import listen
from hht.survey.picture import EMPTY, Picture, grown, picture_of

_SPOT, _MOST_PASSES = "here", 1000


class Surveying:
    """Every pass that was heard on this visit; `plan` are the channels of the building's plan."""

    def __init__(self, plan: Collection[int], clock: Clock) -> None:
        self._plan = plan
        self._clock = clock
        self._survey = EMPTY
        self.picture: Picture | None = None
        """What is known by now; None before the first scan."""

    async def listen(self, dongle: Dongle, hub: EntityId | None) -> None:
        """Make passes until it is cancelled; a pass that is cut short is not counted."""
        ours = () if hub is None else (hub,)
        scans = listen(dongle, _SPOT, passes=_MOST_PASSES, clock=self._clock, ours=ours)
        async for heard in scans:
            seen = grown(self._survey, _SPOT, heard)
            self.picture = picture_of(seen, self._plan)
            if heard.complete:
                self._survey = seen
