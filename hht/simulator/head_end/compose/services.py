"""Which Command each Service Request becomes: one function a body element, and a table of them.

Source: the DUIS 5.4 schema for what a Request holds, the message mapping for which use case it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.dlms import NULL
from hht.mpxn import MpxnKind
from hht.simulator.devices.core.join_log import METHOD_OF_CODE, PAIRS
from hht.simulator.devices.core.rules import rules
from hht.simulator.devices.types.chf_mask import CHANNELS, READ_MASK, SET_MASK, mask_of
from hht.simulator.head_end.compose import calendars, payloads, sub_ghz
from hht.simulator.head_end.compose.inventory import Inventory
from hht.simulator.head_end.compose.service_request import ServiceRequest
from hht.simulator.head_end.compose.takers import check_command, check_taker

_ADD = "AddDeviceToCHFWhitelist"
_UNJOIN_NON_CRITICAL, _EVENT_LOG = "UnjoinServiceNonCritical", "ESMEEventLogType"
_EVENT_LOGS = {"ESME": payloads.ECS15A, "ALCS": payloads.ECS15C}
_ACTIVATED_BY_HUB = "its hub has the image of SR 11.4 activated"

_LONGEST_JOINING = 3600
"""Seconds, by the DUIS schema."""
_INSTALL_CODE = 6, 16
"""Octets at the least and at the most, by the DUIS schema."""
_HASH = 32
"""Octets of SHA-256."""
_LONGEST_TOLERANCE = 2**31 - 1
"""Seconds: an xs:int; where simulated time runs fast, more than the 86400 of the DUIS schema."""

Payload = Callable[[int], bytes]
"""Makes the payload of the originator counter."""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a Request is for, and when the DCC composes the Command."""

    kind: DeviceType
    inventory: Inventory
    now: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """The use case of a Request and how its payload is made."""

    code: int
    payload: Payload


Planner = Callable[[ServiceRequest, Target], Plan]


def plan(request: ServiceRequest, target: Target) -> Plan:
    """Plan the Command that a Request becomes; DuisRefused for one that is not composed."""
    if request.name not in _PLANNERS:
        raise request.refused(f"the training head-end does not compose {request.name}")
    request.check_elements()
    planner, codes = _PLANNERS[request.name]
    if codes:
        check_taker(request, target.kind, codes)
    planned = planner(request, target)
    check_command(request, target.kind, planned.code)
    return planned


def _device_log(request: ServiceRequest, target: Target) -> Plan:
    device = request.entity("DeviceID")
    wanted = request.text("RequestType")
    if wanted == "Remove":
        if request.has(_ADD):
            raise request.refused(f"RequestType is Remove and there is {_ADD}")
        return Plan(payloads.CCS02, lambda n: payloads.remove_device(n, device))
    if wanted != "Add":
        raise request.refused(f"RequestType is {wanted[:40]} and must be Add or Remove")
    code = request.octets(f"{_ADD}/InstallCode", *_INSTALL_CODE)
    seconds = request.integer(f"{_ADD}/JoinTimePeriod", 1, _LONGEST_JOINING)
    request.check_mpxn(f"{_ADD}/ImportMPxN", MpxnKind.MPAN, MpxnKind.MPRN)
    for name in ("SecondaryImportMPAN", "ExportMPAN"):
        request.check_mpxn(f"{_ADD}/{name}", MpxnKind.MPAN)
    kind = target.inventory.ccs01_type(device)
    if kind is None:
        raise request.refused(f"{device} is not in the inventory as a Device that CCS01 can add")
    return Plan(payloads.CCS01, lambda n: payloads.add_device(n, device, code, seconds, kind))


def _restore_chf(request: ServiceRequest, target: Target) -> Plan:
    backup = target.inventory.chf_backups.get(request.entity("OldCHFID"))
    if backup is None:
        raise request.refused("no log of that CHF has been backed up")
    return Plan(payloads.CCS03, lambda n: payloads.restore_log(n, *backup))


def _restore_gpf(request: ServiceRequest, target: Target) -> Plan:
    request.entity("OldGPFID")
    if not target.inventory.gpf_backup:
        raise request.refused("no log of that GPF has been backed up")
    payload = payloads.restore_gpf_log(target.inventory.gpf_backup)
    return Plan(payloads.GCS59, lambda _: payload)


