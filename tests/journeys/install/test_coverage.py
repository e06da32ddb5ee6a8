"""What an SR 12.1 answer means for the visit."""

from datetime import date

import pytest

from hht.duis.wan_matrix import Region
from hht.journeys.install.coverage import advice_for, in_words

TODAY, LATER = date(2026, 11, 26), date(2027, 1, 31)


def region(
    technology: str,
    *,
    coverage: bool = True,
    expected: date | None = None,
    likelihood: str = "High",
    auxiliary: str | None = None,
) -> Region:
    return Region("South", "I0", coverage, expected, technology, likelihood, auxiliary)


@pytest.mark.parametrize(
    ("technology", "hub"),
    [
        ("Standard 420", "fit the 420 hub"),
        ("420", "fit the 420 hub"),
        ("Variant 450", "fit the 450"),
        ("Cellular", "fit the Cellular hub"),
        ("4G thing", "fit the 4G thing hub"),
    ],
)
def test_the_variant_to_fit_is_named(technology: str, hub: str) -> None:
    advice = advice_for(region(technology), TODAY) or ""
    assert hub.lower() in advice.lower()
    assert "without WAN" not in advice
    assert "mesh" not in advice


def test_mesh_is_named() -> None:
    assert "mesh" in (advice_for(region("Cellular+Mesh"), TODAY) or "")


@pytest.mark.parametrize(
    "case",
    [
        region("Cellular", coverage=False),
        region("Cellular", expected=LATER),
        region("Cellular", likelihood="Low"),
        region(" ", expected=LATER),
        region("No Coverage Intended", coverage=False),
    ],
)
def test_a_visit_without_wan_is_foreseen(case: Region) -> None:
    assert "without WAN" in (advice_for(case, TODAY) or "")


def test_a_date_that_has_passed_delays_nothing() -> None:
    assert "without WAN" not in (advice_for(region("420", expected=TODAY), TODAY) or "")


def test_auxiliary_equipment_is_taken_along() -> None:
    assert "take along: T2 aerial" in (
        advice_for(region("420", auxiliary="T2 aerial"), TODAY) or ""
    )


def test_a_code_alone_gives_no_advice() -> None:
    assert advice_for(Region("North", "E120101"), TODAY) is None
    assert in_words(Region("North", "E120101")) == "answered with code E120101 only"


@pytest.mark.parametrize("technology", ["  ", "\n", "\u00a0"])
def test_no_hub_of_white_space_is_advised(technology: str) -> None:
    assert "ask which hub to fit" in (advice_for(region(technology), TODAY) or "")


def test_the_single_space_reads_as_mp081_means_it() -> None:
    words = in_words(region(" ", expected=LATER))
    assert words.startswith("coverage expected 2027-01-31, variant not confirmed")
