"""Billing calendars of a Service Request (SR 6.8) as ECS30, ECS30a and GCS25 write them."""

import re
from collections.abc import Mapping
from datetime import datetime, time

from hht.gbcs.dlms import Value, array, octets, structure
from hht.gbcs.gbz import ZclFrame, components_of, encode_gbz
from hht.simulator.devices.core import times
from hht.simulator.head_end.compose.payloads import ECS30, ECS30A
from hht.simulator.head_end.compose.service_request import ServiceRequest

_ANY = 0xFF
_TIME = re.compile(r"(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]00:00)?", re.ASCII)
_END_OF_DAY = "24:00:00"  # which xs:time allows, for midnight
_CALENDAR = "ElectricityBillingCalendar"
_MONTHS_APART: Mapping[str, int] = {"Quarterly": 3, "SixMonthly": 6, "Yearly": 12}
_PRICE, _PUBLISH_BILLING_PERIOD, _PUBLISH_BLOCK_PERIOD = 0x0700, 0x09, 0x01
_DAYS, _WEEKS, _MONTHS = 0x21, 0x22, 0x23
"""Duration types: the time base, its start or end not specified."""
_DURATIONS: Mapping[str, tuple[int, int]] = {
    "Daily": (1, _DAYS),
    "Weekly": (1, _WEEKS),
    "Monthly": (1, _MONTHS),
    "Quarterly": (3, _MONTHS),
    "SixMonthly": (6, _MONTHS),
    "Yearly": (12, _MONTHS),
}
_LAST_DAY = 28
"""The last day that every month has."""
_TO_CLIENT = 0x09
_TARIFF, _BLOCK_CONTROL, _RESOLUTION = 0x00, 0x02, 0x01


def electricity(request: ServiceRequest) -> tuple[int, Value]:
    """Return the message code and the execution times: an array of time of day and date."""
    clock = _clock(request)
    of_day = bytes([clock.hour, clock.minute, clock.second, 0])
    period = _period(request)
    code = ECS30A if period in _MONTHS_APART else ECS30
    dates = _dates(request, period)
    rows = (structure(octets(of_day), octets(b"\xff\xff" + bytes(date))) for date in dates)
    return code, array(*rows)


def gas(request: ServiceRequest, now: datetime) -> bytes:
    """Publish Billing Period and Block Period; the issuer event is the time of composing."""
    start = request.utc_time("GasBillingCalendar/BillingPeriodStart")
    periodicity = request.text("GasBillingCalendar/Periodicity")
    if periodicity not in _DURATIONS:
        raise request.refused(f"Periodicity is none of {', '.join(_DURATIONS)}")
    count, base = _DURATIONS[periodicity]
    head = bytes(4) + _utc(now) + _utc(start) + count.to_bytes(3, "little")
    billing = head + bytes([base, _TARIFF])
    block = head + bytes([_BLOCK_CONTROL, base, _TARIFF, _RESOLUTION])
    frames = (
        ZclFrame(_TO_CLIENT, 0, _PUBLISH_BILLING_PERIOD, billing),
        ZclFrame(_TO_CLIENT, 1, _PUBLISH_BLOCK_PERIOD, block),
    )
    return encode_gbz(components_of(*((_PRICE, frame) for frame in frames)))


def _clock(request: ServiceRequest) -> time:
    """Read an xs:time in UTC, which is how DUIS has it."""
    text = request.text(f"{_CALENDAR}/BillingTime")
    found = _TIME.fullmatch(text)
    if found is None:
        raise request.refused("BillingTime is not a time of day in UTC, such as 09:00:00Z")
    try:
        return time() if found[1] == _END_OF_DAY else time.fromisoformat(found[1])
    except ValueError:
        raise request.refused("BillingTime is not a time of day") from None


def _period(request: ServiceRequest) -> str:
    periods = [name for name in request.names(_CALENDAR) if name != "BillingTime"]
    if len(periods) != 1 or periods[0] not in _DURATIONS:
        raise request.refused(f"{_CALENDAR} has not one of {', '.join(_DURATIONS)}")
    return periods[0]


def _dates(request: ServiceRequest, period: str) -> list[tuple[int, int, int]]:
    """Return month, day of month and day of week of each execution; FF is any."""
    if period == "Daily":
        return [(_ANY, _ANY, _ANY)]
    if period == "Weekly":
        return [(_ANY, _ANY, request.integer(f"{_CALENDAR}/Weekly", 1, 7))]
    if period == "Monthly":
        return [(_ANY, request.integer(f"{_CALENDAR}/Monthly", 1, _LAST_DAY), _ANY)]
    day = request.integer(f"{_CALENDAR}/{period}/DayOfMonth", 1, _LAST_DAY)
    first = request.integer(f"{_CALENDAR}/{period}/BillingPeriodStartMonth", 1, 12)
    apart = _MONTHS_APART[period]
    months = sorted((first - 1 + apart * step) % 12 + 1 for step in range(12 // apart))
    return [(month, day, _ANY) for month in months]


def _utc(moment: datetime) -> bytes:
    return times.zigbee_utc(moment).to_bytes(4, "little")
