"""How often the advice keeps its first choice where every value is off by up to 3 dB.

Run it as `python tests/support/advice_stability.py [BUILDINGS [SEEDS]]`; what it printed,
and what that means, is in docs/channel-advice.md. The buildings are those of
the study (channel_study.py).
"""

import itertools
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import mean

from channel_study import Building

from hht.survey.advice import ALIKE_DB, COMMON_PRACTICE, Advice, advise
from hht.survey.figures import figures_of
from hht.survey.survey_file import LEAST_DBM, MOST_DBM, Pass, Spot, Survey

ERROR_DB = 3.0
"""What two dongles, or one in two hands, may differ by."""
PLAN = (15, 20, 25)
KEPT = "kept"
QUIETER = "of channels that are alike the quieter one comes"
ALIKE_LIMIT = "a channel crosses the limit of 6 dB to be alike"
STAY_LIMIT = "the gain crosses the 6 dB of staying"


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
    return mean(reason == KEPT for reason in reasons(survey, plan, seeds))


def reasons(survey: Survey, plan: Sequence[int], seeds: int) -> Iterator[str]:
    """Say of each seed that the advised channel was kept, or which rule let it go."""
    before = advise(survey, plan)
    noise = {each.channel: each.noise for each in figures_of(survey)}
    for seed in range(seeds):
        after = advise(shaken(survey, random.Random(seed)), plan)
        if after.channel == before.channel:
            yield KEPT
        elif after.advice != before.advice:
            yield STAY_LIMIT
        elif (
            _weight(before) == _weight(after)
            and abs(noise[before.channel] - noise[after.channel]) < ALIKE_DB
        ):
            yield QUIETER
        else:
            yield ALIKE_LIMIT


def _weight(advice: Advice) -> tuple[int, bool]:
    """What comes before the noise among channels that are alike."""
    row = next(each for each in advice.channels if each.channel == advice.channel)
    return row.hubs, row.channel in COMMON_PRACTICE


def report(buildings: int, seeds: int) -> list[str]:
    """The share that was kept without a plan and with one, and why the others were not."""
    lines = [f"{buildings} buildings, {seeds} seeds each, every value +-{ERROR_DB:g} dB"]
    for title, plan in (("without a plan", ()), ("with the plan 15, 20, 25", PLAN)):
        drawn = [list(reasons(Building(n).survey(), plan, seeds)) for n in range(buildings)]
        shares = [mean(reason == KEPT for reason in each) for each in drawn]
        above = mean(share >= 0.95 for share in shares)
        lines.append(
            f"{title:<26} kept {100 * mean(shares):5.1f} %; in {100 * above:3.0f} % of them"
            f" at least 95 %; worst {100 * min(shares):3.0f} %"
        )
        counts = Counter(reason for each in drawn for reason in each)
        lines += [
            f"  {cause:<48} {100 * counts[cause] / counts.total():5.1f} %"
            for cause in (QUIETER, ALIKE_LIMIT, STAY_LIMIT)
        ]
    return lines


def by_passes(buildings: int, seeds: int) -> list[str]:
    """The share that is kept without a plan, by how many passes were made at each spot."""
    lines = []
    for passes in (1, 3, 5, 9, 15):
        shares = [kept(repeated(Building(n).survey(), passes), (), seeds) for n in range(buildings)]
        lines.append(f"{passes:2} passes at a spot, the same air  kept {100 * mean(shares):5.1f} %")
    return lines


def repeated(survey: Survey, passes: int) -> Survey:
    """The survey with so many passes at each spot: its own, over and over."""
    spots = tuple(
        Spot(s.name, tuple(itertools.islice(itertools.cycle(s.passes), passes)))
        for s in survey.spots
    )
    return replace(survey, spots=spots)


if __name__ == "__main__":
    given = [*map(int, [*sys.argv[1:], *("50", "200")[len(sys.argv) - 1 :]][:2])]
    print(*report(*given), *by_passes(*given), sep="\n")
