"""The EZSP versions the virtual co-processor speaks, each with a firmware that speaks it.

The pairs of EZSP and EmberZNet are those of Silicon Labs' release notes; a host compares them.
"""

from collections.abc import Callable, Mapping
from typing import Any

import bellows.types as t
import zigpy.types as z
from bellows.ezsp import EZSP

VERSIONS = tuple(version for version in EZSP._BY_VERSION if version >= 8)
MESH_STACK = 2
NEW_STATUSES = 14  # from this EZSP version on, a status is an sl_status_t of four bytes
_BUILD = 0
_GENERAL_RELEASE = 0xAA  # EmberVersionType of a release that is no beta
_FIRMWARE = {  # major, minor, patch
    8: (6, 7, 0),
    9: (6, 9, 0),
    10: (7, 0, 1),
    11: (7, 1, 1),
    12: (7, 2, 0),
    13: (7, 4, 3),
    14: (8, 0, 2),
    16: (8, 1, 1),
    17: (8, 2, 0),
    18: (8, 2, 1),
    19: (9, 0, 0),
}
_NEWEST = _FIRMWARE[max(_FIRMWARE)]

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


def firmware(version: int) -> tuple[int, int, int]:
    """Major, minor and patch of an EmberZNet that speaks this EZSP version."""
    return _FIRMWARE.get(version, _NEWEST)


def stack_version(version: int) -> int:
    """The firmware as the `version` answer has it: a digit each, the last for special builds."""
    major, minor, patch = firmware(version)
    return major << 12 | minor << 8 | patch << 4


def version_info(version: int) -> bytes:
    """The 7 bytes of VALUE_VERSION_INFO: build (2, LE), major, minor, patch, special, type."""
    return _BUILD.to_bytes(2, "little") + bytes([*firmware(version), 0, _GENERAL_RELEASE])


def schemas(version: int) -> Schemas:
    """Number, command fields and answer fields of every frame of a version, by its name."""
    known: Schemas = dict(EZSP._BY_VERSION[version].COMMANDS)
    _change_answers(known, _FOUR_BYTE_SCAN)
    if version >= NEW_STATUSES:
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
