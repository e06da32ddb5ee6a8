"""A survey as it grows: one more scan at a spot, or another survey beside it."""

from dataclasses import replace

from hht.errors import InputError
from hht.survey.measuring import Heard, merged
from hht.survey.survey_file import Pass, Spot, Survey


def grown(survey: Survey, spot: str, heard: Heard) -> Survey:
    """Return the survey with one more scan at a spot.

    An energy scan alone is a pass that still grows.
    """
    here = next((each for each in survey.spots if each.name == spot), None)
    others = tuple(each for each in survey.spots if each is not here)
    passes = (*(here.passes if here else ()), heard.energy)
    networks = merged(survey.networks, heard.networks)
    return replace(survey, spots=(*others, Spot(spot, passes)), networks=networks)


def joined(one: Survey, other: Survey, where: str) -> Survey:
    """Join both, nothing of either lost, nothing counted twice; `where` names the other.

    InputError where their scans took different times: a maximum grows with time.
    """
    if not one.spots:
        return other
    if one.duration != other.duration:
        raise InputError(
            f"This survey was made with duration {other.duration}, the other with {one.duration}:"
            " one survey has one duration",
            where=where,
            remedy="Give another file.",
        )
    spots: dict[str, tuple[Pass, ...]] = {}
    for spot in (*one.spots, *other.spots):  # a file may have a name twice
        known = spots.get(spot.name, ())
        new = tuple(each for each in spot.passes if each not in known)
        spots[spot.name] = tuple(sorted((*known, *new), key=_moment))
    named = tuple(Spot(name, passes) for name, passes in spots.items())
    return replace(one, spots=named, networks=merged(one.networks, other.networks))


def _moment(each: Pass) -> float:
    return each.at.timestamp()
