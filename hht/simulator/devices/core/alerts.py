"""The payloads of Alerts, in the form each Device type writes them (GBCS 7.2.9, section 16)."""

from collections.abc import Mapping
from datetime import datetime

from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.dlms import (
    Notification,
    Value,
    encode_notification,
    invoke_of,
    long_unsigned,
    octets,
    structure,
)
from hht.simulator.devices.core import times
from hht.simulator.devices.core.asn1_fields import encode

GENERIC_CRITICAL = 0x1000
GENERIC_NON_CRITICAL = 0x1001
_GBZ_PROFILE = bytes.fromhex("010900")
"""Profile 0109 and no component: the alert code and time are all there is."""

FORMS: Mapping[DeviceType, str] = {
    DeviceType.ESME: "DLMS",
    DeviceType.CHF: "DLMS",
    DeviceType.HCALCS: "DLMS",
    DeviceType.GSME: "GBZ",
    DeviceType.GPF: "GBZ",
    DeviceType.PPMID: "ASN.1",
}
"""How each Device type writes an alert that has nothing to add."""


def plain(form: str, code: int, counter: int, now: datetime) -> bytes:
    """Build an alert of a code and a time alone."""
    if form == "DLMS":
        return dlms(code, counter, now)
    if form == "ASN.1":
        return asn1(code, now)
    return _GBZ_PROFILE + code.to_bytes(2, "big") + times.zigbee_utc(now).to_bytes(4, "big")


def dlms(code: int, counter: int, now: datetime, *content: Value) -> bytes:
    """Build a data-notification: alert code, date-time, and what the alert adds."""
    body = structure(long_unsigned(code), octets(times.cosem(now)), *content)
    return encode_notification(Notification(invoke_of(counter), body))


def asn1(code: int, now: datetime, *content: der.Node) -> bytes:
    """Build a SEQUENCE of alert code, GeneralizedTime, and what the alert adds."""
    head = (der.integer(code), der.generalized_time(now))
    return encode(der.sequence(*head, *content))
