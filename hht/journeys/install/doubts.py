"""What is doubtful about a visit's answers: each is asked once more before SR 8.14 is queued."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from hht.duis.job.brief import JobBrief
from hht.journeys.install.answers import Answers
from hht.journeys.install.coverage import SPACE
from hht.journeys.link.time_of_day import length
from hht.mpxn import check_digits_fit

CLOCK_LIMIT = timedelta(minutes=2)
"""Further apart the handheld's clock and the Devices' are doubtful; the DCC refuses the future."""


class DoubtCode(StrEnum):
    """What a doubt is about."""

    VARIANT = "wrong-variant"
    METER_POINT = "mpxn-check"
    CLOCK = "clock"


_QUESTIONS = {
    DoubtCode.VARIANT: "variant",
    DoubtCode.METER_POINT: "MPxN",
    DoubtCode.CLOCK: "InstallDateTime",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to be looked at again; `question` is the one whose answer is doubtful."""

    code: DoubtCode
    question: str
    what: str
    remedy: str


def clock_apart(clock_off: timedelta | None) -> timedelta | None:
    """Return how far the handheld's clock is ahead of the Devices', where that is too much."""
    is_near = clock_off is None or abs(clock_off) <= CLOCK_LIMIT
    return None if is_near else clock_off


def doubts_of(
    answers: Answers, brief: JobBrief, clock_off: timedelta | None, set_by: timedelta = timedelta()
) -> Iterator[Doubt]:
    """Yield every doubt.

    `clock_off` is how far the handheld's clock is ahead of the Devices', `set_by` by how much it
    was set after the time of power-on was given.
    """
    values = answers.values
    seen, wanted = str(values.get("variant", "")), brief.wan_variant
    if seen and wanted and wanted != SPACE and not _same_variant(seen, wanted):
        what = f"The label says {seen}, the job wants {wanted}"
        remedy = "Fit the hub of the job's variant, or say why this one."
        yield _doubt(DoubtCode.VARIANT, what, remedy)
    number = str(values.get("MPxN", ""))
    if number and not check_digits_fit(number):
        what = f"The check digit of {number} fails"
        yield _doubt(DoubtCode.METER_POINT, what, "Compare it with the meter and the order.")
    if "InstallDateTime" in values and (found := _of_clock(clock_off, set_by)):
        yield _doubt(DoubtCode.CLOCK, *found)


def _doubt(code: DoubtCode, what: str, remedy: str) -> Doubt:
    return Doubt(code, _QUESTIONS[code], what, remedy)


def still_accepted(accepted: Mapping[str, str], before: Answers, now: Answers) -> dict[str, str]:
    """Return the accepted doubts whose answer is the one about which they were accepted."""
    changed = {
        code for code, name in _QUESTIONS.items() if before.values.get(name) != now.values.get(name)
    }
    return {code: reason for code, reason in accepted.items() if code not in changed}


def _of_clock(clock_off: timedelta | None, set_by: timedelta) -> tuple[str, str] | None:
    """Say what is doubtful about a time by the handheld's clock, and what to do."""
    if abs(set_by) > CLOCK_LIMIT:
        way = "forward" if set_by > timedelta() else "back"
        what = f"The handheld's clock was set {way} {length(set_by)} after this time was given"
        return what, "Give the time of power-on again: the DCC refuses the future (E081402)."
    if apart := clock_apart(clock_off):
        way = "ahead of" if apart > timedelta() else "behind"
        what = f"The handheld's clock is {length(apart)} {way} the Devices'"
        return what, (
            "Compare it with another clock. If it is wrong, set it and give the time of power-on"
            " again: the DCC refuses the future (E081402). If the hub's is, say so."
        )
    return None


def _same_variant(one: str, other: str) -> bool:
    """Return whether two names are one variant: the northern ones have a long and a short name
    (MP081)."""
    return _short(one) == _short(other)


def _short(name: str) -> str:
    return name.removeprefix("Standard ").removeprefix("Variant ").strip().casefold()
