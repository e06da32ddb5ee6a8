"""The time in which a Device that was added may join: open since its CCS01 was answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hht.entity_id import EntityId
from hht.journeys.premises.devices import DeviceState, HanState

SETTLE_SECONDS = 5.0
"""After a CCS01's Response: until then the Alert that shows the hub's log may still be on its way,
so that what is known of the Device may be of before."""


class Joining(StrEnum):
    """How far a Device that was added has come."""

    OPEN = "open"  # awaited: the HAN is open to it
    OVER = "over"  # it did not join in time
    JOINED = "joined"
    UNSEEN = "unseen"  # the hub does not show who joins: it cannot be waited for


@dataclass(frozen=True, slots=True)
class JoiningTime:
    """One Device's; `seconds_left` is 0 where the HAN has closed, None where it was not said.

    `is_cut` says that the hub lost its power meanwhile, or was heard to let no Device join.
    """

    device: EntityId
    state: Joining
    seconds_left: int | None
    is_cut: bool = False

    @property
    def holds_up(self) -> bool:
        """Whether what needs the Device on the HAN had better wait."""
        return self.state in (Joining.OPEN, Joining.OVER)


def joining_time(
    device: DeviceState,
    opened: datetime,
    seconds: int,
    now: datetime,
    closed: datetime | None = None,
) -> JoiningTime:
    """Reckon with the moment of the CCS01's Response and the seconds that the CCS01 gave.

    `closed` is when the hub is known to have closed joining, for instance by a power cut.
    """
    gone = (now - opened).total_seconds()
    left = max(0, round(seconds - gone)) if seconds else None
    is_cut = closed is not None and closed > opened
    left = 0 if is_cut else left
    if device.state is HanState.ON_HAN:
        state = Joining.JOINED
    elif device.state is not HanState.IN_LOG and gone > SETTLE_SECONDS:
        state = Joining.UNSEEN
    else:
        state = Joining.OVER if left == 0 else Joining.OPEN
    return JoiningTime(device.entity_id, state, left, is_cut and state is Joining.OVER)
