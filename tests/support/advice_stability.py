"""How often the advice keeps its first choice where every value is off by up to 3 dB.

Run it as `python tests/support/advice_stability.py [BUILDINGS [SEEDS]]`; docs/survey.md has what it
printed and what it means. The buildings are those of the study (channel_study.py).
"""

import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from statistics import mean

from channel_study import Building

from hht.survey.advice import advise
from hht.survey.survey_file import LEAST_DBM, MOST_DBM, Pass, Spot, Survey

ERROR_DB = 3.0
"""What two dongles, or one in two hands, may differ by."""
PLAN = (15, 20, 25)


def shaken(survey: Survey, chance: random.Random) -> Survey:
    """The survey with each value off by up to 3 dB, evenly drawn."""
    spots = tuple(
        Spot(s.name, tuple(_shaken(each, chance) for each in s.passes)) for s in survey.spots
    )
    return replace(survey, spots=spots)


def _shaken(each: Pass, chance: random.Random) -> Pass:
    off = {c: level + chance.uniform(-ERROR_DB, ERROR_DB) for c, level in each.dbm.items()}
    return replace(each, dbm={c: min(max(level, LEAST_DBM), MOST_DBM) for c, level in off.items()})


def kept(survey: Survey, plan: Sequence[int], seeds: int) -> float:
    """The share of seeds with the advised channel of the survey as it was."""
    first = advise(survey, plan).channel
    drawn = (advise(shaken(survey, random.Random(seed)), plan).channel for seed in range(seeds))
    return mean(channel == first for channel in drawn)


def report(buildings: int, seeds: int) -> list[str]:
    """Three figures for advice without a plan, three with one."""
    lines = [f"{buildings} buildings, {seeds} seeds each, every value +-{ERROR_DB:g} dB"]
    for title, plan in (("without a plan", ()), ("with the plan 15, 20, 25", PLAN)):
        shares = [kept(Building(number).survey(), plan, seeds) for number in range(buildings)]
        above = mean(share >= 0.95 for share in shares)
        lines.append(
            f"{title:<26} kept {100 * mean(shares):5.1f} %; in {100 * above:3.0f} % of them"
            f" at least 95 %; worst {100 * min(shares):3.0f} %"
        )
    return lines


if __name__ == "__main__":
    print(*report(*map(int, [*sys.argv[1:], *("50", "200")[len(sys.argv) - 1 :]][:2])), sep="\n")
