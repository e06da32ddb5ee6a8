"""MACs and signatures: right ones are valid, touched ones never, uncheckable ones say so."""

import random
from dataclasses import dataclass, field, replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hht.entity_id import EntityId
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, MalformedMessage, Message
from hht.gbcs.protection import KeyStore, Verdict, check_mac, check_signature, seal, sign

ACB = EntityId.parse("90-B3-D5-1F-30-00-00-02")
SUPPLIER = EntityId.parse("90-B3-D5-1F-30-01-00-00")
ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")
PPMID = EntityId.parse("00-DB-12-34-56-78-90-A4")
GSME = EntityId.parse("00-DB-12-34-56-78-90-A1")
ACB_Z, SUPPLIER_Z, HAN_Z = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32
SIGNING_KEY = ec.derive_private_key(0x1234567, ec.SECP256R1())


@dataclass
class Keys:
    """A key store of three agreed secrets and one signing certificate."""

    access_control_broker: EntityId | None = ACB
    secrets: dict[frozenset[EntityId], bytes] = field(
        default_factory=lambda: {
            frozenset((ACB, ESME)): ACB_Z,
            frozenset((SUPPLIER, ESME)): SUPPLIER_Z,
            frozenset((PPMID, GSME)): HAN_Z,
        }
    )

    def shared_secret(self, own: EntityId, other: EntityId) -> bytes | None:
        return self.secrets.get(frozenset((own, other)))

    def other_secrets(self, device: EntityId, party: EntityId | None) -> tuple[bytes, ...]:
        return ()

    def other_signing_keys(self, party: EntityId) -> tuple[ec.EllipticCurvePublicKey, ...]:
        return ()

    def is_doubtful(self, party: EntityId, use: str = "ka") -> bool:
        return False

    def signing_public_key(self, party: EntityId) -> ec.EllipticCurvePublicKey | None:
        return SIGNING_KEY.public_key() if party == SUPPLIER else None


RTDS_Z = bytes.fromhex("9689fab9f5e2642a4543b3bb8bd2f55c7ab31e45dfa566b18beead0bd46394ed")
"""The secret of the public test keys of the reference Access Control Broker and CHF."""
RTDS_CCS01 = bytes.fromhex(
    "DD00000000000081911100000000DF090100000000000005160890B3D51F300000020800DB1234567890A200"
    "12000190B3D51F3001000000000000000003EA4D"
    "D920000516000303006800001E0300FF0102006800001E0300FF0302006800001E0300FF02"
    "030204090800DB1234567890A016010910303132333435363738394142434445461600"
    "12005A03FF007C0607034DC39F5F32153966"
)
RTDS_JOINED = bytes.fromhex(
    "DF090200000000000003E80800DB1234567890A00890B3D51F300100000002000D0302010040"
    "762EC72BD5ACCB4D0C92907A6C721C58470EF4EDD66ACFB6223025036DF9D2E5"
    "9D1E7D6936F42BF645C78003567C1B96FA8021915FE70FC9B2A49C299C61AD55"
)
RTDS_ESME_KEY = ec.EllipticCurvePublicKey.from_encoded_point(
    ec.SECP256R1(),
    bytes.fromhex("02F41284362A5A81EEFF848AE2DB4C6D0DF336F06128EB32121596FAEF86DB383D"),
)
COMMAND = Message(Cra.COMMAND, 1000, SUPPLIER, ESME, 0x0062, b"\x05\x00")
RESPONSE = Message(Cra.RESPONSE, 1000, ESME, SUPPLIER, 0x0062, b"\x05\x00")
HAN_COMMAND = Message(Cra.COMMAND, 5, PPMID, GSME, 0x0090, b"\x01\x09\x00")


def _verdicts(raw: bytes, keys: KeyStore) -> tuple[Verdict, Verdict]:
    message = Message.parse(raw)
    return check_mac(message, keys), check_signature(message, keys)


def _flips(raw: bytes, start: int) -> list[bytes]:
    """The message with each byte from `start` on changed, one at a time."""
    changes = random.Random(1)
    return [
        raw[:at] + bytes([raw[at] ^ changes.randint(1, 255)]) + raw[at + 1 :]
        for at in range(start, len(raw))
    ]


def test_the_worked_ccs01_command_carries_exactly_the_mac_we_make() -> None:
    message = Message.parse(RTDS_CCS01)
    assert seal(replace(message, mac=None), RTDS_Z).encode() == RTDS_CCS01


def test_the_worked_join_response_bears_the_signature_of_its_device() -> None:
    class Certificates(Keys):
        def signing_public_key(self, party: EntityId) -> ec.EllipticCurvePublicKey | None:
            return RTDS_ESME_KEY if party == ESME else None

    assert check_signature(Message.parse(RTDS_JOINED), Certificates()) is Verdict.VALID


