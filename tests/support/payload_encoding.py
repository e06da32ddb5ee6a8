"""Payloads as octets again: the tests change one, or see that nothing of it was lost."""

from hht.gbcs import dlms, gbz
from hht.gbcs.asn1.der import encode_node
from hht.gbcs.payload import Asn1Payload, Payload, Unknown


def encode_payload(payload: Payload) -> bytes:
    """Return the bytes `decode_payload` came from."""
    match payload:
        case dlms.AccessRequest():
            return dlms.encode_access_request(payload)
        case dlms.AccessResponse():
            return dlms.encode_access_response(payload)
        case dlms.Notification():
            return dlms.encode_notification(payload)
        case gbz.GbzPayload():
            return gbz.encode_gbz(payload)
        case gbz.GbzAlert():
            return gbz.encode_gbz_alert(payload)
        case Asn1Payload():
            return encode_node(payload.root)
        case Unknown():
            return payload.raw
