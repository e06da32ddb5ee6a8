"""An OTA file as GB Devices are given it: header, manufacturer image, the supplier's signature.

The header is ZigBee's. Behind it come the manufacturer image alone, without a sub-element's tag and
length, and for meters and HCALCS `00 40` and an ECDSA P-256 signature r || s over that image.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hht.firmware.sub_elements import SubElement, sub_elements
from hht.gbcs.device_commands import CCS01_DEVICE_TYPES
from hht.gbcs.protection import Verdict, verify_signature

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from zigpy.ota.image import OTAImageHeader


LEAST_UNSIGNED_TYPE = 0x80  # IHD, CAD, PPMID: their images have no supplier's signature
HEADER_VERSION = 0x0100
_FIXED_HEADER = 56  # octets up to the optional fields (ZigBee OTA)
_OPTIONAL = {0x1: 1, 0x2: 8, 0x4: 4}
"""Bytes that each bit of the field control adds to the header."""

_SIGNATURE_PREFIX = b"\x00\x40"
_TRAILER = len(_SIGNATURE_PREFIX) + 64  # octets: r and s of ECDSA over P-256


LARGEST = 10_240_000
"""Bytes of a file that a Service Request has room for (DUIS 5.4, FirmwareImage)."""


class NoImage(ValueError):
    """Bytes that are no OTA file; says why."""


@dataclass(frozen=True, slots=True)
class OtaImage:
    """An OTA file taken apart; `signature` is r || s, empty where there is none.

    `contradiction` says what in header and size cannot be; image and signature are empty then.
    """

    manufacturer: int
    image_type: int
    file_version: int
    hardware: tuple[int, int] | None
    size: int
    image: bytes
    signature: bytes
    contradiction: str = ""

    @property
    def device_type(self) -> str | None:
        """The Device it is for, numbered as in CCS01; None for a type that GBCS does not name."""
        return CCS01_DEVICE_TYPES.get(self.image_type)

    @property
    def sha256(self) -> str | None:
        """The hash that CS06 names: over the manufacturer image alone; lower-case hexadecimal."""
        return None if self.contradiction else hashlib.sha256(self.image).hexdigest()

    @property
    def sub_elements(self) -> tuple[SubElement, ...]:
        """ZigBee OTA's own parts of the image; GB images have none of them."""
        return sub_elements(self.image)

    @property
    def lacks_signature(self) -> bool:
        """Whether it is for a Device whose images are signed, and has no signature."""
        return self.image_type < LEAST_UNSIGNED_TYPE and not self.signature

    def check_signature(self, keys: "Iterable[EllipticCurvePublicKey]") -> Verdict:
        """Check the supplier's signature with each key until one fits.

        It is over the manufacturer image alone: nothing protects the header.
        """
        if self.contradiction:
            return Verdict.UNCHECKED
        if not self.signature:
            return Verdict.ABSENT
        verdict = Verdict.UNCHECKED
        for key in keys:
            verdict = verify_signature(key, self.signature, self.image)
            if verdict is Verdict.VALID:
                break
        return verdict


def read_ota_image(raw: bytes) -> OtaImage:
    """Take an OTA file apart; NoImage where it does not begin with an OTA header."""
    from zigpy.ota.image import OTAImageHeader

    if not raw.startswith(OTAImageHeader.OTA_HEADER):
        raise NoImage("it does not begin with an OTA header")
    try:
        header, _ = OTAImageHeader.deserialize(raw)
    except ValueError:
        raise NoImage("its OTA header is cut short") from None
    contradiction = _contradiction(header, raw)
    image, signature = (b"", b"") if contradiction else _split(header, raw)
    return OtaImage(
        manufacturer=int(header.manufacturer_id),
        image_type=int(header.image_type),
        file_version=int(header.file_version),
        hardware=_hardware(header),
        size=len(raw),
        image=image,
        signature=signature,
        contradiction=contradiction,
    )


def _hardware(header: "OTAImageHeader") -> tuple[int, int] | None:
    if not header.hardware_versions_present:
        return None
    return int(header.minimum_hardware_version), int(header.maximum_hardware_version)


def _contradiction(header: "OTAImageHeader", raw: bytes) -> str:
    """Say what in the header cannot be; empty where all of it fits the file."""
    control = int(header.field_control)
    length = _FIXED_HEADER + sum(size for bit, size in _OPTIONAL.items() if control & bit)
    undefined = control & ~sum(_OPTIONAL)
    hardware = _hardware(header)
    if header.header_version != HEADER_VERSION:
        return f"the header version is {header.header_version:04X} and not {HEADER_VERSION:04X}"
    if undefined:
        return f"the field control has bits that are not defined ({undefined:04X})"
    if header.header_length != length:
        return f"the header says it has {header.header_length} bytes, its fields make {length}"
    if len(raw) > LARGEST:
        return f"the file has {len(raw):,} bytes, an SR 11.1 or 11.4 has room for {LARGEST:,}"
    if header.image_size != len(raw):
        return f"the header says the file has {header.image_size} bytes, it has {len(raw)}"
    if not _split(header, raw)[0]:
        return "there is no manufacturer image behind the header"
    if hardware and hardware[0] > hardware[1]:
        return "the least hardware version is above the greatest"
    return ""


def _split(header: "OTAImageHeader", raw: bytes) -> tuple[bytes, bytes]:
    """Divide what is behind the header into manufacturer image and signature."""
    content = raw[header.header_length :]
    image, trailer = content[:-_TRAILER], content[-_TRAILER:]
    is_signed = header.image_type < LEAST_UNSIGNED_TYPE and len(trailer) == _TRAILER
    if is_signed and trailer.startswith(_SIGNATURE_PREFIX):
        return image, trailer[len(_SIGNATURE_PREFIX) :]
    return content, b""
