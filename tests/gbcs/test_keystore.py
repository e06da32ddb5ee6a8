"""The PEM folder: secrets from whichever private key is there, each agreed once."""

import shutil
import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import Verdict, check_mac, check_signature, seal, sign

BROKER = EntityId.parse("90-B3-D5-1F-30-00-00-02")
DEVICE = EntityId.parse("00-DB-12-34-56-78-90-A0")
BROKER_KEY = ec.derive_private_key(11, ec.SECP256R1())
DEVICE_KEY = ec.derive_private_key(22, ec.SECP256R1())


def _certificate(key: ec.EllipticCurvePrivateKey, role: str, issuer: str = "") -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, role)])
    made_by = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]) if issuer else name
    start = datetime(2025, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(made_by)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=1))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _private(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / f"{BROKER.hex()}-ka.pem").write_bytes(_certificate(BROKER_KEY, "04"))
    (tmp_path / f"{BROKER.hex()}-ka.key").write_bytes(_private(BROKER_KEY))
    (tmp_path / f"{DEVICE.hex()}-ka.pem").write_bytes(_public(DEVICE_KEY))
    (tmp_path / f"{DEVICE.hex()}-ds.pem").write_bytes(_certificate(DEVICE_KEY, "02"))
    return tmp_path


def test_either_private_key_of_the_pair_gives_the_same_secret(folder: Path) -> None:
    expected = BROKER_KEY.exchange(ec.ECDH(), DEVICE_KEY.public_key())
    keys = PemFolder(folder)
    assert keys.shared_secret(BROKER, DEVICE) == expected
    assert keys.shared_secret(DEVICE, BROKER) == expected


def test_a_private_key_alone_also_serves_as_the_public_one(folder: Path) -> None:
    (folder / f"{DEVICE.hex()}-ka.pem").unlink()
    assert PemFolder(folder).shared_secret(BROKER, DEVICE) is None
    (folder / f"{DEVICE.hex()}-ka.key").write_bytes(_private(DEVICE_KEY))
    assert PemFolder(folder).shared_secret(BROKER, DEVICE) is not None


def test_a_secret_is_agreed_once_however_often_it_is_asked(folder: Path) -> None:
    keys = PemFolder(folder)
    first = keys.shared_secret(BROKER, DEVICE)
    for file in folder.glob("*-ka.*"):
        file.unlink()
    assert keys.shared_secret(DEVICE, BROKER) == first


def test_without_a_private_key_there_is_no_secret(folder: Path) -> None:
    (folder / f"{BROKER.hex()}-ka.key").unlink()
    assert PemFolder(folder).shared_secret(BROKER, DEVICE) is None


def test_the_access_control_broker_is_whose_certificate_names_that_role(folder: Path) -> None:
    assert PemFolder(folder).access_control_broker == BROKER
    (folder / f"{BROKER.hex()}-ka.pem").write_bytes(_certificate(BROKER_KEY, "02"))
    assert PemFolder(folder).access_control_broker is None


def test_a_prepayment_key_names_no_broker(folder: Path) -> None:
    """`<eui>-pp-ka.pem` holds the key for top-ups, which MACs no Command."""
    path = folder / f"{BROKER.hex()}-ka.pem"
    path.rename(folder / f"{BROKER.hex()}-pp-ka.pem")
    assert PemFolder(folder).access_control_broker is None


def test_signing_keys_come_from_the_digital_signing_certificate(folder: Path) -> None:
    keys = PemFolder(folder)
    assert keys.signing_public_key(DEVICE) == DEVICE_KEY.public_key()
    assert keys.signing_public_key(BROKER) is None


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_spoiled_file_is_named_and_never_passed_over(folder: Path, content: bytes) -> None:
    (folder / f"{DEVICE.hex()}-ka.pem").write_bytes(content)
    with pytest.raises(HhtError, match=f"{DEVICE.hex()}-ka.pem"):
        PemFolder(folder).shared_secret(BROKER, DEVICE)


def test_a_private_key_of_another_kind_is_named(folder: Path) -> None:
    other = rsa.generate_private_key(65537, 1024)
    (folder / f"{BROKER.hex()}-ka.key").write_bytes(_private(other))
    with pytest.raises(HhtError, match="P-256 private key"):
        PemFolder(folder).shared_secret(BROKER, DEVICE)


def test_a_path_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HhtError, match="not a folder of keys"):
        PemFolder(tmp_path / "absent")


