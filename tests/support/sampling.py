"""How much of a long series the suite plays: a share of it, or with HHT_LONG=1 all of it."""

import os
import random
from collections import defaultdict
from collections.abc import Sequence
from typing import TypeVar

import pytest

_T = TypeVar("_T")

LONG = bool(os.environ.get("HHT_LONG"))
"""`.ci/long` sets it: every step, every boundary, every item."""


def share_of(series: Sequence[_T], one_in: int) -> Sequence[_T]:
    """Give every so manyth of a series, beginning anywhere; its order stays, and all come in turn.

    Where it begins is drawn by the run's seed, which pytest prints; `--randomly-seed` sets it.
    """
    return series if LONG else series[random.randrange(one_in) :: one_in]


def left_to_another_run(items: Sequence[pytest.Item], seed: int) -> list[pytest.Item]:
    """Find, for each test marked `one_in(n)`, all of its cases but every nth, as the seed draws.

    All of xdist's processes have the run's seed, and so the same cases.
    """
    cases: dict[tuple[str, int], list[pytest.Item]] = defaultdict(list)
    for item in items:
        if (mark := item.get_closest_marker("one_in")) and not LONG:
            cases[item.nodeid.partition("[")[0], mark.args[0]].append(item)
    left_out = []
    for (name, one_in), found in cases.items():
        in_order = sorted(found, key=lambda item: item.nodeid)
        first = random.Random(f"{seed} {name}").randrange(one_in)
        left_out += [item for at, item in enumerate(in_order) if at % one_in != first]
    return left_out
