"""Signing a Service Request for back offices that let a facility hold a key (extra `sign`).

The handheld's default is unsigned, because whoever numbers a request must sign it after that.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from hht.errors import InputError
from hht.outbox.errors import SigningUnavailable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec
    from lxml.etree import _Element
    from signxml.signer import XMLSigner

DS = "http://www.w3.org/2000/09/xmldsig#"


@dataclass(frozen=True)
class RequestSigner:
    """A P-256 key, and the issuer and serial number by which the DCC finds its certificate."""

    issuer: str
    serial: int
    key: "ec.EllipticCurvePrivateKey" = field(repr=False)

    @classmethod
    def load(cls, key: Path, certificate: Path) -> Self:
        """Read a PEM private key and its PEM certificate; InputError unless they fit."""
        from cryptography import x509
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        try:
            private = load_pem_private_key(key.read_bytes(), password=None)
            issued = x509.load_pem_x509_certificate(certificate.read_bytes())
        except (OSError, ValueError, TypeError):
            raise InputError(
                "The signing key or its certificate cannot be read",
                where=f"{key}, {certificate}",
                remedy="Give an unencrypted PEM key and its PEM certificate.",
            ) from None
        is_p256 = isinstance(private, ec.EllipticCurvePrivateKey) and private.key_size == 256
        if not is_p256 or issued.public_key() != private.public_key():
            raise InputError(
                "The signing key is not the certificate's P-256 key",
                where=str(key),
                remedy="Give the key that belongs to the certificate.",
            )
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        return cls(issued.issuer.rfc4514_string(), issued.serial_number, private)

    def sign(self, xml: bytes) -> bytes:
        """Add the enveloped signature of the DCC's profile to compact XML.

        ECDSA P-256 with SHA-256; the digest is over inclusive C14N 1.0 with no transform but
        `enveloped-signature`, SignedInfo is in exclusive C14N, KeyInfo names issuer and serial.
        """
        from lxml import etree

        signed = _dcc_signer().sign(
            etree.fromstring(xml),
            key=self.key,
            key_info=self._key_info(),
            exclude_c14n_transform_element=True,
        )
        return b'<?xml version="1.0" encoding="UTF-8"?>' + etree.tostring(signed)

    def _key_info(self) -> "_Element":
        from lxml import etree

        info = etree.Element(f"{{{DS}}}KeyInfo", nsmap={"ds": DS})
        data = etree.SubElement(info, f"{{{DS}}}X509Data")
        name = etree.SubElement(data, f"{{{DS}}}X509IssuerSerial")
        etree.SubElement(name, f"{{{DS}}}X509IssuerName").text = self.issuer
        etree.SubElement(name, f"{{{DS}}}X509SerialNumber").text = str(self.serial)
        return info


def _dcc_signer() -> "XMLSigner":
    """A signer whose one reference is digested over inclusive C14N without saying so."""
    try:
        from signxml.algorithms import CanonicalizationMethod
        from signxml.signer import XMLSigner
    except ImportError:
        raise SigningUnavailable(
            "Signing needs the package signxml", remedy="Install hht with its extra 'sign'."
        ) from None

    class DccSigner(XMLSigner):
        def _build_sig(self, sig_root: Any, references: Any, *rest: Any, **options: Any) -> Any:
            inclusive = CanonicalizationMethod.CANONICAL_XML_1_0
            references = [replace(item, c14n_method=inclusive) for item in references]
            return super()._build_sig(sig_root, references, *rest, **options)  # type: ignore[no-untyped-call]

    signer = DccSigner(
        signature_algorithm="ecdsa-sha256",
        digest_algorithm="sha256",
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signer.namespaces = {"ds": DS}
    return signer