def test_a_suppliers_command_is_macd_with_the_access_control_brokers_key() -> None:
    assert check_mac(seal(COMMAND, ACB_Z), Keys()) is Verdict.VALID
    assert check_mac(seal(COMMAND, SUPPLIER_Z), Keys()) is Verdict.INVALID


def test_a_response_is_macd_with_the_key_of_the_party_it_goes_to() -> None:
    assert check_mac(seal(RESPONSE, SUPPLIER_Z), Keys()) is Verdict.VALID
    assert check_mac(seal(RESPONSE, ACB_Z), Keys()) is Verdict.INVALID


def test_a_command_born_in_the_han_is_macd_between_its_two_devices() -> None:
    assert check_mac(seal(HAN_COMMAND, HAN_Z), Keys()) is Verdict.VALID


def test_the_access_control_broker_may_be_named_by_the_caller() -> None:
    keys = Keys(access_control_broker=None)
    sealed = seal(COMMAND, ACB_Z)
    assert check_mac(sealed, keys) is Verdict.UNCHECKED
    assert check_mac(sealed, keys, ACB) is Verdict.VALID


def test_without_keys_nothing_is_called_valid() -> None:
    sealed = sign(seal(COMMAND, ACB_Z), SIGNING_KEY)
    assert check_mac(sealed, None) is Verdict.UNCHECKED
    assert check_signature(sealed, None) is Verdict.UNCHECKED
    assert check_mac(sealed, Keys(secrets={})) is Verdict.UNCHECKED
    assert check_signature(replace(sealed, originator=ACB), Keys()) is Verdict.UNCHECKED


def test_what_is_not_there_is_absent_and_not_valid() -> None:
    assert check_mac(COMMAND, Keys()) is Verdict.ABSENT
    assert check_signature(COMMAND, Keys()) is Verdict.ABSENT
    assert check_signature(replace(COMMAND, signature=None), Keys()) is Verdict.ABSENT


def test_the_signature_is_the_originators() -> None:
    signed = sign(COMMAND, SIGNING_KEY)
    assert len(signed.signature or b"") == 64
    assert check_signature(signed, Keys()) is Verdict.VALID
    other = ec.derive_private_key(99, ec.SECP256R1())
    assert check_signature(sign(COMMAND, other), Keys()) is Verdict.INVALID


@pytest.mark.parametrize("signature", [bytes(64), b"\xff" * 64])
def test_a_signature_outside_the_curves_range_is_invalid(signature: bytes) -> None:
    assert check_signature(replace(COMMAND, signature=signature), Keys()) is Verdict.INVALID


def test_no_byte_of_a_sealed_command_can_change_and_its_mac_stay_valid() -> None:
    raw = seal(sign(COMMAND, SIGNING_KEY), ACB_Z).encode()
    for changed in _flips(raw, 0):
        try:
            mac, _ = _verdicts(changed, Keys())
        except MalformedMessage:
            continue
        assert mac is not Verdict.VALID


def test_no_byte_of_a_signed_response_can_change_and_its_signature_stay_valid() -> None:
    raw = sign(replace(RESPONSE, originator=SUPPLIER), SIGNING_KEY).encode()
    for changed in _flips(raw, 0):
        try:
            _, signature = _verdicts(changed, Keys())
        except MalformedMessage:
            continue
        assert signature is not Verdict.VALID


@pytest.mark.shared
def test_no_reference_message_is_invalid_and_only_those_of_the_ppmid_stay_unchecked(
    reference: dict[str, bytes], reference_keys: PemFolder
) -> None:
    for name, raw in reference.items():
        mac, signature = verdicts = _verdicts(raw, reference_keys)
        assert Verdict.INVALID not in verdicts, name
        assert (Verdict.UNCHECKED in verdicts) == name.startswith("PCS"), name
        message = Message.parse(raw)
        assert (mac is Verdict.ABSENT) == (message.mac is None), name
        assert (signature is Verdict.ABSENT) == (not message.signature), name


@pytest.mark.shared
def test_no_byte_of_a_reference_message_can_change_and_both_checks_stay_valid(
    reference: dict[str, bytes], reference_keys: PemFolder
) -> None:
    """Every protected byte of a message of each protection, changed one at a time."""
    for name in (
        "CCS01_8.11_SUCCESS_COMMAND",
        "CS03A1_8.7.1_SUCCESS_COMMAND",
        "CS03A1_8.7.1_SUCCESS_RESPONSE",
        "CS14_NA_8F12_ALERT",
    ):
        before = _verdicts(reference[name], reference_keys)
        for changed in _flips(reference[name], 0):
            try:
                after = _verdicts(changed, reference_keys)
            except MalformedMessage:
                continue
            assert after != before, name
            assert Verdict.VALID not in after or before == (Verdict.VALID, Verdict.VALID), name
