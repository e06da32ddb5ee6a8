"""The answer to SR 12.1: every region, every string as it was sent, every fault refused."""

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from hht.duis.envelope import NAMESPACE, DuisRefused
from hht.duis.wan_matrix import LIKELIHOODS, REGIONS, Region, WanMatrix, read_wan_matrix

REQUEST = (
    "<sr:Request><sr:PartialAddress><sr:PostCode>M22 0RR</sr:PostCode>"
    "<sr:AddressIdentifier>1</sr:AddressIdentifier></sr:PartialAddress></sr:Request>"
)
FULL = {
    "CSPRegion": "South",
    "CSPRegionResponseCode": "I0",
    "CoverageAvailability": "true",
    "AnticipatedCoverageDate": "2027-01-31",
    "WANTechnology": "Cellular+Mesh",
    "ConnectivityLikelihood": "Medium",
    "AuxiliaryEquipmentRequired": "T2 aerial",
    "AdditionalInformation": "top floor",
}
SERVICE = "<sr:ServiceReference>12.1</sr:ServiceReference>"
VARIANT = "<sr:ServiceReferenceVariant>12.1</sr:ServiceReferenceVariant>"


def region_xml(fields: dict[str, str]) -> str:
    inner = "".join(f"<sr:{name}>{value}</sr:{name}>" for name, value in fields.items())
    return f"<sr:DSPWANMatrixResponse>{inner}</sr:DSPWANMatrixResponse>"


def answer(*regions: dict[str, str], request: str = REQUEST, code: str = "I0") -> str:
    matrix = request + "".join(map(region_xml, regions))
    return envelope(f"{SERVICE}{VARIANT}<sr:DSPWANMatrix>{matrix}</sr:DSPWANMatrix>", code)


def envelope(message: str, code: str = "I0") -> str:
    return (
        f'<sr:Response xmlns:sr="{NAMESPACE}" schemaVersion="5.4"><sr:Header>'
        "<sr:RequestID>90-B3-D5-1F-30-01-00-00:90-B3-D5-1F-30-00-00-02:1</sr:RequestID>"
        f"<sr:ResponseCode>{code}</sr:ResponseCode>"
        "<sr:ResponseDateTime>2026-11-20T09:00:00.000Z</sr:ResponseDateTime></sr:Header>"
        f"<sr:Body><sr:ResponseMessage>{message}</sr:ResponseMessage></sr:Body></sr:Response>"
    )


def read(xml: str) -> WanMatrix:
    return read_wan_matrix(xml.encode(), "answer.xml")


def refusal(xml: str) -> str:
    with pytest.raises(DuisRefused) as refused:
        read(xml)
    return str(refused.value)


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_every_region_and_likelihood_is_read(region: str, likelihood: str) -> None:
    (found,) = read(
        answer(FULL | {"CSPRegion": region, "ConnectivityLikelihood": likelihood})
    ).regions
    assert found == Region(
        region, "I0", True, date(2027, 1, 31), "Cellular+Mesh", likelihood, "T2 aerial", "top floor"
    )


def test_a_region_may_answer_with_a_code_only() -> None:
    code_only = {"CSPRegion": "North", "CSPRegionResponseCode": "E120101"}
    assert read(answer(FULL, code_only)).regions[1] == Region("North", "E120101")


@pytest.mark.parametrize("technology", [" ", "420", "Standard 420", "No Coverage Intended", "4G x"])
def test_a_technology_is_kept_exactly_as_it_was_sent(technology: str) -> None:
    (found,) = read(answer(FULL | {"WANTechnology": technology})).regions
    assert found.technology == technology


def test_a_comment_does_not_cut_a_text() -> None:
    (found,) = read(answer(FULL | {"WANTechnology": "Cell<!-- -->ular"})).regions
    assert found.technology == "Cellular"


def test_optional_elements_may_be_absent_and_empty_ones_stay_empty() -> None:
    least = {
        n: v
        for n, v in FULL.items()
        if n not in ("AnticipatedCoverageDate", "AuxiliaryEquipmentRequired")
    }
    (found,) = read(answer(least | {"AdditionalInformation": ""})).regions
    assert (found.expected, found.auxiliary, found.additional) == (None, None, "")


def test_a_uprn_may_stand_in_the_request() -> None:
    assert read(
        answer(FULL, request="<sr:Request><sr:UPRN>100012345</sr:UPRN></sr:Request>")
    ).regions


def test_an_error_code_without_a_matrix_is_an_answer() -> None:
    assert read(envelope(SERVICE + VARIANT, "E120101")) == WanMatrix("E120101", ())


def changed(name: str, value: str) -> str:
    return answer(FULL | {name: value})


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        (changed("CSPRegion", "South "), "CSPRegion"),
        (changed("CSPRegionResponseCode", "OK"), "CSPRegionResponseCode"),
        (changed("CoverageAvailability", "yes"), "CoverageAvailability"),
        (changed("AnticipatedCoverageDate", "31/01/2027"), "AnticipatedCoverageDate"),
        (changed("AnticipatedCoverageDate", "2027-02-30"), "AnticipatedCoverageDate"),
        (changed("WANTechnology", ""), "WANTechnology"),
        (changed("WANTechnology", "x" * 31), "WANTechnology"),
        (changed("WANTechnology", "Cell<sr:X/>ular"), "WANTechnology"),
        (changed("ConnectivityLikelihood", "high"), "ConnectivityLikelihood"),
        (changed("AuxiliaryEquipmentRequired", "x" * 51), "AuxiliaryEquipmentRequired"),
        (changed("AdditionalInformation", "x" * 251), "AdditionalInformation"),
        (answer(dict(reversed(FULL.items()))), "CSPRegion"),
        (answer({n: v for n, v in FULL.items() if n != "WANTechnology"}), "WANTechnology"),
        (answer({n: v for n, v in FULL.items() if n != "CoverageAvailability"}), "out of place"),
        (answer(FULL | {"Colour": "red"}), "Colour"),
        (answer(), "DSPWANMatrixResponse"),
        (answer(FULL, request=""), "Request"),
        (answer(FULL, request="<sr:Request/>"), "PartialAddress"),
        (answer(FULL, request=REQUEST.replace("M22 0RR", "M1")), "PostCode"),
        (answer(FULL, request="<sr:Request><sr:UPRN>0</sr:UPRN></sr:Request>"), "UPRN"),
        (answer(FULL, code="I96"), "I96"),
        (envelope(SERVICE + VARIANT), "no DSPWANMatrix"),
        (envelope(VARIANT + SERVICE), "ServiceReference"),
        (envelope(SERVICE.replace("12.1", "8.11") + VARIANT), "8.11"),
        (
            answer(FULL)
            .replace("sr:Response ", "sr:Request ")
            .replace("/sr:Response>", "/sr:Request>"),
            "Request",
        ),
        (answer(FULL).replace("-20T09:", "-20T25:"), "ResponseDateTime"),
        (answer(FULL).replace("00.000Z", "00.000+14:01"), "ResponseDateTime"),
        (answer(FULL).replace("<sr:Body>", "<sr:Body>text"), "text between"),
    ],
)
def test_an_answer_that_breaks_the_schema_is_refused(xml: str, said: str) -> None:
    assert said in refusal(xml)


@pytest.mark.shared
def test_the_official_schema_takes_what_we_take(shared: Path) -> None:
    schema = etree.XMLSchema(etree.parse(shared / "duis" / "xsd" / "duis.xsd"))
    for region in ({"CSPRegion": "North", "CSPRegionResponseCode": "E120101"}, FULL):
        schema.assertValid(etree.fromstring(answer(region)))
