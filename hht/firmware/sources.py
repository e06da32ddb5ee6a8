"""Where firmware images come from: OTA files, and the images inside SR 11.1 and SR 11.4."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hht.duis.envelope import DuisRefused, decode_base64, parse_xml, printable_tag, tag, value_in
from hht.duis.request_id import RequestId
from hht.entity_id import EntityId
from hht.errors import InputError
from hht.files import read_input
from hht.firmware.ota_image import LEAST_UNSIGNED_TYPE, NoImage, OtaImage, read_ota_image
from hht.gbcs.keystore import PemFolder
from hht.gbcs.protection import Verdict

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

# The largest image in base64, its list of Devices (1.2 MB) and the envelope; what is little larger
# is read, to say so.
LARGEST_REQUEST = 16 * 1024 * 1024
_BODIES = {"11.1": "UpdateFirmware", "11.4": "UpdatePPMIDFirmware"}


@dataclass(frozen=True, slots=True)
class Inspected:
    """One image and what was found out about it; `image` is None where there is none.

    `party` is the supplier that a Service Request names.
    """

    source: str
    image: OtaImage | None = None
    party: EntityId | None = None
    signature: Verdict | None = None
    error: str | None = None


def inspect_paths(paths: list[Path], keys: PemFolder | None) -> Iterator[Inspected]:
    """Inspect each file; of a folder each file in it."""
    for path in paths:
        files = (
            sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
        )
        for file in files:
            yield inspect_file(file, keys)
        if not files:
            yield Inspected(str(path), error="There is no file in this folder")


def inspect_file(path: Path, keys: PemFolder | None) -> Inspected:
    """Inspect one file; an error is in the result."""
    try:
        raw = read_input(path)
        if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            service, party, content = _from_request(raw, str(path))
        else:
            service, party, content = "", None, raw
        image = read_ota_image(content)
    except NoImage as none:
        return Inspected(str(path), error=f"This holds no firmware image: {none}")
    except InputError as refused:
        return Inspected(str(path), error=refused.what)
    error = image.contradiction or _wrong_service(service, image)
    verdict = image.check_signature(_keys(keys, party))
    if verdict is Verdict.INVALID and not error:
        error = "the supplier's signature does not fit the image"
    return Inspected(str(path), image, party, verdict, _sentence(error))


def _from_request(xml: bytes, where: str) -> tuple[str, EntityId, bytes]:
    """Find service, supplier and image in a Service Request; DuisRefused where it has none."""
    root = parse_xml(xml, where, largest=LARGEST_REQUEST)
    header, body = root.find(tag("Header")), root.find(tag("Body"))
    if root.tag != tag("Request") or header is None or body is None:
        raise _no_request(f"The document is {printable_tag(root)} and no Service Request", where)
    for service, name in _BODIES.items():
        path = f"{tag(name)}/{tag('FirmwareImage')}"
        if body.find(path) is not None:
            party = RequestId.parse(value_in(header, tag("RequestID"), where), where).originator
            content = value_in(body, path, where)
            return service, party, decode_base64(content, where, "FirmwareImage")
    raise _no_request("The Service Request is neither 11.1 nor 11.4 and has no image", where)


def _no_request(what: str, where: str) -> DuisRefused:
    return DuisRefused(what, where=where, remedy="Give an SR 11.1, an SR 11.4 or an OTA file.")


def _wrong_service(service: str, image: OtaImage) -> str:
    """Say whether the image is of a Device that this Service Request does not serve."""
    for_ppmid = image.device_type == "PPMID"
    if service == "11.4" and not for_ppmid:
        return f"SR 11.4 is for a PPMID, the image type is {image.image_type:04X}"
    if service == "11.1" and image.image_type >= LEAST_UNSIGNED_TYPE:
        return f"SR 11.1 is for meters and HCALCS, the image type is {image.image_type:04X}"
    return ""


def _keys(keys: PemFolder | None, party: EntityId | None) -> "Iterator[EllipticCurvePublicKey]":
    """Yield the public keys that may have signed: the party's, or of a bare file every one."""
    if keys is None:
        return
    for each in keys.signing_parties() if party is None else (party,):
        if key := keys.signing_public_key(each):
            yield key


def _sentence(text: str) -> str | None:
    return f"{text[0].upper()}{text[1:]}" if text else None
