"""SR 8.14.1 to 8.14.4: every field and every value the DCC accepts, and everything it refuses."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from hht.duis.envelope import TRAINING_MARK
from hht.duis.status_update import (
    Faults,
    check_counter,
    check_status_update,
    fields_of,
    with_draft,
)
from hht.entity_id import EntityId

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
CHF, ESME = "00-DB-12-34-56-78-90-A2", "00-DB-12-34-56-78-90-A0"
COMMON = {"BusinessOriginatorID": "90-B3-D5-1F-30-01-00-00", "DeviceID": CHF}
WITH_WAN = COMMON | {
    "ServiceReferenceVariant": "8.14.1",
    "CHFInstallType": "New CHF Install",
    "MPxN": "1234567890126",
    "AerialInstall": True,
    "CHFLocation": "Deep indoors",
}
NO_WAN = WITH_WAN | {
    "ServiceReferenceVariant": "8.14.2",
    "CHFInstallType": "CHF Install - no SM WAN",
    "PremiseType": "Terraced",
    "MetalObstructionCheck": False,
    "ConnectivityObstructionCheck": True,
    "SharedObstructionCheck": False,
}
FAULT = COMMON | {
    "ServiceReferenceVariant": "8.14.3",
    "CHFFaultReturnType": "Fault identified prior to installation",
    "OtherDeviceID": ESME,
    "CHFConnectionMethod": "Hot-shoe",
    "CHFFaultReason": "LED Fault",
}
NO_FAULT = COMMON | {
    "ServiceReferenceVariant": "8.14.4",
    "CHFNoFaultReturnType": "Lost or Stolen Hub",
}
LEAST: dict[str, dict[str, Any]] = {
    str(given["ServiceReferenceVariant"]): given for given in (WITH_WAN, NO_WAN, FAULT, NO_FAULT)
}
OPTIONAL: dict[str, Any] = {
    "time": "2026-11-26T09:30:00.123+01:00",
    "text": "x",
}


def full(variant: str) -> dict[str, Any]:
    """The least of a variant and each of its optional fields at its longest."""
    _, fields = fields_of(variant)
    longest = {f.name: "é" * f.most if f.kind == "text" else OPTIONAL.get(f.kind) for f in fields}
    return {name: value for name, value in longest.items() if value} | LEAST[variant]


def choices() -> list[tuple[str, str, str]]:
    return [
        (variant, field.name, choice)
        for variant in LEAST
        for field in fields_of(variant)[1]
        for choice in field.choices
    ]


@pytest.fixture(scope="session")
def schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(shared / "duis" / "xsd" / "duis.xsd"))


def written(given: dict[str, Any]) -> etree._Element:
    return etree.fromstring(check_status_update(given, NOW).to_xml(7))


def faults(given: dict[str, Any], not_hubs: frozenset[EntityId] = frozenset()) -> list[str]:
    with pytest.raises(Faults) as refused:
        check_status_update(given, NOW, not_hubs)
    return refused.value.lines


@pytest.mark.shared
@pytest.mark.parametrize("variant", LEAST)
def test_the_least_and_the_most_of_each_variant_are_valid(variant, schema) -> None:
    for given in (LEAST[variant], full(variant)):
        schema.assertValid(written(given))


@pytest.mark.shared
@pytest.mark.parametrize(("variant", "name", "choice"), choices())
def test_every_value_of_every_enumeration_is_valid(variant, name, choice, schema) -> None:
    root = written(LEAST[variant] | {name: choice})
    schema.assertValid(root)
    assert choice in root.itertext()


def test_the_header_is_that_of_a_dcc_only_service() -> None:
    header = [element.text for element in written(NO_WAN)[0]]
    assert header == [
        f"{COMMON['BusinessOriginatorID']}:90-B3-D5-1F-30-00-00-02:7",
        "8",
        "8.14",
        "8.14.2",
    ]


def test_values_are_written_as_they_were_given() -> None:
    note = '  <fused> & "live"\r\n🔌 '
    root = written(WITH_WAN | {"AdditionalInformation": note, "DeviceID": CHF.lower()})
    assert note in root.itertext()
    assert CHF.lower() in root.itertext()


def test_the_request_id_has_the_parties_in_the_letters_in_which_they_were_given() -> None:
    parties = {"BusinessOriginatorID": CHF.lower(), "BusinessTargetID": "aB-cd-EF-01-23-45-67-89"}
    assert f"{CHF.lower()}:aB-cd-EF-01-23-45-67-89:7" in written(WITH_WAN | parties).itertext()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"ServiceReferenceVariant": "8.14.5"}, "ServiceReferenceVariant"),
        ({"ServiceReferenceVariant": None}, "ServiceReferenceVariant"),
        ({"Colour": "red"}, "Colour"),
        ({"PremiseType": "Terraced"}, "PremiseType"),
        ({"UserRefID": None}, "UserRefID"),
        ({"MPxN": 1234567890126}, "MPxN"),
        ({"MPxN": "12345"}, "MPxN"),
        ({"MPxN": "12345678901"}, "MPxN"),
        ({"MPxN": "１２３４５６７"}, "MPxN"),
        ({"MPxN": " 3938424403"}, "MPxN"),
        ({"AerialInstall": "true"}, "AerialInstall"),
        ({"AerialInstall": 1}, "AerialInstall"),
        ({"CHFLocation": "deep indoors"}, "CHFLocation"),
        ({"CHFInstallType": "CHF Install - no SM WAN"}, "CHFInstallType"),
        ({"DeviceID": "00DB1234567890A2"}, "DeviceID"),
        ({"DeviceID": f"{CHF}\n"}, "DeviceID"),
        ({"BusinessTargetID": "DCC"}, "BusinessTargetID"),
        ({"UserRefID": ""}, "UserRefID"),
        ({"UserRefID": "  "}, "UserRefID"),
        ({"UserRefID": "x" * 26}, "UserRefID"),
        ({"GISData": "x" * 26}, "GISData"),
        ({"AdditionalInformation": "x" * 201}, "AdditionalInformation"),
        ({"AdditionalInformation": "bell\x07"}, "AdditionalInformation"),
        ({"AdditionalInformation": "half\ud83d"}, "AdditionalInformation"),
        ({"InstallDateTime": "2026-11-26T09:35:01Z"}, "InstallDateTime"),
        ({"InstallDateTime": "2026-11-26T10:35:01+01:00"}, "InstallDateTime"),
        ({"InstallDateTime": "2026-11-26T09:30:00"}, "InstallDateTime"),
        ({"InstallDateTime": "2026-11-26 09:30:00Z"}, "InstallDateTime"),
        ({"InstallDateTime": "2026-11-26T09:30Z"}, "InstallDateTime"),
        ({"InstallDateTime": "2026-02-30T09:30:00Z"}, "InstallDateTime"),
        ({"InstallDateTime": "2026-11-26T09:30:00+15:00"}, "InstallDateTime"),
        ({"InstallDateTime": "2026-11-26T09:30:00+05:60"}, "InstallDateTime"),
        ({"InstallDateTime": "20261126T093000Z"}, "InstallDateTime"),
    ],
)
def test_what_the_dcc_would_refuse_is_refused_by_the_name_of_its_field(change, named) -> None:
    lines = faults(WITH_WAN | change)
    assert len(lines) == 1
    assert named in lines[0].partition(":")[0]


@pytest.mark.parametrize("variant", LEAST)
def test_every_mandatory_field_is_missed_by_its_name(variant) -> None:
    for name in set(LEAST[variant]) - {"ServiceReferenceVariant"}:
        (line,) = faults({key: value for key, value in LEAST[variant].items() if key != name})
        assert line.startswith(f"{name}: missing")


@pytest.mark.parametrize(
    "moment", ["2026-11-26T09:35:00Z", "2026-11-25T24:00:00Z", "2026-11-26T09:30:00.5-00:00"]
)
def test_a_time_within_the_tolerance_of_two_clocks_is_taken(moment) -> None:
    assert moment in written(WITH_WAN | {"InstallDateTime": moment}).itertext()


def test_a_check_digit_that_fails_is_a_warning() -> None:
    update = check_status_update(WITH_WAN | {"MPxN": "1000999888"}, NOW)
    assert "check digit" in update.warnings[0]
    assert not check_status_update(WITH_WAN, NOW).warnings


def test_a_meter_of_an_imported_job_is_no_hub() -> None:
    meters = frozenset({EntityId.parse(ESME)})
    assert faults(WITH_WAN | {"DeviceID": ESME.lower()}, meters)[0].startswith("DeviceID:")
    assert check_status_update(FAULT, NOW, meters)


@pytest.mark.parametrize("counter", [-1, 2**64])
def test_a_counter_has_64_bits(counter) -> None:
    with pytest.raises(Faults):
        check_counter(counter)


@pytest.mark.shared
def test_the_drafts_item_is_marked_for_training_and_refused_by_duis_5_4(
    schema: etree.XMLSchema,
) -> None:
    update = with_draft(check_status_update(NO_WAN, NOW), (25, 15, 20, 15))
    xml = update.to_xml(7)
    assert TRAINING_MARK.encode() in xml
    assert b"<sr:Channel15/><sr:Channel20/><sr:Channel25/></sr:DraftCHFChannelMask>" in xml
    assert not schema.validate(etree.fromstring(xml))
    without = check_status_update(NO_WAN, NOW).to_xml(7)
    assert schema.validate(etree.fromstring(without))
    assert TRAINING_MARK.encode() not in without


@pytest.mark.parametrize("channels", [(), (10,), (15, 27)])
def test_the_drafts_item_without_a_channel_or_with_another_is_refused(
    channels: tuple[int, ...],
) -> None:
    with pytest.raises(Faults):
        with_draft(check_status_update(NO_WAN, NOW), channels)
