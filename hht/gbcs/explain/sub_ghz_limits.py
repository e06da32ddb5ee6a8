"""The settings of a hub's sub-GHz radio (DBCH03, DBCH04, DBCH09) with the ranges DUIS gives them.

On the wire a percentage is in hundredths; DUIS writes the two duty cycle thresholds with one
decimal. What is outside DUIS's range is said to be. Source: the DUIS 5.4 schema, SR 6.28.
"""

from typing import NamedTuple

from hht.gbcs.explain.amounts import decimal, whole


class Limit(NamedTuple):
    """The least and most that DUIS allows, as on the wire; decimals, unit, smallest step."""

    least: int
    most: int
    places: int = 0
    unit: str = ""
    step: int = 1


_SHARE = Limit(100, 10_000, 2, "%")
LIMITS = {
    "normal_limited": Limit(50, 200, 2, "%", step=10),
    "limited_critical": Limit(160, 240, 2, "%", step=10),
    "changes_a_week": Limit(1, 7),
    "gsme_curfew": Limit(2, 65_535),
    "quieter": Limit(1, 255, 0, "dB"),
    "noisier": Limit(0, 20, 0, "dB"),
    "poor_share": _SHARE,
    "poor_periods": Limit(50, 150, 0, "half hours"),
    "noise_period": Limit(61, 65_535),
    "failure_share": _SHARE,
    "retry_share": _SHARE,
}
"""By form. DUIS has "above 1.5 and below 2.5", "above 1", "above 60" for 1.6 to 2.4, 2 and 61."""


def setting_in_words(number: int, form: str) -> str:
    """Return the setting with its unit; with DUIS's range where it is outside of it."""
    limit = LIMITS[form]
    shown = _shown(number, limit)
    if not limit.least <= number <= limit.most:
        return f"{shown} (outside DUIS's {range_in_words(form)})"
    return f"{shown} (DUIS has one decimal)" if number % limit.step else shown


def range_in_words(form: str) -> str:
    """Return what DUIS allows of this setting, with its unit."""
    limit = LIMITS[form]
    return f"{_figures(limit.least, limit)} to {_shown(limit.most, limit)}"


def _figures(number: int, limit: Limit) -> str:
    return decimal(number, limit.places) if limit.places else whole(number)


def _shown(number: int, limit: Limit) -> str:
    return f"{_figures(number, limit)} {limit.unit}".rstrip()
