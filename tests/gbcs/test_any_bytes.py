"""Whatever the bytes: read losslessly, or refused with the one typed error, and never valid."""

import random
from collections.abc import Iterator

import pytest
from encrypted_parts import dlms_parts
from hypothesis import given
from hypothesis import strategies as st
from payload_encoding import encode_payload
from sampling import share_of

from hht.entity_id import EntityId
from hht.gbcs import dlms, gbz
from hht.gbcs.asn1 import Element
from hht.gbcs.asn1.certificates import read_certificate
from hht.gbcs.asn1.shapes import SHAPES
from hht.gbcs.correlation import key_of
from hht.gbcs.encryption import gbz_part, open_part
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.future_dated import executed_command
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message, read_headers
from hht.gbcs.outcome import outcome_of
from hht.gbcs.payload import Asn1Payload, Payload, decode_payload
from hht.gbcs.protection import Verdict, check_mac, check_signature

DEVICE = EntityId.parse("00-DB-12-34-56-78-90-A0")
PARTY = EntityId.parse("90-B3-D5-1F-30-01-00-00")
SEEDS = [
    (
        Cra.COMMAND,
        0x0001,
        "d9200005160001030068 00001e0300ff01 01 02020908 0001020304050607 1601",
    ),
    (Cra.COMMAND, 0x002E, "d9200003eb000104000700006201 04ff0201 0202061c2aa118061c374a800100"),
    (Cra.RESPONSE, 0x0060, "da200003e900000113020206061000000001000000020000000300000004010100"),
    (Cra.RESPONSE, 0x0001, "da20000517000003000000030300020102fa"),
    (
        Cra.ALERT,
        0x00CC,
        "0f200007de000203128f66090c07ee010fff090000008000ff09130019000000000000"
        "03f0232800005e2c020006",
    ),
    (Cra.COMMAND, 0x000D, "3010020100040800db12345678909a020104"),
    (
        Cra.ALERT,
        0x00CA,
        "30250203008f66180f32303330303131353039303030305a020203e9300902010004040123abcf",
    ),
    (
        Cra.RESPONSE,
        0x0008,
        "302f30250201040a0100020100301a301803020308040890b3d51f300000020408"
        "4a9ce02c39ab910b30060201030a0119",
    ),
    (Cra.COMMAND, 0x0083, "0109010107080014090006804a371c00000000000000000431323334"),
    (
        Cra.RESPONSE,
        0x009E,
        "01090101000000200800010400c00500004210474649202020202000db1234567890a10300002001",
    ),
    (
        Cra.RESPONSE,
        0x0074,
        "010901030702001c000118000100153100000000abababababababababababababababab",
    ),
    (Cra.ALERT, 0x00CD, "0109018f66388188900e006b00000000000003ed07000906"),
]


def _sealed(cra: Cra, code: int, payload: bytes) -> bytes:
    return Message(cra, 1001, PARTY, DEVICE, code, payload, mac=bytes(12)).encode()


def _read_everything(raw: bytes) -> bool:
    """Read a message and all that can be asked of it; whether it was read and not refused."""
    try:
        assert read_headers(raw)
        message = Message.parse(raw)
    except MalformedMessage:
        return False
    assert message.encode() == raw
    assert key_of(message)
    assert (message.certificate is None) <= (len(message.other_info) < 25)
    assert outcome_of(message).summary
    try:
        payload = decode_payload(message)
        assert encode_payload(payload) == message.payload
        executed_command(message)
        for _ in _parts(payload, message):
            pass
    except MalformedMessage:
        return False
    return True


def _parts(payload: Payload, message: Message) -> Iterator[object]:
    """Every smaller thing a description of the payload would look into."""
    match payload:
        case dlms.AccessResponse() | dlms.Notification():
            yield from (open_part(part, None) for part in dlms_parts(payload, message))
        case gbz.GbzPayload():
            for component in payload.components:
                fields = gbz.decode_fields(component.cluster, component.frame)
                assert gbz.encode_fields(fields) == component.frame.payload
                yield gbz_part(component, message) if component.is_encrypted else fields
        case gbz.GbzAlert():
            yield gbz.alert_component(payload)
        case Asn1Payload():
            yield from _elements(payload.element)


def _elements(element: Element) -> Iterator[object]:
    yield read_certificate(element.node)
    for child in element.children:
        yield from _elements(child)


@given(st.binary(max_size=300))
def test_random_bytes_are_read_losslessly_or_refused(raw: bytes) -> None:
    _read_everything(raw)


@given(
    st.sampled_from(Cra),
    st.one_of(st.sampled_from(sorted(SHAPES)), st.integers(0, 0xFFFF)),
    st.sampled_from(["", "d920000516", "da20000516", "0f20000516", "0109", "30"]),
    st.binary(max_size=200),
)
def test_random_payloads_of_any_code_are_read_losslessly_or_refused(
    cra: Cra, code: int, start: str, rest: bytes
) -> None:
    _read_everything(_sealed(cra, code, bytes.fromhex(start) + rest))


@given(st.sampled_from(SEEDS), st.data())
def test_a_changed_payload_is_read_losslessly_or_refused(
    seed: tuple[Cra, int, str], data: st.DataObject
) -> None:
    cra, code, text = seed
    payload = bytearray.fromhex(text)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(payload) - 1))
        payload[at : at + 1] = data.draw(st.binary(max_size=3))
        if not payload:
            break
    _read_everything(_sealed(cra, code, bytes(payload)))


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed[1]:04x}-{seed[0].name.lower()}")
def test_a_message_cut_short_anywhere_is_refused(seed: tuple[Cra, int, str]) -> None:
    cra, code, text = seed
    raw = _sealed(cra, code, bytes.fromhex(text))
    assert _read_everything(raw)
    for end in range(len(raw)):
        assert not _read_everything(raw[:end])


def test_a_payload_cut_short_anywhere_is_refused() -> None:
    for cra, code, text in SEEDS[:3]:
        payload = bytes.fromhex(text)
        for end in range(len(payload)):
            assert not _read_everything(_sealed(cra, code, payload[:end]))


@pytest.mark.shared
def test_reference_messages_cut_short_are_refused(reference: dict[str, bytes]) -> None:
    draw = random.Random(1)
    for name, raw in reference.items():
        message = Message.parse(raw)
        assert _read_everything(raw), name
        precommand = {len(raw) - 1, len(raw) - 65} if message.mac is None else set()
        for end in {draw.randrange(len(raw)) for _ in range(6)} - precommand:
            assert not _read_everything(raw[:end]), name


@pytest.mark.shared
def test_one_changed_byte_in_a_reference_message_is_never_valid(
    reference: dict[str, bytes], reference_keys: PemFolder
) -> None:
    draw = random.Random(2)
    for name, raw in share_of(list(reference.items()), 4):
        was = _verdicts(Message.parse(raw), reference_keys)
        for _ in range(8):
            changed = bytearray(raw)
            changed[draw.randrange(len(raw))] ^= draw.randint(1, 255)
            _read_everything(bytes(changed))
            try:
                now = _verdicts(Message.parse(bytes(changed)), reference_keys)
            except MalformedMessage:
                continue
            assert Verdict.VALID not in now or (now != was and Verdict.INVALID in now), name


def _verdicts(message: Message, keys: PemFolder) -> tuple[Verdict, Verdict]:
    return check_mac(message, keys), check_signature(message, keys)
