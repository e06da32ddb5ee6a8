"""How much of a long series the suite plays: a share of it, or with HHT_LONG=1 all of it."""

import os
import random
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")

LONG = bool(os.environ.get("HHT_LONG"))
"""`.ci/long` sets it: every step, every boundary, every item."""


def share_of(series: Sequence[_T], one_in: int) -> Sequence[_T]:
    """Give every so manyth of a series, beginning anywhere; its order stays, and all come in turn.

    Where it begins is drawn by the run's seed, which pytest prints; `--randomly-seed` sets it.
    """
    return series if LONG else series[random.randrange(one_in) :: one_in]
