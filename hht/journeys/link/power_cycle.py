"""Switching the hub off and on: what it costs, and watching it from the air.

A power cycle ends the membership of every HHT, whatever was left of its hours (SECMP0037). Devices
that have joined stay in the log and come back by themselves (SECMP0012), a sleeper when it wakes.
Joining is closed: one that has not joined yet may need a CCS01 again. The inter-PAN window opens
for its minutes (GBCS 10.5).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.journeys.die_at import Publish
from hht.journeys.events import HubPower
from hht.journeys.premises.devices import DeviceState, HanState
from hht.store import CommandRow
from hht.store.command_states import is_in_doubt

OFF_SECONDS = 300.0  # to walk to the supply, open its cover and switch it off
BACK_SECONDS = 600.0  # a hub starts in minutes at the most; how long exactly GBCS does not say
SILENT_SCANS = 2  # one lost beacon is no power cut
PAUSE_SECONDS = 1.0  # between two scans, so that a dongle that answers at once is not kept busy
HUB_TYPES = ("CHF", "GPF")


class HubStaysOn(HhtError):
    """The hub that was to be switched off was heard all the time, or it did not come back."""

    code = "HUB-14"


@dataclass(frozen=True, slots=True)
class PowerCycleCost:
    """What switching the hub off and on would cost now.

    `han_seconds_lost` is what is left of the HHT's hours on the HAN, None where it is not on it.
    `back` come back by themselves, `asleep` of them only when they wake, after at most
    `sleep_seconds`. `not_joined` were added and have not joined: joining is closed for them.
    `in_doubt` Local Commands may lose the Response that the hub keeps. `window_minutes` is how long
    the inter-PAN window is open afterwards, None without a limit.
    """

    han_seconds_lost: int | None
    back: tuple[DeviceState, ...]
    asleep: tuple[DeviceState, ...]
    sleep_seconds: float
    not_joined: tuple[DeviceState, ...]
    in_doubt: int
    window_minutes: int | None


def power_cycle_cost(
    devices: Sequence[DeviceState],
    commands: Sequence[CommandRow],
    han_seconds_left: int | None,
    window_minutes: int | None,
) -> PowerCycleCost:
    """Count what a power cycle of the hub costs as things are."""
    others = [each for each in devices if each.type not in HUB_TYPES]
    back = tuple(each for each in others if each.state is HanState.ON_HAN)
    asleep = tuple(each for each in back if each.sleeper)
    return PowerCycleCost(
        han_seconds_left,
        back,
        asleep,
        max((each.sleeper.seconds for each in asleep if each.sleeper), default=0.0),
        tuple(each for each in others if each.state is HanState.IN_LOG),
        sum(is_in_doubt(row.state) for row in commands),
        window_minutes,
    )


async def watch_power_cycle(
    is_heard: Callable[[], Awaitable[bool]], gpf: EntityId, clock: Clock, say: Publish
) -> datetime:
    """Listen until the hub is silent, then until it is back; the last moment it was silent.

    Its power, and with it the inter-PAN window, may have begun since then and not later than it was
    heard. HubStaysOn where it is not silent or not back in time.
    """
    say(HubPower(gpf, "on"))
    if not await _until_silent(is_heard, clock):
        raise HubStaysOn(
            "The hub was heard all the time",
            where=str(gpf),
            remedy="Take its power away for some seconds, or say when it was switched on.",
        )
    say(HubPower(gpf, "off"))
    silent_at = await _silent_before_back(is_heard, clock)
    if silent_at is None:
        raise HubStaysOn(
            "The hub is not heard again",
            where=str(gpf),
            remedy="Check that it has power; once it is heard, say when it was switched on.",
        )
    say(HubPower(gpf, "back"))
    return silent_at


async def _until_silent(is_heard: Callable[[], Awaitable[bool]], clock: Clock) -> bool:
    end, silent = clock.elapsed() + OFF_SECONDS, 0
    while silent < SILENT_SCANS:
        silent = 0 if await is_heard() else silent + 1
        if clock.elapsed() > end:
            return False
        await clock.sleep(PAUSE_SECONDS)
    return True


async def _silent_before_back(
    is_heard: Callable[[], Awaitable[bool]], clock: Clock
) -> datetime | None:
    end, silent_at = clock.elapsed() + BACK_SECONDS, clock.now()
    while clock.elapsed() < end:
        began = clock.now()
        if await is_heard():
            return silent_at
        silent_at = began
        await clock.sleep(PAUSE_SECONDS)
    return None
