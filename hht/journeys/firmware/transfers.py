"""The reports on a transfer: the hub's (CCS08), and a PPMID's on the image that it runs (CS09).

CCS08 0x0128: `30 { alert code, time, 04 08 Device, 04 04 version, 02 result }`.
CS09 0x012B: `30 { alert code, time, 04 04 version that runs, 02 result }`.
"""

import re

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import FirmwareTransferResult, ImageActivationResult

CCS08, CS09 = 0x0128, 0x012B
_TRANSFER = re.compile(rb"\x04\x08(.{8})\x04\x04(.{4})\x02\x01(.)", re.DOTALL)
_ACTIVATION = re.compile(rb"\x04\x04(.{4})\x02\x01(.)", re.DOTALL)


def transfer_result(payload: bytes, device: EntityId) -> FirmwareTransferResult | None:
    """Return the result of a CCS08 about this Device.

    None for another's and for a number not defined.
    """
    found = _about(payload, device)
    return next((each for each in FirmwareTransferResult if found and each == found[3][0]), None)


def transferred_version(payload: bytes, device: EntityId) -> bytes | None:
    """Return the version (4 octets) of the image that a CCS08 about this Device names."""
    found = _about(payload, device)
    return found[2] if found else None


def _about(payload: bytes, device: EntityId) -> re.Match[bytes] | None:
    found = _TRANSFER.search(payload)
    return found if found and found[1] == device else None


def image_result(payload: bytes) -> ImageActivationResult | None:
    """Return the result of a CS09; None for a number that is not defined."""
    found = _ACTIVATION.search(payload)
    return next((each for each in ImageActivationResult if found and each == found[2][0]), None)
