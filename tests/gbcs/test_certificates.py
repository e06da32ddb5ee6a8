"""Certificates: whose they are, in what role, for which use."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from hht.entity_id import EntityId
from hht.gbcs import asn1
from hht.gbcs.asn1.certificates import Certificate, read_certificate
from hht.gbcs.asn1.codes import KeyUsage, RemotePartyRole
from hht.gbcs.certificates import agrees_keys, device_of

KEY = ec.derive_private_key(7, ec.SECP256R1())
POINT = KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
SUPPLIER = EntityId.parse("90-B3-D5-1F-30-01-00-00")
DEVICE = EntityId.parse("00-DB-12-34-56-78-90-A0")
START = datetime(2026, 1, 2, tzinfo=UTC)
NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def _build(
    subject: list[x509.NameAttribute[str] | x509.NameAttribute[bytes]],
) -> x509.CertificateBuilder:
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Z1")])
    builder = x509.CertificateBuilder().subject_name(x509.Name(subject)).issuer_name(issuer)
    builder = builder.public_key(KEY.public_key()).serial_number(0x1234)
    builder = builder.not_valid_before(START).not_valid_after(NEVER)
    return builder.add_extension(x509.SubjectKeyIdentifier(b"\x41" * 8), critical=False)


def _usage(*, signing: bool) -> x509.KeyUsage:
    return x509.KeyUsage(signing, False, False, False, not signing, False, False, False, False)


def _read(builder: x509.CertificateBuilder) -> Certificate | None:
    raw = builder.sign(KEY, SHA256()).public_bytes(Encoding.DER)
    return read_certificate(asn1.decode_only_node(raw))


def test_an_organisation_certificate_names_role_and_entity_in_its_subject() -> None:
    unique = x509.NameAttribute(
        NameOID.X500_UNIQUE_IDENTIFIER, b"\x00" + SUPPLIER, _ASN1Type.BitString
    )
    unit = x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "02")
    builder = _build([unit, unique])
    found = _read(builder.add_extension(_usage(signing=True), critical=True))
    assert found == Certificate(
        serial=0x1234,
        issuer="Z1",
        common_name="",
        entity_id=SUPPLIER,
        role=RemotePartyRole.SUPPLIER,
        key_usage=KeyUsage.DIGITAL_SIGNATURE,
        subject_key_identifier=b"\x41" * 8,
        not_before=START,
        not_after=NEVER,
        public_key=POINT,
    )


def test_a_device_certificate_names_its_entity_as_hardware_module() -> None:
    module = asn1.encode_node(asn1.sequence(asn1.Node(6, b"\x2a\x03"), asn1.octets(DEVICE)))
    other = x509.OtherName(x509.ObjectIdentifier("1.3.6.1.5.5.7.8.4"), module)
    builder = _build([]).add_extension(x509.SubjectAlternativeName([other]), critical=True)
    found = _read(builder.add_extension(_usage(signing=False), critical=True))
    assert found is not None
    assert found.entity_id == DEVICE
    assert found.role is None
    assert found.key_usage is KeyUsage.KEY_AGREEMENT


@pytest.mark.parametrize("raw", ["3000", "3003020100", "30083006300030003000"])
def test_a_tree_that_is_no_certificate_is_none(raw: str) -> None:
    assert read_certificate(asn1.decode_only_node(bytes.fromhex(raw))) is None


@pytest.mark.shared
@pytest.mark.parametrize(
    ("known", "other"),
    [("551D0E", "551D0F"), ("A003020102", "A003020155"), ("2A8648CE3D0201", "2A8648CE3D0255")],
    ids=["an extension twice", "version", "kind of key"],
)
def test_a_certificate_that_the_library_refuses_names_no_device_and_agrees_no_keys(
    known: str, other: str
) -> None:
    builder = _build([]).add_extension(_usage(signing=False), critical=True)
    raw = builder.sign(KEY, SHA256()).public_bytes(Encoding.DER)
    assert agrees_keys(raw)
    refused = raw.replace(bytes.fromhex(known), bytes.fromhex(other))
    assert not agrees_keys(refused)
    assert device_of(refused) is None


def test_every_certificate_of_the_reference_keystore_is_read(shared: Path) -> None:
    files = sorted((shared / "rtds" / "keystore").glob("00db*.pem"))
    for path in files:
        body = "".join(path.read_text().split("-----")[2].split())
        found = read_certificate(asn1.decode_only_node(base64.b64decode(body)))
        assert found is not None, path.name
        assert found.entity_id == EntityId.parse(path.name[:16])
        expected = KeyUsage.DIGITAL_SIGNATURE if "-ds" in path.name else KeyUsage.KEY_AGREEMENT
        assert found.key_usage is expected
    assert len(files) > 300
