"""Advice which channel a hub should use: a building's plan first, then noise, neighbours, practice.

A channel's noise is the mean over spots of the median over a spot's passes, so that one bad pass
never decides. On the hub's own channel the lowest pass counts: its own traffic is no noise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import mean, median

from hht.entity_id import EntityId
from hht.survey.survey_file import Network, Spot, Survey

COMMON_PRACTICE = (11, 14, 15, 19, 20, 24, 25)
"""Channels that ZigBee makers prefer, clear of Wi-Fi 1, 6 and 11; practice, not GBCS."""

ALIKE_DB = 6
"""Channels less than this apart count as equally quiet; a move has to gain as much."""

NOISY_DBM = -70
"""A plan is called noisy when each of its channels is noisier than this."""


@dataclass(frozen=True, slots=True)
class ChannelAdvice:
    """One channel: its rank, its noise, the hubs of others on it, and why it ranks there."""

    channel: int
    rank: int
    median_dbm: Fraction
    worst_dbm: Fraction
    hubs: int
    reason: str


@dataclass(frozen=True, slots=True)
class Advice:
    """`advice` is "stay", "move" or "choose"; `channel` is the one to use."""

    advice: str
    channel: int
    reason: str
    outside_plan: bool
    plan_noisy: bool
    channels: tuple[ChannelAdvice, ...]


@dataclass(frozen=True, slots=True)
class _Measured:
    """One channel's figures; fractions, for nothing is rounded before it is compared."""

    channel: int
    noise: Fraction
    worst: Fraction
    hubs: int
    planned: bool

    @property
    def uncommon(self) -> bool:
        return self.channel not in COMMON_PRACTICE


def advise(survey: Survey, plan: Sequence[int] = ()) -> Advice:
    """Rank the surveyed channels and say whether the hub should stay, move or be given one."""
    ours = _our_channel(survey.networks)
    measured = _measure(survey, ours, plan)
    ranked = _ranked([each for each in measured if each.planned])
    ranked += _ranked([each for each in measured if not each.planned])
    here = next((each for each in ranked if each.channel == ours), None)
    in_plan = [each for each in ranked if each.planned]
    advice, channel, reason = _decide(ranked[0], here, bool(plan))
    return Advice(
        advice,
        channel,
        reason,
        outside_plan=bool(plan) and ours is not None and ours not in plan,
        plan_noisy=bool(in_plan) and all(each.noise > NOISY_DBM for each in in_plan),
        channels=tuple(_row(rank, each, ranked, ours) for rank, each in enumerate(ranked, 1)),
    )


def _our_channel(networks: Sequence[Network]) -> int | None:
    ours = [network for network in networks if network.ours]
    return max(ours, key=lambda network: network.rssi).channel if ours else None


def _measure(survey: Survey, ours: int | None, plan: Sequence[int]) -> list[_Measured]:
    channels = sorted(
        {number for spot in survey.spots for each in spot.passes for number in each.dbm}
    )
    return [
        _Measured(
            channel,
            mean(_at_spot(spot, channel, ours) for spot in survey.spots if _values(spot, channel)),
            max(value for spot in survey.spots for value in _values(spot, channel)),
            len(_others(survey.networks, channel)),
            channel in plan,
        )
        for channel in channels
    ]


def _others(networks: Sequence[Network], channel: int) -> set[EntityId]:
    """The Extended PAN IDs on a channel that are none of ours."""
    ours = {network.extended_pan_id for network in networks if network.ours}
    return {each.extended_pan_id for each in networks if each.channel == channel} - ours


def _values(spot: Spot, channel: int) -> list[Fraction]:
    return [Fraction(str(each.dbm[channel])) for each in spot.passes if channel in each.dbm]


def _at_spot(spot: Spot, channel: int, ours: int | None) -> Fraction:
    values = _values(spot, channel)
    return min(values) if channel == ours else Fraction(median(values))


def _ranked(left: list[_Measured]) -> list[_Measured]:
    """Rank one class: of the channels about as quiet as the quietest, the least used comes next."""
    left, ranked = list(left), []
    while left:
        quietest = min(each.noise for each in left)
        alike = [each for each in left if each.noise - quietest < ALIKE_DB]
        best = min(alike, key=lambda each: (each.hubs, each.uncommon, each.noise, each.channel))
        left.remove(best)
        ranked.append(best)
    return ranked


def _decide(first: _Measured, here: _Measured | None, has_plan: bool) -> tuple[str, int, str]:
    """Say stay, move or choose, the channel, and one sentence with its number."""
    if here is None:
        said = f"Channel {first.channel} ranks first at {shown(first.noise)} dBm"
        return (
            "choose",
            first.channel,
            f"{said}; no hub of this job was heard on a surveyed channel.",
        )
    if has_plan and not here.planned and first is not here:
        said = f"The hub is on {here.channel}, outside the building's plan"
        return "move", first.channel, f"{said}; of the plan, {first.channel} ranks first."
    gain = here.noise - first.noise
    if gain >= ALIKE_DB:
        said = f"Channel {first.channel} is {shown(gain)} dB quieter than the hub's {here.channel}"
        return "move", first.channel, f"{said}."
    if first is here:
        said = f"The hub's channel {here.channel} ranks first at {shown(here.noise)} dBm"
        return "stay", here.channel, f"{said}."
    said = f"Moving from {here.channel} to {first.channel} gains {shown(gain)} dB"
    return "stay", here.channel, f"{said}, less than {ALIKE_DB}."


def _row(rank: int, each: _Measured, ranked: list[_Measured], ours: int | None) -> ChannelAdvice:
    reasons = [f"noise {shown(each.noise)} dBm"]
    if each.planned:
        reasons.insert(0, "in the building's plan")
    if each.hubs:
        reasons.append("1 other hub" if each.hubs == 1 else f"{each.hubs} other hubs")
    if not each.uncommon:
        reasons.append("common practice, not GBCS")
    if each.channel == ours:
        reasons.append("the hub is here")
    sentence = ", ".join(reasons)
    return ChannelAdvice(
        each.channel,
        rank,
        each.noise,
        each.worst,
        each.hubs,
        f"{sentence[0].upper()}{sentence[1:]}.",
    )


def shown(value: Fraction) -> str:
    """Print a figure with one decimal."""
    return f"{rounded(value):.1f}"


def rounded(value: Fraction) -> float:
    """Round to one decimal, for showing only."""
    return round(float(value), 1)