def _read_log(request: ServiceRequest, target: Target) -> Plan:
    if target.kind is not DeviceType.CHF:
        return Plan(payloads.CS07, lambda _: payloads.nothing())
    if request.has("ReadSecurityDetails"):
        return Plan(payloads.CCS07, payloads.back_up_log)
    return Plan(payloads.CCS06, payloads.read_log)


def _join(request: ServiceRequest, target: Target) -> Plan:
    other = request.entity("OtherDeviceID")
    other_kind = target.inventory.types.get(other)
    if other_kind is None:
        raise request.refused(f"{other} is not in the inventory")
    if (target.kind, other_kind) not in PAIRS:
        raise request.refused(f"{target.kind.name} and {other_kind.name} do not join so")
    certificate = target.inventory.certificate(other) or b""
    payload = payloads.join(target.kind, other, other_kind, certificate)
    return Plan(payloads.join_code(target.kind, other_kind), lambda _: payload)


def _unjoin(request: ServiceRequest, target: Target) -> Plan:
    """Compose CS04AC; CS04B where SR 8.8.2 is for a GSME or a pair that joined by method B."""
    other = request.entity("OtherDeviceID")
    payload = payloads.unjoin(other)
    code = payloads.CS04
    if request.name == _UNJOIN_NON_CRITICAL:
        other_kind = target.inventory.types.get(other, target.kind)
        code = payloads.unjoin_code(target.kind, other_kind)
        if target.kind is DeviceType.GSME:
            code = payloads.CS04B
    return Plan(code, lambda _: payload)


def _clear_event_log(request: ServiceRequest, target: Target) -> Plan:
    """Plan CS11 of GSME and GPF; of an ESME ECS15a, which the schema lets go without its element,
    or ECS15c."""
    log = request.text(_EVENT_LOG) if request.has(_EVENT_LOG) else "ESME"
    if log not in _EVENT_LOGS:
        raise request.refused(f"{_EVENT_LOG} is {log[:40]} and must be ESME or ALCS")
    if target.kind in (DeviceType.GSME, DeviceType.GPF):
        return Plan(payloads.CS11, lambda _: payloads.clear_gas_event_log())
    code = _EVENT_LOGS[log]
    return Plan(code, lambda n: payloads.clear_event_log(n, code))


def _clock(request: ServiceRequest, target: Target) -> Plan:
    start = request.moment("CurrentDateTime")
    end = _after(request, start, request.integer("TolerancePeriod", 0, _LONGEST_TOLERANCE))
    if target.kind is DeviceType.ESME:
        return Plan(payloads.ECS70, lambda n: payloads.electricity_clock(n, start, end))
    return Plan(payloads.GCS28, lambda _: payloads.gas_clock(start, end))


def _after(request: ServiceRequest, start: datetime, seconds: int) -> datetime:
    try:
        return start + timedelta(seconds=seconds)
    except OverflowError:
        raise request.refused(
            "CurrentDateTime and TolerancePeriod end after the year 9999"
        ) from None


def _read_firmware(request: ServiceRequest, target: Target) -> Plan:
    """Plan ECS52 of ESME and CHF, GCS38 of GSME and GPF, CS08 of PPMID and HCALCS."""
    if target.kind in rules()[payloads.ECS52].devices:
        return Plan(payloads.ECS52, lambda n: payloads.read(payloads.ECS52, n))
    if target.kind in rules()[payloads.GCS38].devices:
        return Plan(payloads.GCS38, lambda _: payloads.read_gas_firmware())
    return Plan(payloads.CS08, lambda _: payloads.nothing())


def _activate_firmware(request: ServiceRequest, target: Target) -> Plan:
    if target.kind is DeviceType.PPMID:
        raise request.refused(f"SR 11.3 activates no PPMID: {_ACTIVATED_BY_HUB}")
    check_taker(request, target.kind, (payloads.CS06,))
    image_hash = request.octets("FirmwareHash", _HASH, _HASH)
    dated = request.has("ExecutionDateTime")
    when = request.moment("ExecutionDateTime") if dated else None
    return Plan(payloads.CS06, lambda n: payloads.activate_firmware(n, image_hash, when))


def _restrict(request: ServiceRequest, target: Target) -> Plan:
    if target.kind is DeviceType.ESME:
        since = request.moment("RestrictionDateTime")
        return Plan(payloads.ECS12, lambda n: payloads.restrict_electricity(n, since))
    when = request.utc_time("RestrictionDateTime")
    return Plan(payloads.GCS09, lambda _: payloads.restrict_gas(target.now, when))


