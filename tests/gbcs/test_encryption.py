"""Encrypted parts: opened with the agreed secret, refused when touched, unchecked without a key."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from encrypted_parts import dlms_parts

from hht.entity_id import EntityId
from hht.gbcs import dlms, gbz
from hht.gbcs.encryption import EncryptedPart, close_part, gbz_part, open_part
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.gbz.fields import REST
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Payload
from hht.gbcs.protection import Verdict

SUPPLIER = EntityId.parse("90-B3-D5-1F-30-01-00-00")
ACB = EntityId.parse("90-B3-D5-1F-30-00-00-02")
ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")
Z = bytes(range(32))
RESPONSE = Message(Cra.RESPONSE, 1001, ESME, SUPPLIER, 0x0027, b"")
PLAIN = dlms.encode_value(dlms.structure(dlms.array(dlms.double_long_unsigned(12345))))


class OneSecret:
    """A key store of the one secret of the ESME and the Supplier."""

    access_control_broker = None

    def is_doubtful(self, party: EntityId, use: str = "ka") -> bool:
        return False

    def shared_secret(self, own: EntityId, other: EntityId) -> bytes | None:
        return Z if {own, other} == {ESME, SUPPLIER} else None

    def other_secrets(self, device: EntityId, party: EntityId | None) -> tuple[bytes, ...]:
        return ()

    def other_signing_keys(self, party: EntityId) -> tuple[ec.EllipticCurvePublicKey, ...]:
        return ()

    def signing_public_key(self, party: EntityId) -> None:
        return None


def _protected(ciphered: bytes) -> dlms.AccessResponse:
    """What the data protection object answers: parameters, and the ciphered attributes."""
    options = dlms.structure(
        dlms.octets(b"\x04" + (1001).to_bytes(8, "big")),
        dlms.octets(ESME),
        dlms.octets(SUPPLIER),
        dlms.octets(b""),
        dlms.structure(dlms.enum(2), dlms.structure(dlms.octets(b"\x02"), dlms.octets(b""))),
    )
    parameters = dlms.array(dlms.structure(dlms.enum(2), options))
    answer = dlms.structure(parameters, dlms.octets(ciphered))
    return dlms.AccessResponse(dlms.invoke_of(1001), (answer,), (dlms.Result(3, 0),))


def test_what_is_closed_opens_again_with_the_same_secret() -> None:
    payload = _protected(close_part(PLAIN, Z, 1001, ESME, SUPPLIER))
    (part,) = dlms_parts(payload, RESPONSE)
    opened = open_part(part, OneSecret())
    assert (opened.verdict, opened.plaintext) == (Verdict.VALID, PLAIN)


def test_the_worked_gpf_response_opens_to_its_attributes() -> None:
    """GCS14 of the reference set, with the secret of its public test keys."""
    z = bytes.fromhex("afa16a4d1a999876856e9f073127d4ad518c095cb8df47404b9351c0baba3e06")
    ciphered = bytes.fromhex(
        "96931c6287c0e8b7dde64d74f7453425943eac8d3e8da78a3af40eecc34ca30a"
        "f9058d5f597094ffcc949854c9ab00c7086d576d566cbdd20dd750dd"
    )
    plain = bytes.fromhex(
        "0500002ba02526000200002b20a107000100002ba025260031020023881300001102002388130000"
        "2102002388130000"
    )
    gpf = EntityId.parse("00-DB-12-34-56-78-90-A3")
    assert close_part(plain, z, 1001, gpf, SUPPLIER) == bytes.fromhex("3100000000") + ciphered


def test_a_touched_part_is_invalid_and_shows_nothing() -> None:
    ciphered = bytearray(close_part(PLAIN, Z, 1001, ESME, SUPPLIER))
    for at in range(5, len(ciphered)):
        touched = bytes(ciphered[:at]) + bytes([ciphered[at] ^ 1]) + bytes(ciphered[at + 1 :])
        (part,) = dlms_parts(_protected(touched), RESPONSE)
        opened = open_part(part, OneSecret())
        assert (opened.verdict, opened.plaintext) == (Verdict.INVALID, b"")


def test_a_part_for_another_transaction_does_not_open() -> None:
    ciphered = close_part(PLAIN, Z, 1001, ESME, SUPPLIER)[5:]
    part = EncryptedPart(1002, ESME, SUPPLIER, ciphered)
    assert open_part(part, OneSecret()).verdict is Verdict.INVALID


def test_without_the_key_a_part_is_unchecked() -> None:
    part = EncryptedPart(1001, ESME, ACB, bytes(20))
    assert open_part(part, OneSecret()).verdict is Verdict.UNCHECKED
    assert open_part(part, None).verdict is Verdict.UNCHECKED


def test_a_part_for_a_party_behind_the_broker_goes_by_the_supplementary_fields() -> None:
    other = SUPPLIER + (1004).to_bytes(8, "big") + (2002).to_bytes(8, "big")
    response = replace(RESPONSE, recipient=ACB, other_info=other)
    payload = _protected(close_part(PLAIN, Z, 2002, ESME, SUPPLIER))
    (part,) = dlms_parts(payload, response)
    assert (part.counter, part.recipient) == (2002, SUPPLIER)
    assert open_part(part, OneSecret()).plaintext == PLAIN


def test_a_gbz_component_opens_to_the_payload_of_its_frame() -> None:
    plain = bytes.fromhex("0000002539300000 0000")
    ciphered = close_part(plain, Z, 1001, ESME, SUPPLIER)
    field = len(ciphered).to_bytes(2, "big") + ciphered
    component = gbz.Component(3, 0x0702, gbz.ZclFrame(0x18, 0, 1, field), None, b"\x00\x00")
    assert open_part(gbz_part(component, RESPONSE), OneSecret()).plaintext == plain
    broken = replace(component, frame=component.frame._replace(payload=field[:-1]))
    with pytest.raises(MalformedMessage):
        gbz_part(broken, RESPONSE)


def _plain_values(plaintext: bytes) -> dlms.Value:
    value = dlms.decode_only_value(plaintext)
    assert dlms.encode_value(value) == plaintext
    return value


@pytest.mark.shared
def test_every_encrypted_part_of_the_reference_messages_opens_and_reads(
    reference_messages: dict[str, Message],
    reference_payloads: dict[str, Payload],
    reference_keys: PemFolder,
) -> None:
    opened = 0
    for name, payload in reference_payloads.items():
        message = reference_messages[name]
        if isinstance(payload, dlms.AccessResponse | dlms.Notification):
            for part in dlms_parts(payload, message):
                found = open_part(part, reference_keys)
                assert found.verdict is Verdict.VALID, name
                assert _plain_values(found.plaintext).members
                opened += 1
        for component in _encrypted_components(payload):
            found = open_part(gbz_part(component, message), reference_keys)
            assert found.verdict is Verdict.VALID, name
            frame = component.frame._replace(payload=found.plaintext)
            fields = gbz.decode_fields(component.cluster, frame)
            assert REST not in [field.type for field in fields], name
            opened += 1
    assert opened > 30


def _encrypted_components(payload: Payload) -> list[gbz.Component]:
    if isinstance(payload, gbz.GbzPayload):
        return [component for component in payload.components if component.is_encrypted]
    carried = gbz.alert_component(payload) if isinstance(payload, gbz.GbzAlert) else None
    return [carried] if carried and carried.is_encrypted else []
