"""Each Service Request becomes the use case of its Device, or is refused with the remedy."""

from datetime import UTC, datetime

import pytest

from hht.duis.envelope import DuisRefused
from hht.duis.request_id import RequestId
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.simulator.head_end.compose.dcc_requests import refused_as_dcc_request
from hht.simulator.head_end.compose.inventory import Inventory
from hht.simulator.head_end.compose.service_request import ServiceRequest
from hht.simulator.head_end.compose.services import Target, plan
from hht.simulator.pki.remote_parties import PARTIES

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def entity(kind: DeviceType) -> EntityId:
    return EntityId(bytes.fromhex("00DB1234567890") + bytes([kind]))


INVENTORY = Inventory(types={entity(kind): kind for kind in DeviceType})


def request(kind: DeviceType, variant: str, name: str, **texts: str) -> ServiceRequest:
    to = RequestId(PARTIES[Role.SUPPLIER], entity(kind), 1000)
    return ServiceRequest.build(to, variant, name, texts)


def code_of(kind: DeviceType, variant: str, name: str, **texts: str) -> int:
    asked = request(kind, variant, name, **texts)
    return plan(asked, Target(kind, INVENTORY, NOW)).code


def test_a_device_that_the_inventory_does_not_have_is_added_by_no_command() -> None:
    stranger = EntityId(b"\x11" * 8)
    assert INVENTORY.ccs01_type(stranger) is None
    assert INVENTORY.ccs01_type(entity(DeviceType.CHF)) is None
    assert INVENTORY.ccs01_type(entity(DeviceType.GPF)) == 0xFE


@pytest.mark.parametrize(
    ("kind", "other", "critical", "code"),
    [
        ("GSME", "PPMID", False, 0x0010),
        ("GSME", "GPF", False, 0x0010),
        ("GSME", "PPMID", True, 0x000F),
        ("GPF", "PPMID", False, 0x0010),
        ("PPMID", "GPF", False, 0x0010),
        ("PPMID", "ESME", False, 0x000F),
        ("PPMID", "GSME", False, 0x000F),
        ("ESME", "TYPE_2", False, 0x0010),
        ("ESME", "HCALCS", True, 0x000F),
    ],
)
def test_an_unjoin_has_the_message_code_of_its_pair(
    kind: str, other: str, critical: bool, code: int
) -> None:
    variant, name = ("8.8.1", "Critical") if critical else ("8.8.2", "NonCritical")
    to = str(entity(DeviceType[other]))
    name = f"UnjoinService{name}"
    assert code_of(DeviceType[kind], variant, name, OtherDeviceID=to) == code


@pytest.mark.parametrize(
    ("kind", "texts", "code"),
    [
        ("ESME", {}, 0x0024),
        ("ESME", {"ESMEEventLogType": "ESME"}, 0x0024),
        ("ESME", {"ESMEEventLogType": "ALCS"}, 0x00C1),
        ("GSME", {}, 0x0015),
        ("GPF", {}, 0x0015),
    ],
)
def test_an_event_log_is_cleared_by_the_use_case_of_its_device(
    kind: str, texts: dict[str, str], code: int
) -> None:
    assert code_of(DeviceType[kind], "3.3", "ClearEventLog", **texts) == code


@pytest.mark.parametrize("kind", ["ESME", "GSME"])
def test_an_event_log_that_the_schema_does_not_know_is_cleared_by_nothing(kind: str) -> None:
    with pytest.raises(DuisRefused, match="is HCALCS and must be ESME or ALCS"):
        code_of(DeviceType[kind], "3.3", "ClearEventLog", ESMEEventLogType="HCALCS")


EVERY_KIND = {kind.name for kind in DeviceType}
TAKERS = [
    ("3.3", "ClearEventLog", {"ESME", "GSME", "GPF"}),
    ("6.11", "SynchroniseClock", {"ESME", "GSME"}),
    ("8.1.1", "CommissionDeviceSynchroniseClock", {"ESME", "GSME"}),
    ("6.8", "UpdateDeviceConfigurationBillingCalendar", {"ESME", "GSME"}),
    ("3.2", "RestrictAccessForChangeOfTenancy", {"ESME", "GPF"}),
    ("8.11", "UpdateHANDeviceLog", {"CHF"}),
    ("8.12.1", "RestoreHANDeviceLog", {"CHF"}),
    ("8.12.2", "RestoreGPFDeviceLog", {"GPF"}),
    ("8.9", "ReadDeviceLog", EVERY_KIND - {"TYPE_2"}),
    ("8.7.2", "JoinServiceNonCritical", EVERY_KIND - {"TYPE_2", "CHF"}),
    ("8.8.2", "UnjoinServiceNonCritical", EVERY_KIND - {"TYPE_2", "CHF"}),
    ("11.2", "ReadFirmwareVersion", EVERY_KIND - {"TYPE_2"}),
    ("11.3", "ActivateFirmware", {"ESME", "GSME", "HCALCS"}),
    ("6.28", "SetCHFSubGHzConfiguration", {"CHF"}),
    ("6.29", "RequestCHFSubGHzChannelScan", {"CHF"}),
    ("6.30", "ReadCHFSubGHzConfiguration", {"CHF"}),
    ("6.31", "ReadCHFSubGHzChannel", {"CHF"}),
    ("6.32", "ReadCHFSubGHzChannelLog", {"CHF"}),
]


