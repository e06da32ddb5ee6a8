"""From message to payload: by message code and content, and back to the same bytes."""

from pathlib import Path

import pytest
from payload_encoding import encode_payload

from hht.entity_id import EntityId
from hht.gbcs import asn1, dlms, gbz
from hht.gbcs.encryption import Opened
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Asn1Payload, Payload, Unknown, decode_payload
from hht.gbcs.protection import Verdict

DEVICE, PARTY = EntityId(bytes(8)), EntityId(bytes([9]) * 8)


def _payload(cra: Cra, code: int, raw: str) -> Payload:
    message = Message(cra, 1, PARTY, DEVICE, code, bytes.fromhex(raw))
    payload = decode_payload(message)
    assert encode_payload(payload) == message.payload
    return payload


@pytest.mark.parametrize(
    ("cra", "code", "raw", "kind"),
    [
        (Cra.COMMAND, 0x0004, "D920000515000101006800001E0300FF040100", dlms.AccessRequest),
        (Cra.RESPONSE, 0x0004, "DA2000051500000100010101", dlms.AccessResponse),
        (
            Cra.ALERT,
            0x1000,
            "0F200007D0000202128F30090C07DF0101FF000000008000FF",
            dlms.Notification,
        ),
        (Cra.COMMAND, 0x0015, "01090101070900040100 0103", gbz.GbzPayload),
        (Cra.ALERT, 0x1000, "0109008F301C374A80", gbz.GbzAlert),
        (Cra.COMMAND, 0x0013, "0500", Asn1Payload),
        (Cra.COMMAND, 0x000F, "040800DB123456789099", Asn1Payload),
    ],
)
def test_each_kind_of_payload_is_recognised_by_its_code_and_content(
    cra: Cra, code: int, raw: str, kind: type
) -> None:
    assert type(_payload(cra, code, raw)) is kind


def test_no_repr_shows_what_a_payload_holds() -> None:
    secret = b"0123456789ABCDEF"
    data = dlms.AccessRequest(0, (), (dlms.octets(secret),))
    frame = gbz.ZclFrame(1, 0, 4, secret)
    for made in (
        Message(Cra.COMMAND, 1, PARTY, DEVICE, 1, secret),
        data,
        dlms.AccessResponse(0, data.data, ()),
        dlms.Notification(0, dlms.octets(secret)),
        gbz.components_of((0x0708, frame)),
        gbz.GbzAlert(1, 2, secret),
        Asn1Payload(asn1.octets(secret), 0x0109, Cra.COMMAND),
        Unknown(secret, ""),
        Opened(Verdict.VALID, secret),
    ):
        assert secret.decode() not in repr(made)
        assert secret.hex() not in repr(made)


@pytest.mark.parametrize("raw", ["", "0500", "D920", "FFFFFF"])
def test_an_unknown_code_keeps_its_payload_as_bytes_and_says_so(raw: str) -> None:
    payload = _payload(Cra.COMMAND, 0xEEEE, raw)
    assert isinstance(payload, Unknown)
    assert "EEEE" in payload.note


def test_an_unknown_code_with_a_payload_that_tells_itself_is_decoded_all_the_same() -> None:
    assert isinstance(
        _payload(Cra.RESPONSE, 0xEEEE, "DA2000051500000100010101"), dlms.AccessResponse
    )


@pytest.mark.parametrize(
    ("code", "raw"), [(0x0004, ""), (0x0004, "D920"), (0x0013, "05"), (0x0015, "010901")]
)
def test_a_known_code_with_a_broken_payload_is_malformed(code: int, raw: str) -> None:
    with pytest.raises(MalformedMessage):
        _payload(Cra.COMMAND, code, raw)


@pytest.mark.shared
def test_every_reference_payload_is_typed_and_encodes_to_its_bytes(
    reference_messages: dict[str, Message], reference_payloads: dict[str, Payload]
) -> None:
    for name, payload in reference_payloads.items():
        assert not isinstance(payload, Unknown), name
        assert encode_payload(payload) == reference_messages[name].payload, name


@pytest.mark.shared
def test_every_code_of_the_facts_is_known_to_the_table(shared: Path) -> None:
    lines = (shared / "facts" / "gbcs_message_codes.tsv").read_text().splitlines()[1:]
    for line in lines:
        with pytest.raises(MalformedMessage):
            _payload(Cra.COMMAND, int(line.split("\t")[0], 16), "")


@pytest.mark.shared
def test_the_kinds_of_the_reference_payloads_are_those_the_facts_name(
    shared: Path, reference_messages: dict[str, Message], reference_payloads: dict[str, Payload]
) -> None:
    kinds = {
        "DLMS": (dlms.AccessRequest, dlms.AccessResponse),
        "DLMS-notify": (dlms.Notification,),
        "ASN.1": (Asn1Payload,),
        "GBZ": (gbz.GbzPayload, gbz.GbzAlert),
        "DLMS-notify+GBZ": (dlms.Notification, gbz.GbzAlert),
    }
    lines = (shared / "facts" / "gbcs_message_codes.tsv").read_text().splitlines()[1:]
    expected = {
        int(code, 16): kinds[kind] for code, kind, *_ in (line.split("\t") for line in lines)
    }
    for name, payload in reference_payloads.items():
        assert isinstance(payload, expected[reference_messages[name].message_code]), name
