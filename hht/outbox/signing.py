"""Signing a Service Request for back offices that let a facility hold a key.

The handheld's default is unsigned, because the one that numbers a request must sign it after that.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from hht.errors import InputError
from hht.outbox.gateway.credentials import KeyPair

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec
    from lxml.etree import _Element

P256_BITS = 256  # the only curve of the SMKI
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True)
class RequestSigner:
    """A P-256 key, and the issuer and serial number by which the DCC finds its certificate."""

    issuer: str
    serial: int
    key: "ec.EllipticCurvePrivateKey" = field(repr=False)

    @classmethod
    def of(cls, pair: KeyPair) -> Self:
        """Sign with this key; InputError when it is not on P-256."""
        from cryptography.hazmat.primitives.asymmetric import ec

        if not isinstance(pair.key, ec.EllipticCurvePrivateKey) or pair.key.key_size != P256_BITS:
            raise InputError(
                "The signing key is not on the curve P-256",
                remedy="Give the key of the supplier's signing certificate.",
            )
        issued = pair.certificate
        return cls(issued.issuer.rfc4514_string(), issued.serial_number, pair.key)

    def sign(self, xml: bytes) -> bytes:
        """Add the enveloped signature of the DCC's profile to compact XML.

        ECDSA P-256 with SHA-256; the digest is over inclusive C14N 1.0 with no transform but
        `enveloped-signature`, SignedInfo is in exclusive C14N, KeyInfo names issuer and serial.
        """
        from lxml import etree

        from hht.outbox.gateway.signxml_adapter import dcc_signer

        root = etree.fromstring(xml)
        signed = dcc_signer(root.getroottree()).sign(
            root,
            key=self.key,
            key_info=self._key_info(),
            exclude_c14n_transform_element=True,
        )
        before = [
            etree.tostring(each, with_tail=False) for each in root.itersiblings(preceding=True)
        ]
        return b"".join([_DECLARATION, *reversed(before), etree.tostring(signed)])

    def _key_info(self) -> "_Element":
        from lxml import etree

        from hht.outbox.gateway.signxml_adapter import DS

        info = etree.Element(f"{{{DS}}}KeyInfo", nsmap={"ds": DS})
        data = etree.SubElement(info, f"{{{DS}}}X509Data")
        name = etree.SubElement(data, f"{{{DS}}}X509IssuerSerial")
        etree.SubElement(name, f"{{{DS}}}X509IssuerName").text = self.issuer
        etree.SubElement(name, f"{{{DS}}}X509SerialNumber").text = str(self.serial)
        return info
