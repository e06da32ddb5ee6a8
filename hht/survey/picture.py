"""A survey under way as a screen shows it: its chart, and what is advised by now."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from hht.survey.advice import advise
from hht.survey.chart import chart
from hht.survey.figures import figures_of
from hht.survey.measuring import DURATION, Heard, merged
from hht.survey.survey_file import Spot, Survey

LIMITS = "dBm · Wi-Fi is energy, sub-GHz is not heard"
EMPTY = Survey(DURATION, (), ())


@dataclass(frozen=True, slots=True)
class Picture:
    """The rows of the chart without its legend, none over 53 columns, and the advice in words."""

    chart: tuple[str, ...]
    advice: str


def grown(survey: Survey, spot: str, heard: Heard) -> Survey:
    """The survey with one more scan at a spot; an energy scan alone is a pass that still grows."""
    here = next((each for each in survey.spots if each.name == spot), None)
    others = tuple(each for each in survey.spots if each is not here)
    passes = (*(here.passes if here else ()), heard.energy)
    networks = merged(survey.networks, heard.networks)
    return replace(survey, spots=(*others, Spot(spot, passes)), networks=networks)


def picture_of(survey: Survey, plan: Collection[int] = ()) -> Picture:
    """Draw it; the survey has at least one pass."""
    found = advise(survey, tuple(plan))
    count = sum(len(spot.passes) for spot in survey.spots)
    said = f"{found.advice.capitalize()}: channel {found.channel}. {found.reason}"
    outside = " Outside the building's plan." if found.outside_plan else ""
    words = f"{said}{outside}\nPass {count} · {LIMITS}"
    rows = chart(figures_of(survey), plan)
    return Picture(tuple(rows[:-1]), words)
