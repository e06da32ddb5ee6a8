"""Firmware images of a simulated premises: OTA files as a supplier has them distributed.

The same site gives the same image in every process, so that the hash in an Activate Firmware and
the image on the air agree. Layout of an OTA file: hht/firmware/ota_image.py.
"""

import hashlib
import random
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.simulator.pki.remote_parties import PARTIES
from hht.simulator.site.record import Site
from hht.simulator.site.spec import ImageSpec
from hht.zse.ota import ImageId

MANUFACTURER = 0x121D
"""The maker in the DCC's templates; any will do."""
HARDWARE = 0x1111
"""The hardware version of every simulated Device."""
_HEADER_BYTES = 60  # ZigBee OTA: 56 fixed ones, and the hardware versions (4)
_LEAST_HARDWARE, _GREATEST_HARDWARE = 0x1111, 0x1211
_OTHER_HARDWARE = 0x2222
_IMAGE_TYPES = {"ESME": 0, "GSME": 1, "HCALCS": 13, "IHD": 128, "PPMID": 132}
"""The image type of an OTA file is the Device type of CCS01 (facts of the DCC's templates)."""
_UNSIGNED = frozenset({"PPMID"})


@dataclass(frozen=True, slots=True)
class SiteImage:
    """One OTA file; `intact` says whether what is in it verifies, `hardware` whom it fits."""

    raw: bytes
    identity: ImageId
    hardware: tuple[int, int]
    sha256: bytes
    version: bytes
    intact: bool


def site_image(site: Site, spec: ImageSpec) -> SiteImage:
    """Build the image that the supplier has sent for one Device of the site."""
    device = site.device(spec.device)
    kind = device.spec.type
    luck = random.Random(f"{device.entity_id} {spec.version}")
    content = luck.randbytes(spec.size)
    version = bytes.fromhex(spec.version)
    identity = ImageId(MANUFACTURER, _IMAGE_TYPES[kind], int.from_bytes(version, "big"))
    hardware = _LEAST_HARDWARE, _GREATEST_HARDWARE
    if spec.wrong == "hardware":
        hardware = _OTHER_HARDWARE, _OTHER_HARDWARE
    trailer = b"" if kind in _UNSIGNED else b"\x00\x40" + _signature(site, content)
    size = _HEADER_BYTES + len(content) + len(trailer)
    header = _header(identity, hardware, size, spec.device)
    return SiteImage(
        header + content + trailer,
        identity,
        hardware,
        hashlib.sha256(content).digest(),
        version,
        intact=spec.wrong != "image",
    )


def activation_hash(site: Site, label: str) -> bytes:
    """Return the hash that the supplier's Activate Firmware for this Device names.

    Of several images it is the last: a hub discards one for the next, and a Device holds one.
    """
    spec = next((each for each in reversed(site.spec.images) if each.device == label), None)
    if spec is None:
        return bytes(32)
    digest = site_image(site, spec).sha256
    return digest[::-1] if spec.wrong == "hash" else digest


def _header(identity: ImageId, hardware: tuple[int, int], size: int, name: str) -> bytes:
    def u(value: int, length: int) -> bytes:
        return value.to_bytes(length, "little")

    fixed = u(0x0BEEF11E, 4) + u(0x0100, 2) + u(_HEADER_BYTES, 2) + u(0x0004, 2)
    text = name.encode("ascii", "replace")[:32].ljust(32, b"\x00")
    return (
        fixed
        + identity.encode()
        + u(2, 2)
        + text
        + u(size, 4)
        + b"".join(u(each, 2) for each in hardware)
    )


def _signature(site: Site, content: bytes) -> bytes:
    key = site.keys.private_key(PARTIES[Role.SUPPLIER], "ds")
    if key is None:
        return bytes(64)
    r, s = decode_dss_signature(key.sign(content, ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")
