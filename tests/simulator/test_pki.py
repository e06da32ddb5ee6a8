"""The training PKI has the form of the live ones and can never pass for one."""

import os
from pathlib import Path

import pytest
from cryptography import x509

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.certificates import certified_device
from hht.simulator.pki.cbke_authority import CbkeAuthority
from hht.simulator.pki.remote_parties import PARTIES
from hht.simulator.pki.smki import TrainingPki, key_identifier
from hht.zse.cbke.ecqv import SUITE_2, ImplicitCertificate, public_key_of

ESME = EntityId.parse("00DB0000000010A0")


def test_every_certificate_says_it_is_for_training(tmp_path: Path) -> None:
    TrainingPki.load_or_create(tmp_path).certify_device(ESME, "ESME")
    paths = list(tmp_path.glob("*.pem"))
    assert len(paths) == 2 * (len(PARTIES) + 1) + 1
    for path in paths:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        assert "hht training" in certificate.issuer.rfc4514_string()


def test_a_party_is_named_by_its_role_and_a_device_by_its_hardware_module(tmp_path: Path) -> None:
    pki = TrainingPki.load_or_create(tmp_path)
    pki.certify_device(ESME, "ESME")
    assert pki.keys.access_control_broker == PARTIES[Role.ACCESS_CONTROL_BROKER]
    certificate = x509.load_der_x509_certificate(pki.agreement_certificate(ESME))
    assert certified_device(certificate) == ESME
    assert certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_agreement


def test_a_device_is_certified_without_a_look_at_the_others_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pki = TrainingPki.load_or_create(tmp_path)
    looks: list[str] = []
    with monkeypatch.context() as watched:
        watched.setattr(os, "scandir", lambda *folder: looks.append("scandir"))
        watched.setattr(os, "listdir", lambda *folder: looks.append("listdir"))
        pki.certify_device(ESME, "ESME")
    assert looks == []
    assert (tmp_path / f"{ESME.hex()}-ds.pem").exists()


def test_an_authority_signs_what_it_issues(tmp_path: Path) -> None:
    pki = TrainingPki.load_or_create(tmp_path)
    pki.certify_device(ESME, "ESME")
    certificate = x509.load_der_x509_certificate(pki.agreement_certificate(ESME))
    root_path = tmp_path / f"{PARTIES[Role.ROOT].hex()}-ds.pem"
    root = x509.load_pem_x509_certificate(root_path.read_bytes())
    assert root.public_key().public_numbers()  # the authority's certificate is in the folder
    key = pki.keys.signing_public_key(PARTIES[Role.ROOT])
    assert key is not None
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256

    key.verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(SHA256()))


def test_a_second_start_finds_the_same_keys(tmp_path: Path) -> None:
    first = TrainingPki.load_or_create(tmp_path)
    first.certify_device(ESME, "ESME")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    TrainingPki.load_or_create(tmp_path).certify_device(ESME, "ESME")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_private_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    TrainingPki.load_or_create(tmp_path / "keys")
    CbkeAuthority(tmp_path / "cbke.json")
    secret = [*(tmp_path / "keys").glob("*.key"), tmp_path / "cbke.json"]
    assert secret
    assert {path.stat().st_mode & 0o077 for path in secret} == {0}


def test_key_identifiers_are_those_of_the_published_test_certificates() -> None:
    point = bytes.fromhex(
        "048f2052985d2db939a9371c8fef58acb6814b35d5bf2aa25f97f8d198b26dfe60"
        "1add893fc4a1d98291f68e8429b715852367dc0f2c4902e6ff8a736ddc29c134"
    )
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    assert key_identifier(key).hex() == "43eb833b26ee1f4f"


def test_a_cbke_certificate_yields_the_key_of_its_private_key(tmp_path: Path) -> None:
    authority = CbkeAuthority(tmp_path / "cbke.json")
    identity = authority.identity(ESME)
    certificate = ImplicitCertificate.parse(SUITE_2, identity.certificate)
    assert certificate.subject == ESME
    point = certificate.public_key(identity.ca_public_key)
    assert SUITE_2.curve.encode(point) == public_key_of(SUITE_2, identity.private_key)
    assert CbkeAuthority(tmp_path / "cbke.json").identity(ESME) == identity
