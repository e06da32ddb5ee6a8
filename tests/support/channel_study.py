"""A study: does moving a hub where the survey's advice says do better than where it went itself?

Run it as `python tests/support/channel_study.py [BUILDINGS [SEED]]`; docs/channel-advice.md has its
model, what it printed and what is weak about it. No figure in it is fitted to the outcome.
"""

import math
import random
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import mean

from hht.entity_id import EntityId
from hht.survey.advice import advise
from hht.survey.survey_file import CHANNELS, Network, Pass, Spot, Survey

FLOORS, FLATS_A_FLOOR = 3, 4
FLAT_METRES, FLOOR_METRES = 7.0, 3.0
WALL_DB, SHADOW_DB = 8.0, 6.0
METRE_LOSS_DB, EXPONENT = 40.0, 3.0
WIFI_DBM, HUB_DBM, DEVICE_DBM = 15.0, 8.0, 3.0
WIFI_IN_ONE_CHANNEL_DB = -10.0  # 20 MHz of it, 2 MHz of a ZigBee channel
WIFI_HALF_WIDTH_MHZ = 11
WIFI_SHARE, WIFI_BUSY = 0.85, 0.8
WIFI_USUAL, WIFI_USUAL_SHARE = (1, 6, 11), 0.75
FLOOR_DBM, HEARD_DBM = -100.0, -92.0
PASSES, SPOTS = 3, ("hub", "meter", "display")
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """A point of the building: metres across, metres deep, floor."""

    x: float
    y: float
    floor: int


@dataclass(frozen=True)
class Outcome:
    """What one channel is like for the job's hub."""

    others: int
    margin: float
    over_wifi: float


class Building:
    """Flats with Wi-Fi, and hubs that came one after the other; the job's hub is the last."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._shadows: dict[tuple[Place, Place], float] = {}
        flats = [(x, floor) for floor in range(FLOORS) for x in range(FLATS_A_FLOOR)]
        self._chance.shuffle(flats)
        chance = self._chance.random
        self._wifi = [
            (self._somewhere(flat), self._wifi_channel()) for flat in flats if chance() < WIFI_SHARE
        ]
        self.hubs: list[tuple[Place, int]] = []
        for flat in flats:
            place = self._somewhere(flat)
            self.hubs.append((place, self._own_choice(place)))
        self.spots = (self.hubs[-1][0], self._somewhere(flats[-1]), self._somewhere(flats[-1]))

    @property
    def own(self) -> int:
        """The channel that the job's hub took by itself."""
        return self.hubs[-1][1]

    def survey(self) -> Survey:
        """What an engineer's survey hears at the hub, the meter and the display."""
        spots = tuple(
            Spot(name, tuple(Pass(WHEN, self._scan(place)) for _ in range(PASSES)))
            for name, place in zip(SPOTS, self.spots, strict=True)
        )
        networks = tuple(
            Network(_entity(at), at + 1, channel, level, name, at == len(self.hubs) - 1)
            for name, place in zip(SPOTS, self.spots, strict=True)
            for at, (hub, channel) in enumerate(self.hubs)
            if (level := round(self._level(hub, place, HUB_DBM))) > HEARD_DBM
        )
        return Survey(3, spots, networks)

    def outcome(self, channel: int) -> Outcome:
        """Other hubs within earshot on a channel, and the worst link's signal above what is loud.

        A link is from the hub to the meter or the display, or back, against all that its end hears:
        Wi-Fi and other hubs together, and Wi-Fi alone.
        """
        ours, *devices = self.spots
        near = [
            place
            for place, taken in self.hubs[:-1]
            if taken == channel and self._level(place, ours, HUB_DBM) > HEARD_DBM
        ]
        ends = [(ours, each, HUB_DBM) for each in devices]
        ends += [(each, ours, DEVICE_DBM) for each in devices]
        arriving = [(ear, self._level(sender, ear, dbm)) for sender, ear, dbm in ends]
        margin, over_wifi = (
            min(level - self._interference(ear, channel, hubs=hubs) for ear, level in arriving)
            for hubs in (True, False)
        )
        return Outcome(len(near), margin, over_wifi)

    def _own_choice(self, place: Place) -> int:
        """Choose as Silicon Labs' former does: fewest beacons, then the lowest of the maxima."""
        scans = [self._scan(place) for _ in range(PASSES)]
        beacons = {
            channel: sum(
                taken == channel and self._level(hub, place, HUB_DBM) > HEARD_DBM
                for hub, taken in self.hubs
            )
            for channel in CHANNELS
        }
        return min(CHANNELS, key=lambda c: (beacons[c], max(scan[c] for scan in scans), c))

    def _scan(self, place: Place) -> Mapping[int, float]:
        """One energy scan: the loudest of the Wi-Fi that happens to send."""
        sending = [each for each in self._wifi if self._chance.random() < WIFI_BUSY]
        return {
            channel: round(max([FLOOR_DBM, *self._wifi_levels(sending, place, channel)]))
            for channel in CHANNELS
        }

    def _interference(self, ear: Place, channel: int, *, hubs: bool) -> float:
        """All Wi-Fi, and with `hubs` the other hubs of the channel, as if all sent at once; dBm."""
        levels = [FLOOR_DBM, *self._wifi_levels(self._wifi, ear, channel)]
        others = self.hubs[:-1] if hubs else []
        levels += [self._level(hub, ear, HUB_DBM) for hub, taken in others if taken == channel]
        return 10 * math.log10(sum(10 ** (level / 10) for level in levels))

    def _wifi_levels(
        self, sending: Iterable[tuple[Place, int]], ear: Place, channel: int
    ) -> list[float]:
        centre = 2405 + 5 * (channel - CHANNELS[0])
        return [
            self._level(point, ear, WIFI_DBM) + WIFI_IN_ONE_CHANNEL_DB
            for point, number in sending
            if abs(2407 + 5 * number - centre) <= WIFI_HALF_WIDTH_MHZ
        ]

    def _level(self, one: Place, other: Place, dbm: float) -> float:
        """What arrives in dBm: distance, walls and floors, and a shadow that a pair keeps."""
        pair = (
            (one, other)
            if (one.x, one.y, one.floor) < (other.x, other.y, other.floor)
            else (
                other,
                one,
            )
        )
        if pair not in self._shadows:
            self._shadows[pair] = self._chance.gauss(0, SHADOW_DB)
        height = FLOOR_METRES * (one.floor - other.floor)
        metres = max(1.0, math.dist((one.x, one.y, 0), (other.x, other.y, height)))
        walls = abs(one.floor - other.floor)
        walls += abs(int(one.x / FLAT_METRES) - int(other.x / FLAT_METRES))
        loss = METRE_LOSS_DB + 10 * EXPONENT * math.log10(metres) + WALL_DB * walls
        return dbm - loss - self._shadows[pair]

    def _somewhere(self, flat: tuple[int, int]) -> Place:
        across, floor = flat
        chance = self._chance.random
        return Place((across + chance()) * FLAT_METRES, chance() * FLAT_METRES, floor)

    def _wifi_channel(self) -> int:
        if self._chance.random() < WIFI_USUAL_SHARE:
            return self._chance.choice(WIFI_USUAL)
        return self._chance.randrange(1, 14)


