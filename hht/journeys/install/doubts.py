"""What is doubtful about a visit's answers: each is asked once more before SR 8.14 is queued."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from hht.duis.job.brief import JobBrief
from hht.journeys.install.answers import Answers
from hht.journeys.install.coverage import SPACE
from hht.mpxn import check_digits_fit

CLOCK_LIMIT = timedelta(minutes=2)
"""Further apart the handheld's clock and the Devices' are doubtful; the DCC refuses the future."""


class DoubtCode(StrEnum):
    """What a doubt is about."""

    VARIANT = "wrong-variant"
    METER_POINT = "mpxn-check"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to be looked at again; `question` is the one whose answer is doubtful."""

    code: DoubtCode
    question: str
    what: str
    remedy: str


def doubts_of(answers: Answers, brief: JobBrief, clock_off: timedelta | None) -> Iterator[Doubt]:
    """Yield every doubt; `clock_off` is how far the handheld's clock is ahead of the Devices'."""
    values = answers.values
    seen, wanted = str(values.get("variant", "")), brief.wan_variant
    if seen and wanted and wanted != SPACE and not _same_variant(seen, wanted):
        what = f"The label says {seen}, the job wants {wanted}"
        remedy = "Fit the hub of the job's variant, or say why this one."
        yield Doubt(DoubtCode.VARIANT, "variant", what, remedy)
    number = str(values.get("MPxN", ""))
    if number and not check_digits_fit(number):
        what = f"The check digit of {number} fails"
        yield Doubt(DoubtCode.METER_POINT, "MPxN", what, "Compare it with the meter and the order.")
    if clock_off is not None and abs(clock_off) > CLOCK_LIMIT and "InstallDateTime" in values:
        minutes = abs(clock_off).total_seconds() / 60
        way = "ahead of" if clock_off > timedelta() else "behind"
        what = f"The handheld's clock is {minutes:.0f} minutes {way} the Devices'"
        remedy = (
            "Set it, and give the time of power-on again: the DCC refuses the future (E081402)."
        )
        yield Doubt(DoubtCode.CLOCK, "InstallDateTime", what, remedy)


def _same_variant(one: str, other: str) -> bool:
    """Return whether two names are one variant: the northern ones have a long and a short name
    (MP081)."""
    return _short(one) == _short(other)


def _short(name: str) -> str:
    return name.removeprefix("Standard ").removeprefix("Variant ").strip().casefold()
