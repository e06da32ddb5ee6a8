"""What an SR 12.1 answer means for a visit: which hub to fit, and whether to expect no WAN."""

from dataclasses import dataclass
from datetime import date

from hht.duis.wan_matrix import Region, WanMatrix

SPACE = " "
NO_COVERAGE_INTENDED = "No Coverage Intended"
_MESH = "mesh"
_NORTHERN = {"Standard 420": "420", "420": "420", "Variant 450": "450", "450": "450"}
"""The northern variants as DCC 1.3 and 2.0 name them (MP081)."""


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One region for people; `advice` is empty where it gave only a code."""

    region: str
    words: str
    advice: str


def coverage_lines(matrix: WanMatrix | None, today: date) -> tuple[CoverageLine, ...]:
    """Return every region of an answer in words, with the advice that follows from it."""
    regions = matrix.regions if matrix else ()
    return tuple(
        CoverageLine(each.name, in_words(each), advice_for(each, today) or "") for each in regions
    )


def advice_for(region: Region, today: date) -> str | None:
    """Advise what to fit and take along; None where the region gave only a code."""
    if region.technology is None:
        return None
    parts = [_hub(region.technology), _wan(region, today)]
    if region.auxiliary and region.auxiliary.strip():
        parts.append(f"take along: {region.auxiliary.strip()}")
    text = "; ".join(filter(None, parts))
    return f"{text[0].upper()}{text[1:]}."


def in_words(region: Region) -> str:
    """Give the region's answer as a line for people."""
    if region.technology is None:
        return f"answered with code {region.response_code} only"
    if region.technology == NO_COVERAGE_INTENDED:
        return "no coverage intended"
    expected = f"expected {region.expected}" if region.expected else ""
    state = expected or ("available" if region.coverage else "not available")
    variant = "variant not confirmed" if region.technology == SPACE else region.technology
    return f"coverage {state}, {variant}, likelihood {(region.likelihood or '').lower()}"


def _hub(technology: str) -> str:
    if not technology.strip():  # a space, as DCC writes it, or other white space
        return "variant not confirmed: ask which hub to fit"
    if technology == NO_COVERAGE_INTENDED:
        return ""
    name = _NORTHERN.get(technology, technology)
    mesh = ", which may reach its WAN over a mesh of hubs" if _MESH in technology.lower() else ""
    return f"fit the {name} hub{mesh}"


def _wan(region: Region, today: date) -> str:
    if region.technology == NO_COVERAGE_INTENDED:
        return "no coverage is intended: expect a visit without WAN"
    if region.expected and region.expected > today:
        return f"coverage is expected {region.expected}: until then expect a visit without WAN"
    if not region.coverage:
        return "no coverage: expect a visit without WAN"
    if region.likelihood == "Low":
        return "a connection is unlikely: be ready for a visit without WAN"
    return ""
