"""How long a change of channel lasts, in words, before the Command that sets it going leaves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hht.duis.job.device import JobDevice
from hht.entity_id import EntityId
from hht.hub_profile import HubProfile
from hht.journeys.move.states import MoveKind
from hht.journeys.move.ways_back import seconds_allowed
from hht.journeys.plan.kinds import sleeper_of
from hht.texts import texts_of

_text = texts_of("expected_move")

WAKE_UPS = 3
"""One that a sleeping Device is warned before the scan, two before the change (Silicon Labs)."""
SETTLING_SECONDS = 4.0
"""Until the HHT looks for a hub that goes to another channel: earlier it might find it on the old
one, about to leave. A guess; of the machine's clock, as all that has to do with the radio."""
_SCAN_SECONDS = 30.0
"""For the scan itself, where no Device sleeps; a guess."""
_MINUTE = 60  # seconds


@dataclass(frozen=True, slots=True)
class Expected:
    """The seconds a move may take, its reason, and each Device's time in words.

    `all_back` are the seconds that the slowest Device may take once the hub is back; `warns` is
    whether the hub warns sleeping Devices first.
    """

    kind: MoveKind
    seconds: float
    why: str
    devices: tuple[str, ...]
    all_back: float = 0.0
    warns: bool = False


def expected(
    kind: MoveKind,
    devices: Sequence[JobDevice],
    profile: HubProfile,
    late: Collection[EntityId] = frozenset(),
) -> Expected:
    """Return how long a move among these Devices may last; `late` are those that seem to sleep."""
    named = tuple(
        f"{each.label or each.type}: {_span(seconds_allowed(each.type))}" for each in devices
    )
    if kind is MoveKind.HUB:
        seconds = float(profile.hub_back_seconds)
        why = _text("hub", time=_span(seconds))
        slowest = max((seconds_allowed(each.type) for each in devices), default=0.0)
        return Expected(kind, seconds, why, named, slowest)
    nap = longest_sleep(devices, late)
    if not nap:
        return Expected(kind, _SCAN_SECONDS, _text("scan_at_once"), named)
    seconds = WAKE_UPS * nap
    why = _text("warns", time=_span(seconds), nap=_span(nap))
    return Expected(kind, seconds, why, named, warns=True)


def longest_sleep(devices: Sequence[JobDevice], late: Collection[EntityId]) -> float:
    """Return the seconds that the slowest sleeper of these Devices sleeps; 0 where none does."""
    sleeping = (sleeper_of(each.type, late=each.entity_id in late) for each in devices)
    return max((each.seconds for each in sleeping if each), default=0.0)


def _span(seconds: float) -> str:
    if seconds < 2 * _MINUTE:
        return _text("seconds", seconds=f"{seconds:g}")
    return _text("minutes", count=f"{seconds / _MINUTE:.15g}")