def study(buildings: int, seed: int) -> list[str]:
    """Compare the hub's own choice with the advice; one line for each figure."""
    own, advised, moved = [], [], []
    for number in range(buildings):
        building = Building(seed * 1_000_003 + number)
        advice = advise(building.survey())
        own.append(building.outcome(building.own))
        advised.append(building.outcome(advice.channel))
        moved.append(advice.advice == "move")
    went = [(a, b) for a, b, goes in zip(own, advised, moved, strict=True) if goes]
    gains = [after.over_wifi - before.over_wifi for before, after in went]
    better, worse = sum(gain > 3 for gain in gains), sum(gain < -3 for gain in gains)

    def both(title: str, figure: Callable[[Sequence[Outcome]], float]) -> str:
        return f"{title:45}own {figure(own):5.1f}   advised {figure(advised):5.1f}"

    def margins(outcomes: Sequence[Outcome]) -> list[float]:
        return sorted(each.margin for each in outcomes)

    def over_wifi(outcomes: Sequence[Outcome]) -> list[float]:
        return sorted(each.over_wifi for each in outcomes)

    return [
        f"{'buildings':45}{buildings} (seed {seed})",
        f"{'advice: stay, move':45}{100 - 100 * mean(moved):.0f} %, {100 * mean(moved):.0f} %",
        both("another hub on the channel, within earshot, %", _collided),
        both("worst link over Wi-Fi, mean, dB", lambda each: mean(over_wifi(each))),
        both("the same, worst tenth of the buildings", lambda each: _tenth(over_wifi(each))),
        both("worst link over Wi-Fi and hubs, mean, dB", lambda each: mean(margins(each))),
        both("the same, worst tenth of the buildings", lambda each: _tenth(margins(each))),
        f"{'moves: over 3 dB better, worse, over Wi-Fi':45}{better}, {worse} of {len(gains)}",
    ]


def _collided(outcomes: Sequence[Outcome]) -> float:
    return 100 * mean(each.others > 0 for each in outcomes)


def _tenth(levels: Sequence[float]) -> float:
    return levels[len(levels) // 10]


def _entity(number: int) -> EntityId:
    return EntityId(b"\x00\xdb" + number.to_bytes(6, "big"))


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    print("\n".join(study(*(given + [200, 1][len(given) :]))))
