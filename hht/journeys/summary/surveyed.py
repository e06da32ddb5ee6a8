"""A survey in the summary of a visit: what it advises, and its chart as a drawing."""

from dataclasses import dataclass
from pathlib import Path

from hht.files import read_input
from hht.journeys.summary.content import Section
from hht.survey.advice import advise
from hht.survey.chart import drawing
from hht.survey.figures import figures_of
from hht.survey.survey_file import read_survey


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A survey for the page: what it advises as rows, and its chart as SVG."""

    section: Section
    svg: str


def surveyed(path: Path, plan: tuple[int, ...]) -> Surveyed:
    """Read a survey file; InputError where it is none."""
    survey = read_survey(read_input(path), str(path))
    advice, figures = advise(survey, plan), figures_of(survey)
    rows = [
        ("Advice", f"{advice.advice}: channel {advice.channel}"),
        ("Because", " ".join((advice.reason, *advice.warnings))),
        ("Spots", ", ".join(spot.name for spot in survey.spots)),
        ("What a ZigBee radio hears", "Wi-Fi as energy alone, and nothing of sub-GHz"),
    ]
    return Surveyed(Section("Survey of 2.4 GHz", tuple(rows)), drawing(figures, plan))
