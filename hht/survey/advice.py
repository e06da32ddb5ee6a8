"""Advice which channel a hub should use: the building's plan, then noise, neighbours, practice.

What is weighed is data: assets/tables/channel_advice.toml.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files

from hht.spans import counted
from hht.survey.figures import ChannelFigures, figures_of, our_channel
from hht.survey.survey_file import Survey

_WEIGHTS = tomllib.loads((files("assets") / "tables" / "channel_advice.toml").read_text("utf-8"))
COMMON_PRACTICE: tuple[int, ...] = tuple(_WEIGHTS["common_practice"])
ALIKE_DB: int = _WEIGHTS["alike_db"]
NOISY_DBM: int = _WEIGHTS["noisy_dbm"]


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

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to know of the building's plan beside the reason, before one leaves the site."""
        outside = "The hub is outside the building's plan."
        noisy = f"Every channel of the building's plan is noisier than {NOISY_DBM} dBm."
        # Where the hub's own channel was surveyed the reason says it.
        is_unsaid = self.outside_plan and self.advice == "choose"
        said = (outside, is_unsaid), (noisy, self.plan_noisy)
        return tuple(words for words, holds in said if holds)


def advise(survey: Survey, plan: Sequence[int] = ()) -> Advice:
    """Rank the surveyed channels and say whether the hub should stay, move or be given one."""
    ours = our_channel(survey.networks)
    measured = figures_of(survey)
    in_plan = _ranked([each for each in measured if each.channel in plan])
    ranked = in_plan + _ranked([each for each in measured if each.channel not in plan])
    here = next((each for each in ranked if each.is_ours), None)
    advice, channel, reason = _decide(ranked[0], here, plan)
    return Advice(
        advice,
        channel,
        reason,
        outside_plan=bool(plan) and ours is not None and ours not in plan,
        plan_noisy=bool(in_plan) and all(each.noise > NOISY_DBM for each in in_plan),
        channels=tuple(_row(rank, each, plan) for rank, each in enumerate(ranked, 1)),
    )


def _ranked(left: list[ChannelFigures]) -> list[ChannelFigures]:
    """Rank one class: of the channels about as quiet as the quietest, the least used comes next."""
    left, ranked = list(left), []
    while left:
        quietest = min(each.noise for each in left)
        alike = [each for each in left if each.noise - quietest < ALIKE_DB]
        best = min(alike, key=_preference)
        left.remove(best)
        ranked.append(best)
    return ranked


def _preference(each: ChannelFigures) -> tuple[int, bool, Fraction, int]:
    uncommon = each.channel not in COMMON_PRACTICE
    return each.hubs, uncommon, each.noise, each.channel


def _decide(
    first: ChannelFigures, here: ChannelFigures | None, plan: Sequence[int]
) -> tuple[str, int, str]:
    """Say stay, move or choose, the channel, and one sentence with its number."""
    if here is None:
        said = f"Channel {first.channel} ranks first at {shown(first.noise)} dBm"
        return (
            "choose",
            first.channel,
            f"{said}; no hub of this job was heard on a surveyed channel.",
        )
    if plan and here.channel not in plan:
        said = f"The hub is on {here.channel}, outside the building's plan"
        if first.channel in plan:
            return "move", first.channel, f"{said}; of the plan, {first.channel} ranks first."
        unseen = f"none of which was surveyed; of what was, {first.channel} ranks first"
        return "move", first.channel, f"{said}, {unseen}: survey the plan's channels."
    gain = here.noise - first.noise
    if gain >= ALIKE_DB:
        said = f"Channel {first.channel} is {shown(gain)} dB quieter than the hub's {here.channel}"
        return "move", first.channel, f"{said}."
    if first is here:
        said = f"The hub's channel {here.channel} ranks first at {shown(here.noise)} dBm"
        return "stay", here.channel, f"{said}."
    if rounded(gain) < 0:
        said = f"Channel {first.channel} ranks first, but is {shown(-gain)} dB noisier"
        return "stay", here.channel, f"{said} than the hub's {here.channel}."
    said = f"Moving from {here.channel} to {first.channel} gains {shown(gain)} dB"
    just = "just " if rounded(gain) == ALIKE_DB else ""
    return "stay", here.channel, f"{said}, {just}less than {ALIKE_DB}."


def _row(rank: int, each: ChannelFigures, plan: Sequence[int]) -> ChannelAdvice:
    reasons = [f"noise {shown(each.noise)} dBm"]
    if each.channel in plan:
        reasons.insert(0, "in the building's plan")
    if each.hubs:
        reasons.append(counted(each.hubs, "other hub"))
    if each.channel in COMMON_PRACTICE:
        reasons.append("common practice, not GBCS")
    if each.is_ours:
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