@pytest.mark.shared
def test_the_reference_keystore_names_its_broker_and_agrees_with_its_devices(
    reference_keys: PemFolder,
) -> None:
    assert reference_keys.access_control_broker == BROKER
    z = reference_keys.shared_secret(BROKER, DEVICE)
    assert z is not None
    assert len(z) == 32
    assert reference_keys.shared_secret(DEVICE, EntityId.parse("00-DB-12-34-56-78-90-A1")) is None


SUPPLIER = EntityId.parse("90-B3-D5-1F-30-01-00-00")
SUPPLIER_KEY = ec.derive_private_key(33, ec.SECP256R1())


@pytest.fixture
def sealed(folder: Path) -> Message:
    """A Supplier's Command with the MAC of the folder's Access Control Broker."""
    z = PemFolder(folder).shared_secret(BROKER, DEVICE)
    assert z is not None
    return seal(Message(Cra.COMMAND, 1000, SUPPLIER, DEVICE, 0x0062, b"\x05\x00"), z)


def test_a_mac_that_the_sound_brokers_key_does_not_fit_is_invalid(
    folder: Path, sealed: Message
) -> None:
    assert check_mac(sealed, PemFolder(folder)) is Verdict.VALID
    assert check_mac(replace(sealed, payload=b"\x05\x01"), PemFolder(folder)) is Verdict.INVALID


def test_a_broker_of_another_issuer_than_the_other_parties_judges_nothing(
    folder: Path, sealed: Message
) -> None:
    _put(folder, SUPPLIER, SUPPLIER_KEY, "02", issuer="Z1")
    _put(folder, BROKER, ec.derive_private_key(44, ec.SECP256R1()), "04", issuer="Z2")
    assert check_mac(sealed, PemFolder(folder)) is Verdict.UNCHECKED


def test_a_broker_whose_private_key_is_anothers_judges_nothing(
    folder: Path, sealed: Message
) -> None:
    (folder / f"{BROKER.hex()}-ka.pem").write_bytes(_certificate(SUPPLIER_KEY, "04"))
    (folder / f"{DEVICE.hex()}-ka.key").write_bytes(_private(DEVICE_KEY))
    (folder / f"{BROKER.hex()}-ka.key").write_bytes(_private(SIXTH_KEY))
    assert check_mac(sealed, PemFolder(folder)) is Verdict.UNCHECKED


def test_the_brokers_key_under_another_partys_name_is_found(folder: Path, sealed: Message) -> None:
    _put(folder, SUPPLIER, BROKER_KEY, "02")
    _put(folder, BROKER, SIXTH_KEY, "04")
    assert check_mac(sealed, PemFolder(folder)) is Verdict.VALID


def test_of_two_brokers_the_one_whose_key_fits_is_found_and_none_condemns(
    folder: Path, sealed: Message
) -> None:
    _put(folder, EntityId.parse("90-B3-D5-1F-30-00-00-99"), SIXTH_KEY, "04")
    assert check_mac(sealed, PemFolder(folder)) is Verdict.VALID
    changed = replace(sealed, payload=b"\x05\x01")
    assert check_mac(changed, PemFolder(folder)) is Verdict.UNCHECKED


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_pem_files_are_read_as_windows_saves_them(folder: Path, encoding: str) -> None:
    expected = PemFolder(folder).shared_secret(BROKER, DEVICE)
    for path in folder.iterdir():
        path.write_bytes(path.read_text().replace("\n", "\r\n").encode(encoding))
    keys = PemFolder(folder)
    assert keys.access_control_broker == BROKER
    assert keys.shared_secret(BROKER, DEVICE) == expected


SIXTH_KEY = ec.derive_private_key(66, ec.SECP256R1())


def _put(
    folder: Path, party: EntityId, key: ec.EllipticCurvePrivateKey, role: str, issuer: str = ""
) -> None:
    (folder / f"{party.hex()}-ka.pem").write_bytes(_certificate(key, role, issuer))
    (folder / f"{party.hex()}-ka.key").write_bytes(_private(key))


@pytest.fixture
def answered(folder: Path) -> Message:
    """A Device's Response to the Access Control Broker with the MAC of their keys."""
    z = PemFolder(folder).shared_secret(BROKER, DEVICE)
    assert z is not None
    return seal(Message(Cra.RESPONSE, 1000, DEVICE, BROKER, 0x0062, b"\x05\x00"), z)


