"""Advice which channel a hub should use: the building's plan, then noise, neighbours, practice.

What is weighed is data: assets/tables/channel_advice.toml.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.resources import files

from hht.spans import capital
from hht.survey.figures import ChannelFigures, figures_of, our_channel
from hht.survey.survey_file import Survey
from hht.texts import texts_of

_text = texts_of("channel_advice")

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
        outside, noisy = _text("outside"), _text("plan_noisy", limit=NOISY_DBM)
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
    at = {"channel": first.channel, "noise": shown(first.noise)}
    if here is None:
        return "choose", first.channel, _text("none_heard", **at)
    at |= {"here": here.channel, "limit": ALIKE_DB}
    if plan and here.channel not in plan:
        name = "outside_move" if first.channel in plan else "outside_unseen"
        return "move", first.channel, _text(name, **at)
    gain = here.noise - first.noise
    if gain >= ALIKE_DB:
        return "move", first.channel, _text("quieter", **at, gain=shown(gain))
    if first is here:
        return "stay", here.channel, _text("first", **at)
    if rounded(gain) < 0:
        return "stay", here.channel, _text("noisier", **at, loss=shown(-gain))
    name = "gains_just" if rounded(gain) == ALIKE_DB else "gains"
    return "stay", here.channel, _text(name, **at, gain=shown(gain))


def _row(rank: int, each: ChannelFigures, plan: Sequence[int]) -> ChannelAdvice:
    reasons = [_text("noise", noise=shown(each.noise))]
    if each.channel in plan:
        reasons.insert(0, _text("in_plan"))
    if each.hubs:
        reasons.append(_text("other_hubs", count=each.hubs))
    if each.channel in COMMON_PRACTICE:
        reasons.append(_text("common_practice"))
    if each.is_ours:
        reasons.append(_text("hub_is_here"))
    sentence = f"{capital(', '.join(reasons))}."
    return ChannelAdvice(each.channel, rank, each.noise, each.worst, each.hubs, sentence)


def shown(value: Fraction) -> str:
    """Print a figure with one decimal."""
    return f"{rounded(value):.1f}"


def rounded(value: Fraction) -> float:
    """Round to one decimal, for showing only."""
    return round(float(value), 1)
