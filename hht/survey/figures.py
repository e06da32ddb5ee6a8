"""What a survey says of each channel: noise, worst value, spread, age, and who else is there.

A channel's noise is the mean over spots of the median over a spot's passes, so that one bad pass
never decides. On the hub's own channel the lowest pass counts: its own traffic is no noise.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from statistics import mean, median

from hht.entity_id import EntityId
from hht.survey.survey_file import Network, Pass, Spot, Survey


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """One channel in dBm; fractions, for nothing is rounded before it is compared.

    `spread` is from the quietest to the noisiest value of all passes and spots, `newest` when the
    last one was measured, `others` the networks there that are none of ours, strongest first.
    """

    channel: int
    noise: Fraction
    worst: Fraction
    spread: Fraction
    newest: datetime
    others: tuple[Network, ...]
    is_ours: bool

    @property
    def hubs(self) -> int:
        """How many other networks use the channel."""
        return len({network.extended_pan_id for network in self.others})


def figures_of(survey: Survey) -> list[ChannelFigures]:
    """Measure every channel of the survey, in the order of their numbers."""
    ours = our_channel(survey.networks)
    passes = [each for spot in survey.spots for each in spot.passes]
    numbers = sorted({number for each in passes for number in each.dbm})
    return [_channel(survey, passes, number, ours) for number in numbers]


def our_channel(networks: Sequence[Network]) -> int | None:
    """Return the channel of our hub, the strongest of several.

    None where none of ours was heard.
    """
    ours = [network for network in networks if network.ours]
    return max(ours, key=lambda network: network.rssi).channel if ours else None


def noise_at(survey: Survey, spot: Spot, channel: int) -> Fraction | None:
    """Return the noise of a channel at one spot; None where it was not measured there."""
    is_measured = any(channel in each.dbm for each in spot.passes)
    return _at_spot(spot, channel, our_channel(survey.networks)) if is_measured else None


def _channel(
    survey: Survey, passes: Sequence[Pass], channel: int, ours: int | None
) -> ChannelFigures:
    measured = [each for each in passes if channel in each.dbm]
    values = [_value(each, channel) for each in measured]
    at_spots = (_at_spot(spot, channel, ours) for spot in survey.spots if _values(spot, channel))
    return ChannelFigures(
        channel,
        mean(at_spots),
        max(values),
        max(values) - min(values),
        max(each.at for each in measured),
        _others(survey.networks, channel),
        channel == ours,
    )


def _others(networks: Collection[Network], channel: int) -> tuple[Network, ...]:
    """Return the networks on a channel that are none of ours, each as its strongest, strongest
    first."""
    ours = {network.extended_pan_id for network in networks if network.ours}
    best: dict[EntityId, Network] = {}
    for network in sorted(networks, key=lambda network: -network.rssi):
        if network.channel == channel and network.extended_pan_id not in ours:
            best.setdefault(network.extended_pan_id, network)
    return tuple(best.values())


def _at_spot(spot: Spot, channel: int, ours: int | None) -> Fraction:
    values = _values(spot, channel)
    return min(values) if channel == ours else Fraction(median(values))


def _values(spot: Spot, channel: int) -> list[Fraction]:
    return [_value(each, channel) for each in spot.passes if channel in each.dbm]


def _value(each: Pass, channel: int) -> Fraction:
    return _exact(each.dbm[channel])


@lru_cache(1024)  # a long survey asks for the same few values at every pass
def _exact(dbm: float) -> Fraction:
    return Fraction(str(dbm))
