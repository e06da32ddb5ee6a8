"""The EZSP versions the virtual co-processor speaks, each with a firmware that speaks it.

The pairs of EZSP and EmberZNet are those of Silicon Labs' release notes; a host compares them.
"""

MESH_STACK = 2  # stack type of the `version` answer
_BUILD = 0  # of a general release
_GENERAL_RELEASE = 0xAA  # EmberVersionType of a release that is no beta
_FIRMWARE = {  # major, minor, patch
    8: (6, 7, 0),
    9: (7, 1, 1),
    10: (7, 2, 1),
    11: (7, 2, 2),
    12: (7, 3, 0),
    13: (7, 4, 3),
    14: (8, 0, 2),
    16: (8, 1, 1),
    17: (8, 2, 0),
    18: (8, 2, 2),
    19: (9, 1, 0),
}
VERSIONS = tuple(_FIRMWARE)


def firmware(version: int) -> tuple[int, int, int]:
    """Return major, minor and patch of an EmberZNet that speaks this EZSP version."""
    return _FIRMWARE[version]


def stack_version(version: int) -> int:
    """Return the firmware as the `version` answer has it: a digit each, the last for special
    builds."""
    major, minor, patch = firmware(version)
    return major << 12 | minor << 8 | patch << 4


def version_info(version: int) -> bytes:
    """Return the 7 bytes of VALUE_VERSION_INFO: build (2, LE), major, minor, patch, special,
    type."""
    return _BUILD.to_bytes(2, "little") + bytes([*firmware(version), 0, _GENERAL_RELEASE])
