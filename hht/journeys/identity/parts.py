"""Put an identity together from the parts that its issuer and its maker give, in files."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from pathlib import Path

from hht.entity_id import EntityId
from hht.errors import InputError
from hht.files import decode_text, read_input
from hht.session.identity import HhtIdentity
from hht.zse import install_code
from hht.zse.cbke.ecqv import SUITES, CbkeSuite, ImplicitCertificate
from hht.zse.cbke.exchange import CbkeIdentity
from hht.zse.errors import MalformedFrame

_HEX = re.compile(r"[0-9A-Fa-f\s:]+")


@dataclass(frozen=True, slots=True)
class PartFiles:
    """Where each part is; a file holds it as bytes, hexadecimal or base64."""

    certificate: Path
    key: Path
    authority: Path
    install_code: Path


def read_parts(files: PartFiles) -> HhtIdentity:
    """Read the four files; InputError names the one that does not hold what it should."""
    certificate = read_certificate(files.certificate)
    suite = certificate.suite
    of_it = f" of suite {suite.number}, as the certificate is,"
    key = read_bytes(files.key, suite.private_length, f"a private key{of_it}")
    point = suite.curve.point_length
    authority = read_bytes(files.authority, point, f"an authority's public key{of_it}")
    return HhtIdentity(
        CbkeIdentity(certificate.subject, certificate.raw, key, authority, suite.number),
        read_code(files.install_code),
    )


def read_certificate(path: Path) -> ImplicitCertificate:
    """Read an implicit certificate; its length says which suite it is of."""
    content = octets(read_input(path))
    for suite in SUITES.values():
        if len(content) == suite.certificate_length:
            return _certificate(suite, content, path)
    raise InputError(
        f"{len(content)} bytes are no ZigBee certificate; of suite 2 it has 74",
        where=str(path),
        remedy="Give the implicit (ECQV) certificate that was issued for this HHT.",
    )


def _certificate(suite: CbkeSuite, content: bytes, path: Path) -> ImplicitCertificate:
    try:
        return ImplicitCertificate.parse(suite, content)
    except MalformedFrame as error:
        raise InputError(
            str(error).capitalize(), where=str(path), remedy="Give it as its issuer did."
        ) from None


def read_bytes(path: Path, length: int, what: str) -> bytes:
    """Read so many bytes; InputError, without what the file holds, where there are others."""
    content = octets(read_input(path))
    if len(content) != length:
        raise InputError(
            f"The file holds {len(content)} bytes; {what} has {length}",
            where=str(path),
            remedy="Give it as bytes, hexadecimal or base64.",
        )
    return content


def read_code(path: Path) -> bytes:
    """Read an Install Code with or without its check bytes; return it without."""
    try:
        return install_code.parse(octets(read_input(path))).code
    except install_code.InstallCodeError as error:
        raise InputError(error.what, where=str(path), remedy="Check it with the label.") from None


def octets(content: bytes) -> bytes:
    """Read what a file holds: hexadecimal or base64 where it is such text, else its bytes."""
    try:
        text = decode_text(content).strip()
    except ValueError:
        return content
    if _HEX.fullmatch(text) and len(digits := re.sub(r"[\s:]", "", text)) % 2 == 0:
        return bytes.fromhex(digits)
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return content


def to_file(identity: HhtIdentity) -> bytes:
    """Write an identity as hht-identity.json has it, which is made to carry its secrets."""
    cbke = identity.cbke
    fields = {
        "entity_id": str(EntityId(cbke.entity_id)),
        "suite": cbke.suite,
        "certificate": cbke.certificate.hex(),
        "private_key": cbke.private_key.hex(),
        "ca_public_key": cbke.ca_public_key.hex(),
        "install_code": identity.install_code.hex(),
    }
    return json.dumps(fields, indent=1).encode()
