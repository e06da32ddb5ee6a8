"""The sub-GHz configuration of a Service Request (SR 6.28) as DBCH04 writes it."""

from collections.abc import Callable

from hht.gbcs.dlms import Value, bits, long_unsigned, structure, unsigned
from hht.gbcs.explain.sub_ghz_limits import LIMITS
from hht.simulator.head_end.compose.service_request import ServiceRequest

_BANDS = (
    ("LowerBandSubGHzChannels0To26", 28, range(27)),
    ("LowerBandSubGHzChannels27To34", 29, range(27, 35)),
    ("LowerBandSubGHzChannels35To61", 30, range(35, 62)),
    ("UpperBandSubGHzChannels0To26", 31, range(27)),
)
"""Element, ZigBee channel page, and its channels; the first is the mask's lowest bit."""
_PAGE_SHIFT = 27  # the page is above the 27 bits of its channels


def configuration(request: ServiceRequest) -> Value:
    """Build the structure of 15: four channel masks, then the thresholds in their order."""
    masks = (_mask(request, *band) for band in _BANDS)
    settings = (encode(_setting(request, name, form)) for name, form, encode in _SETTINGS)
    return structure(*masks, *settings)


def _setting(request: ServiceRequest, name: str, form: str) -> int:
    limit = LIMITS[form]
    if limit.places:
        return request.hundredths(name, limit.least, limit.most, limit.step)
    return request.integer(name, limit.least, limit.most)


def _mask(request: ServiceRequest, name: str, page: int, channels: range) -> Value:
    """Build 32 bits: the page in the highest five, one bit for each element such as `Channel28`."""
    if not request.has(name):
        raise request.refused(f"{name} is missing")
    positions = {f"Channel{channel}": at for at, channel in enumerate(channels)}
    mask = page << _PAGE_SHIFT
    for channel in request.flags(name):
        if channel not in positions:
            raise request.refused(f"{name} has no {channel[:40]}")
        mask |= 1 << positions[channel]
    return bits(mask.to_bytes(4, "big"))


_SETTINGS: tuple[tuple[str, str, Callable[[int], Value]], ...] = (
    ("NormalLimitedDutyCycleThreshold", "normal_limited", long_unsigned),
    ("LimitedCriticalDutyCycleThreshold", "limited_critical", long_unsigned),
    ("MaximumSubGHzChannelChangesPerWeek", "changes_a_week", unsigned),
    ("GSMECurfew", "gsme_curfew", long_unsigned),
    ("ChannelQuieterThreshold", "quieter", unsigned),
    ("ChannelNoisierThreshold", "noisier", unsigned),
    ("NonGSMEPoorCommsPercentageThreshold", "poor_share", long_unsigned),
    ("NonGSMEPoorCommsMeasurementPeriods", "poor_periods", unsigned),
    ("LocalCHNoiseMeasurementPeriod", "noise_period", long_unsigned),
    ("LocalCHFailurePercentage", "failure_share", long_unsigned),
    ("LocalCHRetryPercentage", "retry_share", long_unsigned),
)
"""Element, the range it has in `LIMITS`, and its DLMS type."""
