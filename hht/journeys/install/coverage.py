"""What an SR 12.1 answer means for a visit: which hub to fit, and whether to expect no WAN."""

import re
from dataclasses import dataclass
from datetime import date

from hht.duis.job.brief import JobBrief
from hht.duis.wan_matrix import Region, WanMatrix
from hht.spans import capital
from hht.texts import texts_of

_text = texts_of("coverage_line")

SPACE = " "
NO_COVERAGE_INTENDED = "No Coverage Intended"
_MESH = "mesh"
_NORTHERN = {"Standard 420": "420", "420": "420", "Variant 450": "450", "450": "450"}
"""The northern variants as DCC 1.3 and 2.0 name them (MP081)."""
_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\b")


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One region for people; `advice` is empty where it gave only a code, `more` is the DCC's."""

    region: str
    words: str
    advice: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """An answer for people; `doubt` is what is wrong with the whole of it, else nothing."""

    lines: tuple[CoverageLine, ...]
    doubt: str = ""


def coverage_of(brief: JobBrief, address: str, today: date) -> Coverage | None:
    """Return the coverage that a job brings for its premises, in words; None where it has none."""
    matrix = brief.wan_matrix
    if matrix is None:
        return None
    lines = tuple(
        CoverageLine(
            *(each.name, in_words(each, today), advice_for(each, today) or ""),
            more=" ".join((each.additional or "").split()),
        )
        for each in matrix.regions
    )
    return Coverage(lines, _code_alone(matrix) or other_premises(matrix, brief.uprn, address))


def _code_alone(matrix: WanMatrix) -> str:
    if matrix.regions:
        return ""
    return _text("code_alone", code=matrix.response_code)


def other_premises(matrix: WanMatrix, uprn: str, address: str) -> str:
    """Say that an answer is about other premises than the job's; nothing where that is not shown.

    They are compared by UPRN, else by the postcode in the job's address.
    """
    own = _POSTCODE.search(address.upper())
    if uprn and matrix.uprn and int(uprn) != int(matrix.uprn):
        asked, wanted = f"UPRN {matrix.uprn}", uprn
    elif matrix.postcode and own and _plain(own[0]) != _plain(matrix.postcode):
        asked, wanted = f"postcode {matrix.postcode}", own[0]
    else:
        return ""
    return _text("other_premises", asked=asked, wanted=wanted)


def _plain(postcode: str) -> str:
    return "".join(postcode.split()).upper()


def advice_for(region: Region, today: date) -> str | None:
    """Advise what to fit and take along; None where the region gave only a code."""
    if region.technology is None:
        return None
    parts = [_hub(region.technology), _wan(region, today)]
    if region.auxiliary and region.auxiliary.strip():
        parts.append(_text("take_along", what=region.auxiliary.strip()))
    return f"{capital('; '.join(filter(None, parts)))}."


def in_words(region: Region, today: date) -> str:
    """Give the region's answer as a line for people."""
    if region.technology is None:
        return _text("code_only", code=region.response_code)
    if region.technology == NO_COVERAGE_INTENDED:
        return _text("none_intended")
    state = _text("available" if region.coverage else "not_available")
    if region.expected and region.expected > today:
        state = _text("expected", date=region.expected)
    elif region.expected:
        state = _text("was_expected", state=state, date=region.expected)
    variant = _text("not_confirmed") if region.technology == SPACE else region.technology
    likelihood = _text(region.likelihood.lower()) if region.likelihood else ""
    return _text("line", state=state, variant=variant, likelihood=likelihood)


def _hub(technology: str) -> str:
    if not technology.strip():  # a space, as DCC writes it, or other white space
        return _text("ask_which")
    if technology == NO_COVERAGE_INTENDED:
        return ""
    name = _NORTHERN.get(technology, technology)
    return _text("fit_mesh" if _MESH in technology.lower() else "fit", hub=name)


def _wan(region: Region, today: date) -> str:
    if region.technology == NO_COVERAGE_INTENDED:
        return _text("without_intended")
    if region.expected and region.expected > today:
        return _text("without_until", date=region.expected)
    if not region.coverage:
        return _text("without")
    if region.likelihood == "Low":
        return _text("unlikely")
    return ""