@pytest.mark.parametrize(
    ("variant", "name", "kind"),
    [
        (variant, name, kind)
        for variant, name, takers in TAKERS
        for kind in sorted(EVERY_KIND - takers)
    ],
)
def test_a_device_that_has_no_command_of_a_request_is_named_with_those_that_have(
    variant: str, name: str, kind: str
) -> None:
    with pytest.raises(DuisRefused) as refusal:
        code_of(DeviceType[kind], variant, name)
    what = refusal.value.what
    article = "an" if kind in ("ESME", "HCALCS") else "a"
    device = "Type 2 Device" if kind == "TYPE_2" else kind
    if (variant, kind) == ("11.3", "PPMID"):
        assert what == "SR 11.3 activates no PPMID: its hub has the image of SR 11.4 activated"
    else:
        assert what.startswith(f"SR {variant} is not for {article} {device}: ")
        assert what.endswith(" takes it")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("ESME", 0x0059),
        ("CHF", 0x0059),
        ("GSME", 0x0084),
        ("GPF", 0x0084),
        ("PPMID", 0x0129),
        ("HCALCS", 0x0129),
    ],
)
def test_a_firmware_version_is_read_by_the_use_case_of_its_device(kind: str, code: int) -> None:
    assert code_of(DeviceType[kind], "11.2", "ReadFirmwareVersion") == code


def test_a_command_that_another_device_takes_is_not_composed() -> None:
    calendar = {
        "GasBillingCalendar/BillingPeriodStart": "2015-02-01T00:00:00Z",
        "GasBillingCalendar/Periodicity": "Monthly",
    }
    name = "UpdateDeviceConfigurationBillingCalendar"
    with pytest.raises(DuisRefused, match="is GCS25, which is not for an ESME: a GSME takes it"):
        code_of(DeviceType.ESME, "6.8", name, **calendar)


@pytest.mark.parametrize("kind", ["ESME", "GSME", "HCALCS"])
def test_firmware_that_a_device_holds_is_activated_by_cs06(kind: str) -> None:
    assert code_of(DeviceType[kind], "11.3", "ActivateFirmware", FirmwareHash="00" * 32) == 0x0012


@pytest.mark.parametrize(
    ("variant", "name", "kind", "line"),
    [
        ("11.1", "UpdateFirmware", "PPMID", "SR 11.4 updates a PPMID"),
        ("11.4", "UpdatePPMIDFirmware", "HCALCS", "SR 11.1 updates meters and HCALCS"),
        ("11.4", "UpdatePPMIDFirmware", "PPMID", "gives the image of SR 11.4 to the hub itself"),
        ("11.1", "UpdateFirmware", "HCALCS", "gives the image of SR 11.1 to the hub itself"),
        ("8.2", "ReadInventory", "ESME", "The DCC carries out ReadInventory itself"),
    ],
)
def test_a_request_to_the_dcc_gives_no_command_and_the_reason(
    variant: str, name: str, kind: str, line: str
) -> None:
    devices = {"DeviceIDList": str(entity(DeviceType[kind]))}
    asked = request(DeviceType.CHF, variant, name, **devices)
    assert line in str(refused_as_dcc_request(asked, INVENTORY))


@pytest.mark.parametrize("text", ["00DB1234567890A4", "{}, {}", "{},", "{};{}"])
def test_a_list_of_devices_that_the_schema_does_not_allow_is_refused(text: str) -> None:
    devices = text.replace("{}", str(entity(DeviceType.PPMID)))
    asked = request(DeviceType.CHF, "11.4", "UpdatePPMIDFirmware", DeviceIDList=devices)
    with pytest.raises(HhtError, match="DeviceIDList is not written as 00-DB-"):
        refused_as_dcc_request(asked, INVENTORY)


def xml_of(reference: str, variant: str, name: str) -> bytes:
    return (
        '<sr:Request xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway"><sr:Header>'
        f"<sr:RequestID>{request(DeviceType.ESME, variant, name).request_id}</sr:RequestID>"
        "<sr:CommandVariant>1</sr:CommandVariant>"
        f"<sr:ServiceReference>{reference}</sr:ServiceReference>"
        f"<sr:ServiceReferenceVariant>{variant}</sr:ServiceReferenceVariant></sr:Header>"
        f"<sr:Body><sr:{name}/></sr:Body></sr:Request>"
    ).encode()


@pytest.mark.parametrize(
    ("reference", "variant", "name"),
    [
        ("8.7", "8.7.1", "JoinServiceCritical"),
        ("11.2", "11.2", "ReadFirmwareVersion"),
        ("8.12", "8.12.2", "RestoreGPFDeviceLog"),
        ("1.1", "1.1.1", "SomethingOfALaterSchema"),
    ],
)
def test_a_header_that_names_the_service_of_its_body_is_read(
    reference: str, variant: str, name: str
) -> None:
    assert ServiceRequest.parse(xml_of(reference, variant, name), "a.xml").variant == variant


@pytest.mark.parametrize(
    ("reference", "variant", "name", "words"),
    [
        (
            "8.7",
            "8.7.2",
            "JoinServiceCritical",
            "The header says SR 8.7.2 and the Body has JoinServiceCritical, which is SR 8.7.1",
        ),
        ("11.3", "11.3", "ReadFirmwareVersion", "which is SR 11.2"),
        ("11.1", "11.1", "UpdatePPMIDFirmware", "which is SR 11.4"),
        (
            "8.8",
            "8.7.1",
            "JoinServiceCritical",
            "The header has ServiceReference 8.8 and ServiceReferenceVariant 8.7.1",
        ),
        ("", "8.9", "ReadDeviceLog", "The header has no ServiceReference"),
        ("8.9", "", "ReadDeviceLog", "The header has no ServiceReferenceVariant"),
    ],
)
def test_a_header_that_names_another_service_than_its_body_is_refused(
    reference: str, variant: str, name: str, words: str
) -> None:
    with pytest.raises(DuisRefused, match=words):
        ServiceRequest.parse(xml_of(reference, variant, name), "a.xml")
