"""The fields of every EZSP frame by version: bellows' own, corrected and added to.

The corrections are what zigbee-herdsman, which shares no code with bellows, reads and sends.
"""

from collections.abc import Callable, Mapping
from typing import Any

import bellows.types as t
import zigpy.types as z

from hht.simulator.ncp.bellows_adapter import known_schemas

_NEW_STATUSES = 14  # from this EZSP version on, a status is an sl_status_t of four bytes

Schemas = dict[str, tuple[int, Any, Any]]

# Where bellows reads less, or sends more, than the co-processor has: it does not mind, but
# other hosts do. zigbee-herdsman reads these as the real frames are.
_FOUR_BYTE_SCAN = ("startScan",)  # an sl_status_t in every version
_FOUR_BYTE_ATTRIBUTES = ("readAttribute", "writeAttribute")  # from EZSP 14 on
_NO_FLAGS = "importTransientKey"  # from EZSP 14 on
# Commands from EZSP 14 on that bellows does not know: number, fields, answer.
_UNKNOWN_TO_BELLOWS: Schemas = {
    "setNumBeaconToStore": (0x37, {"numBeacons": z.uint8_t}, {"status": t.sl_Status}),
    "getManufacturerCode": (0xCA, {}, {"code": z.uint16_t}),
    "getPermitJoining": (0x11F, {}, {"joiningPermitted": z.Bool}),
    "pendingAckedMessages": (0x121, {}, {"count": z.uint8_t}),
    "getExtendedPanId": (0x127, {}, {"extendedPanId": t.ExtendedPanId}),
    "getEndpoint": (0x12E, {"index": z.uint8_t}, {"endpoint": z.uint8_t}),
    "getEndpointCount": (0x12F, {}, {"count": z.uint8_t}),
    "getEndpointDescription": (
        0x130,
        {"endpoint": z.uint8_t},
        {
            "profileId": z.uint16_t,
            "deviceId": z.uint16_t,
            "deviceVersion": z.uint8_t,
            "inputClusterCount": z.uint8_t,
            "outputClusterCount": z.uint8_t,
        },
    ),
    "getEndpointCluster": (
        0x131,
        {"endpoint": z.uint8_t, "listId": z.uint8_t, "listIndex": z.uint8_t},
        {"cluster": z.uint16_t},
    ),
    "routerChildCount": (0x13B, {}, {"count": z.uint8_t}),
    "maxChildCount": (0x13C, {}, {"count": z.uint8_t}),
    "maxRouterChildCount": (0x13D, {}, {"count": z.uint8_t}),
    "getCurrentNetwork": (0x14E, {}, {"index": z.uint8_t}),
}


def schemas(version: int) -> Schemas:
    """Return number, command fields and answer fields of every frame of a version, by its name."""
    known: Schemas = known_schemas(version)
    _change_answers(known, _FOUR_BYTE_SCAN)
    if version >= _NEW_STATUSES:
        _change_answers(known, _FOUR_BYTE_ATTRIBUTES)
        _change(known, _NO_FLAGS, lambda fields: {k: v for k, v in fields.items() if k != "flags"})
        known = {**_UNKNOWN_TO_BELLOWS, **known}
    return known


def _change(known: Schemas, name: str, command: Callable[[Mapping[str, Any]], Any]) -> None:
    number, fields, answer = known[name]
    known[name] = (number, command(fields), answer)


def _change_answers(known: Schemas, names: tuple[str, ...]) -> None:
    for name in names:
        number, fields, answer = known[name]
        known[name] = (number, fields, {**answer, "status": t.sl_Status})
