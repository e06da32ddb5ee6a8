"""Which elements each element of a Service Request may hold, in which order.

Source: the DUIS 5.4 schema. An element that has no row here holds a text.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hht.duis.envelope import SIGNATURE_NAMESPACE, tag

if TYPE_CHECKING:
    from lxml.etree import _Element

_LATER = "ExecutionDateTime"
_CLOCK = "CurrentDateTime TolerancePeriod"
_MONTHS = "DayOfMonth BillingPeriodStartMonth"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "Request": ("schemaVersion", f"{_XSI}schemaLocation"),
    "Signature": ("Id",),
}


def _channels(first: int, last: int) -> str:
    return " ".join(f"Channel{number}" for number in range(first, last + 1))


IN_ORDER: Mapping[str, str] = {
    "Request": "Header Body Signature",
    "Header": "RequestID FirstInSequence PrecedingServiceRequestID CommandVariant"
    " ServiceReference ServiceReferenceVariant",
    "RestrictAccessForChangeOfTenancy": f"{_LATER} RestrictionDateTime",
    "ClearEventLog": "ESMEEventLogType",
    "UpdateDeviceConfigurationBillingCalendar": "ElectricityBillingCalendar GasBillingCalendar",
    "ElectricityBillingCalendar": "BillingTime Daily Weekly Monthly Quarterly SixMonthly Yearly",
    "Daily": "",
    "Quarterly": _MONTHS,
    "SixMonthly": _MONTHS,
    "Yearly": _MONTHS,
    "GasBillingCalendar": "BillingPeriodStart Periodicity",
    "SynchroniseClock": _CLOCK,
    "CommissionDeviceSynchroniseClock": _CLOCK,
    "JoinServiceCritical": "OtherDeviceID",
    "JoinServiceNonCritical": "OtherDeviceID",
    "UnjoinServiceCritical": "OtherDeviceID",
    "UnjoinServiceNonCritical": "OtherDeviceID",
    "ReadDeviceLog": f"{_LATER} ReadSecurityDetails",
    "ReadSecurityDetails": "",
    "UpdateHANDeviceLog": f"{_LATER} DeviceID RequestType AddDeviceToCHFWhitelist",
    "AddDeviceToCHFWhitelist": "JoinTimePeriod InstallCode ImportMPxN SecondaryImportMPAN"
    " ExportMPAN",
    "RestoreHANDeviceLog": "OldCHFID",
    "RestoreGPFDeviceLog": "OldGPFID",
    "ReadFirmwareVersion": _LATER,
    "ActivateFirmware": f"{_LATER} FirmwareHash",
    "SetCHFSubGHzConfiguration": "LowerBandSubGHzChannels0To26 LowerBandSubGHzChannels27To34"
    " LowerBandSubGHzChannels35To61 UpperBandSubGHzChannels0To26"
    " NormalLimitedDutyCycleThreshold LimitedCriticalDutyCycleThreshold"
    " MaximumSubGHzChannelChangesPerWeek GSMECurfew ChannelQuieterThreshold"
    " ChannelNoisierThreshold NonGSMEPoorCommsPercentageThreshold"
    " NonGSMEPoorCommsMeasurementPeriods LocalCHNoiseMeasurementPeriod"
    " LocalCHFailurePercentage LocalCHRetryPercentage",
    "LowerBandSubGHzChannels0To26": _channels(0, 26),
    "LowerBandSubGHzChannels27To34": _channels(27, 34),
    "LowerBandSubGHzChannels35To61": _channels(35, 61),
    "UpperBandSubGHzChannels0To26": _channels(0, 26),
    "RequestCHFSubGHzChannelScan": "",
    "ReadCHFSubGHzConfiguration": "",
    "ReadCHFSubGHzChannel": "",
    "ReadCHFSubGHzChannelLog": "ReadLogPeriod",
    "ReadLogPeriod": "StartDateTime EndDateTime",
    "DraftSetCHFChannelMask": "Channels",
    "Channels": _channels(11, 26),
    "DraftReadCHFChannels": "",
}
"""The last three are the draft of SECMP0012, which no DUIS has."""
_CLOSED = ("Body", "Signature")
_TEXTLESS = frozenset((*IN_ORDER, "Body"))
_NAMESPACES: Mapping[str, str] = {"Signature": f"{{{SIGNATURE_NAMESPACE}}}Signature"}


def fault_in(element: "_Element") -> str:
    """Return what has no place in the element or below, and where; empty where all is in place."""
    return _foreign_attribute(element) or _stray_text(element) or _misplaced(element)


def _misplaced(element: "_Element") -> str:
    """Compare the elements in one with its row; what is in a Body is looked at by itself."""
    name, before = _name(element), ""
    allowed = IN_ORDER.get(name, "").split()
    for child in () if name in _CLOSED else element:
        own = _name(child)
        if own not in allowed or child.tag != _NAMESPACES.get(own, tag(own)):
            return f"{_at(child)} has no place in {name}"
        if own == before:
            return f"{own} is there twice"
        if before and allowed.index(own) < allowed.index(before):
            return f"{_at(child)} must be before {before}"
        if fault := fault_in(child):
            return fault
        before = own
    return ""


def _foreign_attribute(element: "_Element") -> str:
    known = _ATTRIBUTES.get(_name(element), ())
    foreign = [str(name).rpartition("}")[2] for name in element.attrib if name not in known]
    return f"{_at(element)} may not have an attribute {foreign[0][:40]}" if foreign else ""


def _stray_text(element: "_Element") -> str:
    """Find a text beside elements, or in what must be empty."""
    name = _name(element)
    texts = (element.text, *(child.tail for child in element)) if name in _TEXTLESS else ()
    stray = next((text.strip() for text in texts if text and text.strip()), "")
    return f"{_at(element)} has the text {stray[:40]!r}, which has no place there" if stray else ""


def _at(element: "_Element") -> str:
    """Name the element, with its line where it was read from a document."""
    line = element.sourceline
    return f"{_name(element)[:60]} (line {line})" if line else _name(element)[:60]


def _name(element: "_Element") -> str:
    return str(element.tag).rpartition("}")[2]
