"""Local Commands: read from the DUIS Response in which the DCC hands them over."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from hht.duis.envelope import (
    DuisRefused,
    ResponseEnvelope,
    decode_base64,
    printable_tag,
    read_envelope,
    tag,
    value_in,
)
from hht.duis.firmware_warning import CODES as FIRMWARE_WARNINGS
from hht.duis.request_id import RequestId
from hht.gbcs.message import Cra, MalformedMessage, Message
from hht.spans import with_article

if TYPE_CHECKING:
    from lxml.etree import _Element


class NothingToDeliver(DuisRefused):
    """A DUIS Response that is sound and carries no Local Command: an acknowledgement, an answer."""


class NotACommand(DuisRefused):
    """What is no Command: a Device's Response or Alert, or the DCC's refusal."""


class PreCommandRefused(DuisRefused):
    """A Pre-Command: a Command that is not signed, or has no MAC yet."""


@dataclass(frozen=True, slots=True)
class LocalCommand:
    """One Command for local delivery, with the RequestID its Response must be returned under.

    `raw` is the whole GBCS message, to be delivered byte for byte. The service references are
    empty for a Command that came as a HEX file. `is_training` says that its XML has the training
    mark.
    """

    request_id: RequestId
    service_reference: str
    service_reference_variant: str
    message: Message
    raw: bytes = field(repr=False)
    signed: bool = False
    is_training: bool = False

    @classmethod
    def of(
        cls, request_id: str, reference: str, variant: str, raw: bytes, where: str
    ) -> "LocalCommand":
        """Make one of its parts; an error names `where` they were found."""
        request, message = RequestId.parse(request_id, where), read_command(raw, where)
        return cls(request, reference, variant, message, raw)


def read_local_command(xml: bytes, where: str) -> LocalCommand:
    """Read LocalCommand/GBCSPayload of a DUIS Response (DUIS 5.4, command variants 2, 3, 6, 7).

    DuisRefused for everything an HHT must not deliver: Pre-Commands, errors, and XML that is
    damaged or unsafe. NothingToDeliver for acknowledgements, alerts and answers over the WAN.
    """
    envelope = read_envelope(xml, where)
    local = envelope.content.find(tag("LocalCommand"))
    if envelope.content.tag != tag("ResponseMessage") or local is None:
        _refuse(envelope, where)
    if envelope.request_id is None:
        raise DuisRefused(
            "The Response has no RequestID, so its Response could not be returned",
            where=where,
            remedy="Get the file again from the sender.",
        )
    payload = value_in(local, tag("GBCSPayload"), where)
    raw = decode_base64(payload, where, "LocalCommand/GBCSPayload")
    return LocalCommand(
        request_id=envelope.request_id,
        service_reference=value_in(envelope.content, tag("ServiceReference"), where),
        service_reference_variant=value_in(envelope.content, tag("ServiceReferenceVariant"), where),
        message=read_command(raw, where),
        raw=raw,
        signed=envelope.signed,
        is_training=envelope.is_training,
    )


def read_command(raw: bytes, where: str) -> Message:
    """Parse a GBCS message that is to be delivered; DuisRefused unless it is a complete Command."""
    try:
        message = Message.parse(raw)
    except MalformedMessage as error:
        raise DuisRefused(
            f"The GBCS message is damaged: {error.what}",
            where=where,
            remedy="Get the file again from the sender.",
        ) from None
    if message.is_precommand:
        _refuse_precommand(where)
    if message.cra is not Cra.COMMAND:
        raise NotACommand(
            f"The GBCS message is {with_article(message.cra.name.capitalize())} and not a Command",
            where=where,
            remedy="Import what is to be delivered; what Devices answer is captured on site.",
        )
    return message


def _refuse(envelope: ResponseEnvelope, where: str) -> NoReturn:
    """Say what the Response is instead of a Local Command, and what to do about it."""
    content, code = envelope.content, envelope.response_code
    if content.find(tag("PreCommand")) is not None:
        _refuse_precommand(where)
    if code.startswith("E"):
        raise NotACommand(
            f"The DCC refused this Service Request with {code}",
            where=where,
            remedy="Correct the Service Request and send it again.",
        )
    what, remedy = _what_it_is(content, code)
    raise NothingToDeliver(what, where=where, remedy=remedy)


def _refuse_precommand(where: str) -> NoReturn:
    raise PreCommandRefused(
        "This is a Pre-Command, which no Device accepts",
        where=where,
        remedy="Have it signed and sent as command variant 6 or 7, and import what comes back.",
    )


def _what_it_is(content: "_Element", code: str) -> tuple[str, str]:
    if content.find(tag("GBCSPayload")) is not None:
        return (
            "This is a Device's answer that came over the WAN",
            "There is nothing to deliver; import the Local Command itself.",
        )
    if content.tag != tag("ResponseMessage"):
        return (
            f"This is {printable_tag(content)}, not a Local Command",
            "There is nothing to deliver; import the Local Command itself.",
        )
    if code in FIRMWARE_WARNINGS:
        return (
            f"This is the DCC's warning {code}: the firmware does not go to every Device",
            "There is nothing to deliver; 'hht firmware warnings' names the Devices.",
        )
    if code.startswith("W"):
        return (f"This is the DCC's warning {code}", "There is nothing to deliver.")
    if code == "I99":
        return (
            "This is an acknowledgement (I99) without a Local Command",
            "Ask for command variant 2, 3, 6 or 7, and import the answer to that.",
        )
    return (
        "This Response carries no Local Command",
        "Ask for command variant 2, 3, 6 or 7, and import the answer to that.",
    )
