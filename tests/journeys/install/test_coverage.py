"""What an SR 12.1 answer means for the visit."""

from dataclasses import replace
from datetime import date

import pytest
from wan_matrix_samples import COVERAGE

from hht.duis.job.brief import JobBrief
from hht.duis.wan_matrix import Region
from hht.journeys.install.coverage import advice_for, coverage_of, in_words

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


def test_a_date_that_has_passed_is_not_expected_any_more() -> None:
    words = in_words(region("420", coverage=False, expected=TODAY), TODAY)
    assert words.startswith("coverage not available, was expected 2026-11-26, 420")


BRIEF = JobBrief(uprn="100023336956", coverage=COVERAGE)
OF_A_POSTCODE = COVERAGE.replace(
    "<sr:UPRN>1</sr:UPRN>",
    "<sr:PartialAddress><sr:PostCode>ze1 0aa</sr:PostCode>"
    "<sr:AddressIdentifier>12</sr:AddressIdentifier></sr:PartialAddress>",
)


@pytest.mark.parametrize(
    ("given", "address", "doubt"),
    [
        (BRIEF, "", "UPRN 1, and not about the job's 100023336956"),
        (replace(BRIEF, uprn="0001"), "", ""),
        (replace(BRIEF, uprn=""), "1 High Street, AB1 2CD", ""),
        (replace(BRIEF, coverage=OF_A_POSTCODE), "1 High Street, AB1 2CD", "postcode ze1 0aa"),
        (replace(BRIEF, coverage=OF_A_POSTCODE), "1 High Street, ZE10AA", ""),
        (replace(BRIEF, coverage=OF_A_POSTCODE), "1 High Street", ""),
    ],
)
def test_an_answer_about_other_premises_is_said(given: JobBrief, address: str, doubt: str) -> None:
    found = coverage_of(given, address, TODAY)
    assert found
    assert doubt in found.doubt
    assert bool(found.doubt) is bool(doubt)


def test_a_job_without_an_answer_is_none_and_a_code_alone_is_an_answer_without_a_region() -> None:
    assert coverage_of(JobBrief(), "", TODAY) is None
    start, _, rest = COVERAGE.partition("<sr:DSPWANMatrix>")
    alone = start.replace(">I0<", ">E120101<") + rest.partition("</sr:DSPWANMatrix>")[2]
    found = coverage_of(replace(BRIEF, coverage=alone), "", TODAY)
    assert found
    assert (found.lines, "code E120101 and no coverage" in found.doubt) == ((), True)


def test_what_the_dcc_adds_is_kept_with_its_region() -> None:
    more = "<sr:AdditionalInformation>Ring  the\nwarden</sr:AdditionalInformation>"
    end = "</sr:ConnectivityLikelihood>"
    found = coverage_of(replace(BRIEF, coverage=COVERAGE.replace(end, end + more)), "", TODAY)
    assert found
    assert [line.more for line in found.lines] == ["", "Ring the warden"]


def test_auxiliary_equipment_is_taken_along() -> None:
    assert "take along: T2 aerial" in (
        advice_for(region("420", auxiliary="T2 aerial"), TODAY) or ""
    )


def test_a_code_alone_gives_no_advice() -> None:
    assert advice_for(Region("North", "E120101"), TODAY) is None
    assert in_words(Region("North", "E120101"), TODAY) == "answered with code E120101 only"


@pytest.mark.parametrize("technology", ["  ", "\n", "\u00a0"])
def test_no_hub_of_white_space_is_advised(technology: str) -> None:
    assert "ask which hub to fit" in (advice_for(region(technology), TODAY) or "")


def test_the_single_space_reads_as_mp081_means_it() -> None:
    words = in_words(region(" ", expected=LATER), TODAY)
    assert words.startswith("coverage expected 2027-01-31, variant not confirmed")
