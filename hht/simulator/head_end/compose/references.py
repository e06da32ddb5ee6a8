"""Compares the Service Reference in a Request's header with the element in its Body.

Source: the DUIS 5.4 schema and its request templates.
"""

from collections.abc import Mapping

VARIANTS: Mapping[str, str] = {
    "RestrictAccessForChangeOfTenancy": "3.2",
    "ClearEventLog": "3.3",
    "UpdateDeviceConfigurationBillingCalendar": "6.8",
    "SynchroniseClock": "6.11",
    "UpdateSecurityCredentialsKRP": "6.15.1",
    "UpdateSecurityCredentialsDevice": "6.15.2",
    "RequestHandoverOfDCCControlledDevice": "6.21",
    "UpdateSecurityCredentialsCoS": "6.23",
    "SetCHFSubGHzConfiguration": "6.28",
    "RequestCHFSubGHzChannelScan": "6.29",
    "ReadCHFSubGHzConfiguration": "6.30",
    "ReadCHFSubGHzChannel": "6.31",
    "ReadCHFSubGHzChannelLog": "6.32",
    "CommissionDeviceSynchroniseClock": "8.1.1",
    "ReadInventory": "8.2",
    "DecommissionDevice": "8.3",
    "UpdateInventory": "8.4",
    "ServiceOptIn": "8.6",
    "JoinServiceCritical": "8.7.1",
    "JoinServiceNonCritical": "8.7.2",
    "UnjoinServiceCritical": "8.8.1",
    "UnjoinServiceNonCritical": "8.8.2",
    "ReadDeviceLog": "8.9",
    "UpdateHANDeviceLog": "8.11",
    "RestoreHANDeviceLog": "8.12.1",
    "RestoreGPFDeviceLog": "8.12.2",
    "ReturnLocalCommandResponse": "8.13",
    "CHFInstallSuccessSMWAN": "8.14.1",
    "CHFInstallSuccessNoSMWAN": "8.14.2",
    "CHFFaultReturn": "8.14.3",
    "CHFNoFaultReturn": "8.14.4",
    "UpdateFirmware": "11.1",
    "ReadFirmwareVersion": "11.2",
    "ActivateFirmware": "11.3",
    "UpdatePPMIDFirmware": "11.4",
    "RequestWANMatrix": "12.1",
    "DevicePrenotification": "12.2",
}
"""The Service Reference Variant of each element of a Body that this tool knows."""


def contradiction(reference: str, variant: str, name: str) -> str:
    """Return how header and Body contradict each other; empty where they agree.

    `reference` and `variant` are the header's, `name` is that of the element in the Body.
    """
    expected = VARIANTS.get(name, variant)
    if variant != expected:
        said = f"says SR {variant[:40]}" if variant else "has no ServiceReferenceVariant"
        return f"the header {said} and the Body has {name}, which is SR {expected}"
    if reference != _first_two(variant):
        said = f"ServiceReference {reference[:40]}" if reference else "no ServiceReference"
        return f"the header has {said} and ServiceReferenceVariant {variant}"
    return ""


def _first_two(variant: str) -> str:
    """Return the Service Reference of a variant: 8.7 of 8.7.1."""
    return ".".join(variant.split(".")[:2])
