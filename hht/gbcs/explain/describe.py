"""What a GBCS message means, for people: a title, one plain line, and the tree of its fields."""

import logging
from dataclasses import dataclass
from datetime import datetime

from hht.errors import HhtError
from hht.gbcs.alerts import alert_name, read_alert_code
from hht.gbcs.asn1.certificates import read_certificate
from hht.gbcs.asn1.der import decode_only_node
from hht.gbcs.dlms import AccessRequest, AccessResponse, Notification
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.amounts import hex_in_words
from hht.gbcs.explain.bounds import bounded, bounded_fields
from hht.gbcs.explain.context import Context
from hht.gbcs.explain.dates import clock_in_words, clock_status, cosem_moment
from hht.gbcs.explain.field import Field as Field
from hht.gbcs.explain.field import group, leaf
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.summary.summarise import summarise
from hht.gbcs.explain.timing import cosem_stamp, own_moment, start_of_samples
from hht.gbcs.explain.tree.asn1 import asn1_fields, certificate_field
from hht.gbcs.explain.tree.dlms import notification_fields, request_fields, response_fields
from hht.gbcs.explain.tree.gbz import gbz_alert_fields, gbz_fields
from hht.gbcs.gbz import GbzAlert, GbzPayload
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Asn1Payload, Payload, Unknown, decode_payload
from hht.gbcs.protection import KeyStore, Verdict, check_mac, check_signature
from hht.gbcs.use_cases import use_case
from hht.spans import Line, entity, hidden

_LOG = logging.getLogger(__name__)
_VERDICTS = {
    Verdict.VALID: "valid",
    Verdict.INVALID: "INVALID",
    Verdict.ABSENT: "none",
    Verdict.UNCHECKED: "not checked: no key for it",
}


@dataclass(frozen=True, slots=True)
class Description:
    """A message in words.

    `reading` is the plain line, `moment` the message's own time in UTC: of a future dated Command
    when it is due, else when the Device spoke, of undated samples when they begin; `moment_doubt`
    is why the Device's clock is not to be relied on. `mac` and `signature` say what could be
    checked.
    """

    title: str
    reading: Line
    use_case: str
    fields: tuple[Field, ...]
    mac: Verdict
    signature: Verdict
    moment: datetime | None = None
    moment_doubt: str = ""


def describe(
    message: Message,
    keys: KeyStore | None = None,
    *,
    command: Message | None = None,
    show_secrets: bool = False,
) -> Description:
    """Put a message into words as `explain` does; a fault of this program ends nothing else.

    A message that this program fails on is described by its headers and logged, so that the
    folder, the visit or the screen it came up in goes on.
    """
    try:
        return explain(message, keys, command=command, show_secrets=show_secrets)
    except HhtError:
        raise
    except Exception:
        _LOG.exception("a message of use case %04X could not be explained", message.message_code)
        return _headers_only(message, keys)


def reading_of(
    message: Message, keys: KeyStore | None = None, *, command: Message | None = None
) -> Line:
    """Return the one line of `describe`, without checking MAC and signature, which needs far
    longer."""
    try:
        payload = decode_payload(message)
        context = Context.of(message, keys, command, show_secrets=False)
        return summarise(ParsedMessage(context, payload, fields_of(payload, context)))
    except HhtError:
        raise
    except Exception:
        _LOG.exception("a message of use case %04X could not be explained", message.message_code)
        return _unexplained(message)


def explain(
    message: Message,
    keys: KeyStore | None = None,
    *,
    command: Message | None = None,
    show_secrets: bool = False,
) -> Description:
    """Put a message into words; MalformedMessage when its payload is not its use case's.

    Without keys nothing is checked or decrypted, and it says so. `command` is the Command that a
    Response answers, which knows more. Install Codes, keys and PINs are hidden unless asked for.
    """
    case = use_case(message.message_code)
    payload = decode_payload(message)
    context = Context.of(message, keys, command, show_secrets)
    payload_fields = fields_of(payload, context)
    mac, signature = check_mac(message, keys), check_signature(message, keys)
    return Description(
        title=f"{message.cra.name.capitalize()}: {_title(message)}",
        reading=summarise(ParsedMessage(context, payload, payload_fields)),
        use_case=case.name,
        fields=(
            group("Header", bounded_fields(_header(message)), case.name),
            group("Payload", bounded_fields(payload_fields), case.payload_kind),
            leaf("Signature", _VERDICTS[signature]),
            leaf("MAC", _VERDICTS[mac]),
        ),
        mac=mac,
        signature=signature,
        moment=own_moment(message, payload) or start_of_samples(payload_fields),
        moment_doubt=clock_in_words(clock_status(cosem_stamp(message, payload))),
    )


def _headers_only(message: Message, keys: KeyStore | None) -> Description:
    case = use_case(message.message_code)
    return Description(
        title=f"{message.cra.name.capitalize()}: {case.title}",
        reading=_unexplained(message),
        use_case=case.name,
        fields=(
            group("Header", _header(message), case.name),
            leaf("Payload", hidden(message.payload)),
        ),
        mac=check_mac(message, keys),
        signature=check_signature(message, keys),
    )


def _unexplained(message: Message) -> Line:
    title = use_case(message.message_code).title
    words = f"{title}: this program failed to explain its payload; the bytes are kept."
    return bounded(Line.of(words))


def fields_of(payload: Payload, context: Context) -> tuple[Field, ...]:
    """Return the tree of a payload of any kind."""
    match payload:
        case AccessRequest():
            return request_fields(payload, context)
        case AccessResponse():
            return response_fields(payload, context)
        case Notification():
            return notification_fields(payload, context)
        case GbzPayload():
            return gbz_fields(payload, context)
        case GbzAlert():
            return gbz_alert_fields(payload, context)
        case Asn1Payload():
            return asn1_fields(payload, context)
        case Unknown():
            return (leaf("Bytes", hex_in_words(payload.raw)), leaf("Note", payload.note))


def _title(message: Message) -> str:
    """Return what it is about: an Alert by its own name, not by that of the use case for any
    Alert."""
    code = read_alert_code(message.payload) if message.cra is Cra.ALERT else None
    return use_case(message.message_code).title if code is None else alert_name(code)


def _header(message: Message) -> tuple[Field, ...]:
    fields = [
        leaf("Kind", message.cra.name.capitalize()),
        leaf("Message Code", f"{message.message_code:04X}"),
        leaf("Originator", entity(message.originator)),
        leaf("Recipient", entity(message.recipient)),
        leaf("Originator Counter", str(message.counter)),
    ]
    fields += [
        leaf(f"Length of the {name.replace('_', ' ')}", f"in long form, {octets} more than needed")
        for name, octets in message.excess._asdict().items()
        if octets
    ]
    if message.date_time:
        fields.append(leaf("Date Time", cosem_moment(message.date_time)))
    if message.supplementary_party:
        fields.append(leaf("Supplementary Remote Party", entity(message.supplementary_party)))
    fields += [
        leaf(name, str(value))
        for name, value in (
            ("Supplementary Remote Party Counter", message.supplementary_counter),
            ("Supplementary Originator Counter", message.supplementary_originator_counter),
        )
        if value is not None
    ]
    if message.certificate:
        fields.append(_certificate(message.certificate))
    return tuple(fields)


def _certificate(raw: bytes) -> Field:
    name = "Supplementary Remote Party Certificate"
    try:
        certificate = read_certificate(decode_only_node(raw))
    except MalformedMessage:
        certificate = None
    return certificate_field(name, certificate) if certificate else leaf(name, hex_in_words(raw))