def _billing_calendar(request: ServiceRequest, target: Target) -> Plan:
    if request.has("GasBillingCalendar"):
        payload = calendars.gas(request, target.now)
        return Plan(payloads.GCS25, lambda _: payload)
    code, value = calendars.electricity(request)
    return Plan(code, lambda n: payloads.dlms_command(code, n, value))


def _configure_channels(request: ServiceRequest, target: Target) -> Plan:
    value = sub_ghz.configuration(request)
    return Plan(payloads.DBCH04, lambda n: payloads.dlms_command(payloads.DBCH04, n, value))


def _scan_channels(request: ServiceRequest, target: Target) -> Plan:
    return Plan(payloads.DBCH05, payloads.scan_channels)


def _read_channel_log(request: ServiceRequest, target: Target) -> Plan:
    start = request.utc_time("ReadLogPeriod/StartDateTime")
    end = request.utc_time("ReadLogPeriod/EndDateTime")
    return Plan(payloads.DBCH02, lambda n: payloads.read_channel_log(n, start, end))


def _set_mask(request: ServiceRequest, target: Target) -> Plan:
    """Return the draft of SECMP0012: `Channel15` and so on, none at all to remove the mask."""
    channels = {f"Channel{channel}": channel for channel in CHANNELS}
    named = request.flags("Channels")
    if unknown := [name for name in named if name not in channels]:
        raise request.refused(f"Channels has no {unknown[0][:40]}")
    mask = mask_of([channels[name] for name in named]) if request.has("Channels") else NULL
    where = target.inventory.mask_object
    return Plan(SET_MASK, lambda n: payloads.set_channel_mask(n, where, mask))


def _read_mask(request: ServiceRequest, target: Target) -> Plan:
    where = target.inventory.mask_object
    return Plan(READ_MASK, lambda n: payloads.read_channel_mask(n, where))


def _read_attributes(code: int) -> Planner:
    return lambda request, target: Plan(code, lambda n: payloads.read(code, n))


_P = payloads
_JOINS, _UNJOINS = tuple(METHOD_OF_CODE), (_P.CS04, _P.CS04B)

_PLANNERS: Mapping[str, tuple[Planner, tuple[int, ...]]] = {
    "UpdateHANDeviceLog": (_device_log, (_P.CCS01, _P.CCS02)),
    "RestoreHANDeviceLog": (_restore_chf, (_P.CCS03,)),
    "RestoreGPFDeviceLog": (_restore_gpf, (_P.GCS59,)),
    "ReadDeviceLog": (_read_log, (_P.CCS06, _P.CCS07, _P.CS07)),
    "JoinServiceCritical": (_join, _JOINS),
    "JoinServiceNonCritical": (_join, _JOINS),
    "UnjoinServiceCritical": (_unjoin, _UNJOINS),
    _UNJOIN_NON_CRITICAL: (_unjoin, _UNJOINS),
    "ClearEventLog": (_clear_event_log, (_P.CS11, _P.ECS15A, _P.ECS15C)),
    "SynchroniseClock": (_clock, (_P.ECS70, _P.GCS28)),
    "CommissionDeviceSynchroniseClock": (_clock, (_P.ECS70, _P.GCS28)),
    "ReadFirmwareVersion": (_read_firmware, (_P.ECS52, _P.GCS38, _P.CS08)),
    "ActivateFirmware": (_activate_firmware, ()),
    "RestrictAccessForChangeOfTenancy": (_restrict, (_P.ECS12, _P.GCS09)),
    "UpdateDeviceConfigurationBillingCalendar": (
        _billing_calendar,
        (_P.ECS30, _P.ECS30A, _P.GCS25),
    ),
    "SetCHFSubGHzConfiguration": (_configure_channels, (_P.DBCH04,)),
    "RequestCHFSubGHzChannelScan": (_scan_channels, (_P.DBCH05,)),
    "ReadCHFSubGHzConfiguration": (_read_attributes(_P.DBCH03), (_P.DBCH03,)),
    "ReadCHFSubGHzChannel": (_read_attributes(_P.DBCH01), (_P.DBCH01,)),
    "ReadCHFSubGHzChannelLog": (_read_channel_log, (_P.DBCH02,)),
    "DraftSetCHFChannelMask": (_set_mask, (SET_MASK,)),
    "DraftReadCHFChannels": (_read_mask, (READ_MASK,)),
}
"""How a Request is planned, and the use cases it may become; none where that checks them itself."""
