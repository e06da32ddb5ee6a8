"""The sub-GHz configuration of a Service Request (SR 6.28) as DBCH04 writes it."""

from collections.abc import Callable

from hht.gbcs.dlms import Value, bits, long_unsigned, structure, unsigned
from hht.gbcs.explain.sub_ghz_limits import LIMITS
from hht.simulator.head_end.compose.service_request import ServiceRequest

_BANDS = (
    ("LowerBandSubGHzChannels0To26", 28, 0),
    ("LowerBandSubGHzChannels27To34", 29, 27),
    ("LowerBandSubGHzChannels35To61", 30, 35),
    ("UpperBandSubGHzChannels0To26", 31, 0),
)
"""Element, ZigBee channel page, and the channel of the mask's lowest bit."""
_PAGE_SHIFT = 27


def configuration(request: ServiceRequest) -> Value:
    """Build the structure of 15: four channel masks, then the thresholds in their order."""
    masks = (channel_mask(request.names(name), page, first) for name, page, first in _BANDS)
    settings = (encode(_setting(request, name, form)) for name, form, encode in _SETTINGS)
    return structure(*masks, *settings)


def _setting(request: ServiceRequest, name: str, form: str) -> int:
    limit = LIMITS[form]
    read = request.hundredths if limit.places else request.integer
    return read(name, limit.least, limit.most)


def channel_mask(channels: list[str], page: int, first: int) -> Value:
    """Build 32 bits: the page in the highest five, one bit for each element such as `Channel28`."""
    mask = page << _PAGE_SHIFT
    for channel in channels:
        mask |= 1 << int(channel.removeprefix("Channel")) - first
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
