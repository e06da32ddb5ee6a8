"""Firmware images that reach a Device: verified, reported, and on a display activated (CS09)."""

from collections.abc import Mapping
from datetime import datetime

from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType, ImageActivationResult
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.dlms import octets
from hht.gbcs.gbz import GbzAlert, encode_gbz_alert
from hht.simulator.devices.core import alerts, times
from hht.simulator.devices.core.device import AlertDraft
from hht.simulator.devices.core.joinable import JoiningDevice

VERIFIED, NOT_VERIFIED = 0x8F72, 0x8F1C
_VERSION_READ = 0x8F8B
_ACTIVATED_BY_SUPPLIER: Mapping[DeviceType, int] = {
    DeviceType.ESME: 0x00CE,
    DeviceType.GSME: 0x00CF,
    DeviceType.HCALCS: 0x00CF,
}
"""These hold the image until CS06, and report it by this message code (an HCALCS's inferred)."""
_CS09 = 0x012B
_BEFORE_HASH = bytes.fromhex("0020")
"""Wireshark reads two octets before the hash of a GBZ form; that it is its length is inferred."""


def image_received(
    device: JoiningDevice, image_hash: bytes, version: bytes, now: datetime, *, intact: bool = True
) -> bytes:
    """Build the Alert of a Device that was given an image with this SHA-256 and 4-octet version."""
    if device.kind in _ACTIVATED_BY_SUPPLIER:
        return device.alert(_held(device, image_hash, version, intact), now)
    return device.alert(_activated(device, version, intact), now)


def _held(device: JoiningDevice, image_hash: bytes, version: bytes, intact: bool) -> AlertDraft:
    if intact:
        device.maintenance.firmware.load(image_hash, version)
    code = VERIFIED if intact else NOT_VERIFIED

    def payload(counter: int, now: datetime) -> bytes:
        if device.kind is DeviceType.ESME:
            return alerts.dlms(code, counter, now, octets(image_hash))
        content = _BEFORE_HASH + image_hash
        return encode_gbz_alert(GbzAlert(code, times.zigbee_utc(now), content, count=1))

    return AlertDraft(code, _ACTIVATED_BY_SUPPLIER[device.kind], payload)


def _activated(device: JoiningDevice, version: bytes, intact: bool) -> AlertDraft:
    """Run the image at once, as a PPMID does, and report the version that runs."""
    if intact:
        device.maintenance.firmware.version = version
    result = ImageActivationResult.SUCCESS if intact else ImageActivationResult.FAILURE
    running = device.maintenance.firmware.version

    def payload(counter: int, now: datetime) -> bytes:
        return alerts.asn1(_VERSION_READ, now, der.octets(running), der.integer(result))

    return AlertDraft(_VERSION_READ, _CS09, payload, to=Role.ACCESS_CONTROL_BROKER)
