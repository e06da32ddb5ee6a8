"""The sub-GHz configuration of a Service Request (SR 6.28) as DBCH04 writes it."""

from collections.abc import Callable

from hht.gbcs.dlms import Value, bits, long_unsigned, structure, unsigned
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
    limits = (encode(read(request, name)) for name, read, encode in _LIMITS)
    return structure(*masks, *limits)


def channel_mask(channels: list[str], page: int, first: int) -> Value:
    """Build 32 bits: the page in the highest five, one bit for each element such as `Channel28`."""
    mask = page << _PAGE_SHIFT
    for channel in channels:
        mask |= 1 << int(channel.removeprefix("Channel")) - first
    return bits(mask.to_bytes(4, "big"))


_Read = Callable[[ServiceRequest, str], int]
_LIMITS: tuple[tuple[str, _Read, Callable[[int], Value]], ...] = (
    ("NormalLimitedDutyCycleThreshold", ServiceRequest.hundredths, long_unsigned),
    ("LimitedCriticalDutyCycleThreshold", ServiceRequest.hundredths, long_unsigned),
    ("MaximumSubGHzChannelChangesPerWeek", ServiceRequest.integer, unsigned),
    ("GSMECurfew", ServiceRequest.integer, long_unsigned),
    ("ChannelQuieterThreshold", ServiceRequest.integer, unsigned),
    ("ChannelNoisierThreshold", ServiceRequest.integer, unsigned),
    ("NonGSMEPoorCommsPercentageThreshold", ServiceRequest.hundredths, long_unsigned),
    ("NonGSMEPoorCommsMeasurementPeriods", ServiceRequest.integer, unsigned),
    ("LocalCHNoiseMeasurementPeriod", ServiceRequest.integer, long_unsigned),
    ("LocalCHFailurePercentage", ServiceRequest.hundredths, long_unsigned),
    ("LocalCHRetryPercentage", ServiceRequest.hundredths, long_unsigned),
)
