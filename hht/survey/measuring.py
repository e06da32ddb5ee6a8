"""Energy and active scans over channels 11 to 26, pass after pass, at one spot of a building.

A pass takes 2 x 16 x (2^duration + 1) x 15.36 ms; the energy scan comes first and is given out as
soon as it is there. An energy scan gives the highest level of its time, and a maximum grows with
time: one survey has one duration.
"""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.radio.dongle import CHANNELS, Beacon, Dongle
from hht.survey.survey_file import LEAST_DBM, MOST_DBM, Network, Pass

DURATION = 3
"""EZSP's exponent: 0.14 s a channel, so that the first picture is there within 3 s."""

_SCAN_PERIOD = 0.01536  # s, 960 symbols of 16 us (IEEE 802.15.4)
_PATIENCE = 6.0  # s; the ASH layer repeats a lost frame for up to 5 s


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known after one scan: the pass, and the networks heard with it so far."""

    energy: Pass
    networks: tuple[Network, ...] = ()
    complete: bool = False


async def listen(
    dongle: Dongle,
    spot: str,
    *,
    passes: int,
    clock: Clock,
    duration: int = DURATION,
    ours: Collection[EntityId] = (),
) -> AsyncIterator[Heard]:
    """Make the passes; each is given twice: after its energy scan, and with its networks."""
    timeout = scan_seconds(duration) + _PATIENCE
    for _ in range(passes):
        levels = await dongle.energy_scan(CHANNELS, duration=duration, timeout=timeout)
        at = clock.now().replace(microsecond=0)  # as a file has it: a pass is known by its time
        energy = Pass(at, {channel: _within(level) for channel, level in levels.items()})
        yield Heard(energy)
        beacons = await dongle.active_scan(CHANNELS, duration=duration, timeout=timeout)
        yield Heard(energy, _networks(beacons, spot, ours), complete=True)


def scan_seconds(duration: int) -> float:
    """Return how long one scan over all channels takes."""
    return len(CHANNELS) * (1 + (1 << duration)) * _SCAN_PERIOD


def pass_seconds(duration: int = DURATION) -> float:
    """Return how long a pass takes: the energy scan, and the one that asks who is there."""
    return 2 * scan_seconds(duration)


def merged(known: Collection[Network], heard: Collection[Network]) -> tuple[Network, ...]:
    """Return the networks of a spot, each once on a channel, as strong as it was ever heard
    there."""
    best: dict[tuple[EntityId, int, int, str], Network] = {}
    for network in sorted((*known, *heard), key=lambda network: -network.rssi):
        key = network.extended_pan_id, network.pan_id, network.channel, network.spot
        best.setdefault(key, network)
    return tuple(sorted(best.values(), key=lambda network: (network.channel, -network.rssi)))


def _networks(
    beacons: Collection[Beacon], spot: str, ours: Collection[EntityId]
) -> tuple[Network, ...]:
    return tuple(
        Network(
            beacon.extended_pan_id,
            beacon.pan_id,
            beacon.channel,
            _within(beacon.rssi),
            spot,
            beacon.extended_pan_id in ours,
        )
        for beacon in beacons
    )


def _within(level: int) -> float:
    """Return a level as a survey file holds it: radios give -128 for nothing and overdriven ones
    0."""
    return float(min(max(level, LEAST_DBM), MOST_DBM))
