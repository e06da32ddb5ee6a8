"""Warnings W110101 and W110401: the Devices that a distribution of firmware leaves out, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hht.duis.envelope import DuisRefused, read_envelope, tag, value_in
from hht.entity_id import EntityId
from hht.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

CODES = {
    "W110101": ("11.1", "DSPUpdateFirmwareWarning"),
    "W110401": ("11.4", "DSPUpdatePPMIDFirmwareWarning"),
}
"""Service Reference and element of each warning (DUIS 5.4)."""

REASONS = {
    "InvalidDeviceIDList": ("invalid-device", "the DCC takes its identifier for invalid"),
    "NotCommissionedDeviceIDList": ("not-commissioned", "it is not commissioned"),
    "NotApplicableFirmwareDeviceIDList": ("not-applicable", "the firmware is not for it"),
    "OtherRequestInProgressList": ("other-request", "another update of it is under way"),
    "InvalidGBCSVersionList": ("gbcs-version", "its GBCS version has no such update"),
}
"""What each list of the XSD stands for: a word for programs, and words for people."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A Device that the DCC does not send the image to; `reason` is one of REASONS' words."""

    device: EntityId
    reason: str
    said: str


@dataclass(frozen=True, slots=True)
class FirmwareWarning:
    """One warning; `request_id` is the Service Request's that it answers."""

    code: str
    service_reference: str
    request_id: str
    left_out: tuple[LeftOut, ...]


def read_firmware_warning(xml: bytes, where: str) -> FirmwareWarning:
    """Read a DUIS Response with W110101 or W110401; DuisRefused for any other document."""
    envelope = read_envelope(xml, where)
    service, name = CODES.get(envelope.response_code, ("", ""))
    if not service:
        raise DuisRefused(
            f"The Response has code {envelope.response_code}, no warning about firmware",
            where=where,
            remedy=f"Give a Response with {' or '.join(CODES)}.",
        )
    request = str(envelope.request_id) if envelope.request_id else ""
    found = envelope.content.find(tag(name))
    left_out = tuple(_left_out(found, where)) if found is not None else ()
    return FirmwareWarning(envelope.response_code, service, request, left_out)


def left_out_of(warning: FirmwareWarning) -> Iterator[tuple[str, str, str]]:
    """Give Device, code and reason of each Device left out, as a job keeps them."""
    for each in warning.left_out:
        yield str(each.device), warning.code, each.reason


def said_of(reason: str) -> str:
    """Say a reason in words for people."""
    return next((said for word, said in REASONS.values() if word == reason), reason)


def _left_out(warning: "_Element", where: str) -> Iterator[LeftOut]:
    for name, (reason, said) in REASONS.items():
        listed = value_in(warning, tag(name), where)
        for each in filter(None, map(str.strip, listed.split(","))):
            yield LeftOut(_device(each, name, where), reason, said)


def _device(text: str, name: str, where: str) -> EntityId:
    try:
        return EntityId.parse(text)
    except (InputError, ValueError):
        raise DuisRefused(
            f"{name} has {text[:40]!r}, which is no Entity Identifier",
            where=where,
            remedy="Get the file again from the sender.",
        ) from None