def test_a_responses_mac_that_fits_no_sound_key_is_invalid(folder: Path, answered: Message) -> None:
    assert check_mac(answered, PemFolder(folder)) is Verdict.VALID
    changed = replace(answered, payload=b"\x05\x01")
    assert check_mac(changed, PemFolder(folder)) is Verdict.INVALID


def test_a_responses_mac_is_unchecked_where_the_recipients_private_key_is_anothers(
    folder: Path, answered: Message
) -> None:
    (folder / f"{BROKER.hex()}-ka.key").write_bytes(_private(SIXTH_KEY))
    assert check_mac(answered, PemFolder(folder)) is Verdict.UNCHECKED


def test_a_responses_mac_is_tried_with_the_key_of_every_party(
    folder: Path, answered: Message
) -> None:
    _put(folder, SUPPLIER, BROKER_KEY, "02")
    _put(folder, BROKER, SIXTH_KEY, "04")
    assert check_mac(answered, PemFolder(folder)) is Verdict.VALID


@pytest.mark.shared
@pytest.mark.parametrize("use_case", ["CCS05", "ECS17b"])
def test_another_partys_files_under_the_recipients_name_leave_a_response_unchecked(
    tmp_path: Path, reference_messages: dict[str, Message], reference_folder: Path, use_case: str
) -> None:
    named = (each for name, each in reference_messages.items() if name.startswith(use_case))
    message = next(each for each in named if each.cra is Cra.RESPONSE and each.mac)
    for path in reference_folder.glob(f"{message.originator.hex()}-ka.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    for kind in ("pem", "key"):
        other = reference_folder / f"90b3d51f30020000-ka.{kind}"
        (tmp_path / f"{message.recipient.hex()}-ka.{kind}").write_bytes(other.read_bytes())
    assert check_mac(message, PemFolder(tmp_path)) is Verdict.UNCHECKED


@pytest.mark.shared
def test_a_mac_of_another_party_is_invalid_where_the_certificates_name_their_parties(
    reference_messages: dict[str, Message], reference_keys: PemFolder
) -> None:
    command = reference_messages["ECS82_4.18_SUCCESS_COMMAND"]
    response = reference_messages["ECS82_4.18_SUCCESS_RESPONSE"]
    for party in (SUPPLIER, EntityId.parse("90-B3-D5-1F-30-02-00-00")):
        z = reference_keys.shared_secret(party, DEVICE)
        assert z is not None
        assert check_mac(seal(command, z), reference_keys) is Verdict.INVALID
        is_recipient = party == response.recipient
        expected = Verdict.VALID if is_recipient else Verdict.INVALID
        assert check_mac(seal(response, z), reference_keys) is expected


@pytest.mark.shared
def test_a_signature_by_the_party_that_a_devices_file_names_is_not_the_devices(
    tmp_path: Path, reference_messages: dict[str, Message], reference_folder: Path
) -> None:
    signed = replace(_protected(reference_messages), originator=DEVICE)
    theirs = (reference_folder / f"{SUPPLIER.hex()}-ds.pem").read_bytes()
    (tmp_path / f"{signed.originator.hex()}-ds.pem").write_bytes(theirs)
    private = PemFolder(reference_folder).private_key(SUPPLIER, "ds")
    assert private is not None
    assert check_signature(sign(signed, private), PemFolder(tmp_path)) is Verdict.UNCHECKED


@pytest.mark.shared
def test_a_signature_is_unchecked_where_the_certificate_names_another_device(
    tmp_path: Path, reference_messages: dict[str, Message], reference_folder: Path
) -> None:
    alerts = (each for each in reference_messages.values() if each.cra is Cra.ALERT)
    message = next(each for each in alerts if each.signature)
    own = f"{message.originator.hex()}-ds.pem"
    (tmp_path / own).write_bytes((reference_folder / "00db123456789001-ds.pem").read_bytes())
    assert check_signature(message, PemFolder(tmp_path)) is Verdict.UNCHECKED
    (tmp_path / own).write_bytes((reference_folder / own).read_bytes())
    assert check_signature(message, PemFolder(tmp_path)) is Verdict.VALID
    changed = replace(message, payload=message.payload + b"\x00")
    assert check_signature(changed, PemFolder(tmp_path)) is Verdict.INVALID


@pytest.mark.shared
@pytest.mark.parametrize("kind", ["pem", "crt", "der"])
def test_certificates_and_keys_under_any_name_are_tried(
    tmp_path: Path, reference_messages: dict[str, Message], reference_folder: Path, kind: str
) -> None:
    message = _protected(reference_messages)
    for number, path in enumerate(sorted(reference_folder.iterdir())):
        name = f"{number}.key" if path.suffix == ".key" else f"{number}.{kind}"
        content = path.read_bytes()
        if kind == "der" and b"BEGIN CERTIFICATE" in content:
            content = x509.load_pem_x509_certificate(content).public_bytes(Encoding.DER)
        if "-pp-" not in path.name:
            (tmp_path / name).write_bytes(content)
    keys = PemFolder(tmp_path)
    assert keys.access_control_broker == BROKER
    assert message.originator in keys.signing_parties()
    assert keys.private_key(message.originator, "ds")
    assert (check_mac(message, keys), check_signature(message, keys)) == (Verdict.VALID,) * 2
    changed = replace(message, payload=message.payload + b"\x00")
    assert check_signature(changed, keys) is Verdict.INVALID


@pytest.mark.shared
def test_files_whose_names_were_exchanged_are_sorted_out(
    tmp_path: Path, reference_messages: dict[str, Message], reference_folder: Path
) -> None:
    message = _protected(reference_messages)
    shutil.copytree(reference_folder, tmp_path, dirs_exist_ok=True)
    assert message.originator != BROKER
    for name in ("-ds.pem", "-ka.pem", "-ka.key"):
        one, other = (tmp_path / f"{each.hex()}{name}" for each in (message.originator, BROKER))
        kept = one.read_bytes()
        other.replace(one)
        other.write_bytes(kept)
    keys = PemFolder(tmp_path)
    assert (check_mac(message, keys), check_signature(message, keys)) == (Verdict.VALID,) * 2


@pytest.mark.shared
def test_a_renewed_certificate_beside_the_old_one_is_tried(
    tmp_path: Path, reference_messages: dict[str, Message], reference_folder: Path
) -> None:
    message = _protected(reference_messages)
    old, new = _of_party(message.originator), (reference_folder / _name(message)).read_bytes()
    (tmp_path / _name(message)).write_bytes(old)
    assert check_signature(message, PemFolder(tmp_path)) is Verdict.INVALID
    (tmp_path / "renewed.pem").write_bytes(new)
    assert check_signature(message, PemFolder(tmp_path)) is Verdict.VALID


def test_what_is_no_key_is_passed_over_unless_it_has_the_name_of_one(folder: Path) -> None:
    (folder / "broken.pem").write_bytes(
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
    )
    (folder / "film.mp4").write_bytes(b"0" * 100_000)
    (folder / "more").mkdir()
    assert PemFolder(folder).signing_public_key(SUPPLIER) is None


@pytest.mark.parametrize(
    ("known", "other"),
    [
        ("2A8648CE3D030107", "2A8648CE3D030155"),
        ("2A8648CE3D0201", "2A8648CE3D0255"),
        ("A003020102", "A003020155"),
        ("0C023034", "03023034"),
        ("0C023034", "0C02FFFF"),
    ],
    ids=["curve", "kind of key", "version", "kind of name", "name"],
)
def test_a_certificate_that_the_library_refuses_spoils_no_other(
    folder: Path, known: str, other: str
) -> None:
    der = ssl.PEM_cert_to_DER_cert(_certificate(DEVICE_KEY, "04").decode())
    (folder / "old.cer").write_bytes(der.replace(bytes.fromhex(known), bytes.fromhex(other)))
    keys = PemFolder(folder)
    assert keys.access_control_broker == BROKER
    assert keys.shared_secret(BROKER, DEVICE)
    assert not keys.is_doubtful(BROKER)
    assert keys.signing_public_key(SUPPLIER) is None


def _name(message: Message) -> str:
    return f"{message.originator.hex()}-ds.pem"


def _protected(messages: dict[str, Message]) -> Message:
    commands = (each for each in messages.values() if each.cra is Cra.COMMAND)
    return next(each for each in commands if each.mac and each.signature)


def _of_party(party: EntityId) -> bytes:
    """A Digital Signing certificate of the party, of a key that signed nothing."""
    hardware_module = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.4")
    names = x509.SubjectAlternativeName([x509.OtherName(hardware_module, b"\x04\x08" + party)])
    start = datetime(2025, 1, 1, tzinfo=UTC)
    name = x509.Name([])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.add_extension(names, critical=True)
    builder = builder.public_key(SIXTH_KEY.public_key()).serial_number(1)
    builder = builder.not_valid_before(start).not_valid_after(start + timedelta(days=1))
    return builder.sign(SIXTH_KEY, SHA256()).public_bytes(Encoding.PEM)
