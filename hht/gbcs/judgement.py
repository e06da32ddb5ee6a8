"""Judges a message once: who made it, what a Response says was done, and what stayed encrypted."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import KeyStore, Verdict, check_mac, check_signature

if TYPE_CHECKING:
    from hht.gbcs.dlms import Value
    from hht.gbcs.encryption import EncryptedPart
    from hht.gbcs.payload import Payload

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found with the keys at hand; it is kept with the message.

    `positive` is whether a Response reports success, None where the message is no Response, cannot
    be read, does not answer each part of its Command or this program fails on it. `encrypted`
    counts the parts that no key opened.
    """

    mac: Verdict
    signature: Verdict
    positive: bool | None = None
    summary: str = ""
    encrypted: int = 0

    @property
    def proves_its_maker(self) -> bool:
        """Whether MAC or signature was made by the Device that the message names."""
        verdicts = (self.mac, self.signature)
        return Verdict.VALID in verdicts and Verdict.INVALID not in verdicts

    @property
    def is_forged(self) -> bool:
        """Whether MAC or signature was made by another, or the message was changed on the way."""
        return Verdict.INVALID in (self.mac, self.signature)


def judge(message: Message, keys: KeyStore | None, command: Message | None = None) -> Judgement:
    """Judge a message with the keys there are; its payload is decoded once.

    `command` is the Command that a Response answers: all of it must have been answered.

    A fault of this program is logged and leaves `positive` None: it must not cost a message. Nor
    must a key's file that cannot be read: what it would prove is unchecked.
    """
    found = Judgement(
        _verdict(message, lambda: check_mac(message, keys)),
        _verdict(message, lambda: check_signature(message, keys)),
    )
    try:
        return _judge_payload(message, keys, found, command)
    except MalformedMessage as error:
        return replace(found, summary=f"It cannot be read: {error.what}.")
    except Exception:
        _LOG.exception("a message of use case %04X could not be judged", message.message_code)
        return replace(found, summary="This program failed to read it.")


def _verdict(message: Message, check: Callable[[], Verdict]) -> Verdict:
    try:
        return check()
    except (HhtError, OSError) as error:
        _LOG.warning("use case %04X is unchecked: %s", message.message_code, error)
    except Exception:
        _LOG.exception("the maker of a message of use case %04X is unchecked", message.message_code)
    return Verdict.UNCHECKED


def _judge_payload(
    message: Message, keys: KeyStore | None, found: Judgement, command: Message | None
) -> Judgement:
    from hht.gbcs.completeness import asked_by
    from hht.gbcs.encryption import open_part
    from hht.gbcs.outcome import outcome_of_payload
    from hht.gbcs.payload import decode_payload

    payload = decode_payload(message)
    parts = list(_encrypted_parts(payload, message))
    unopened = sum(open_part(part, keys).verdict is not Verdict.VALID for part in parts)
    if message.cra is not Cra.RESPONSE:
        return replace(found, encrypted=unopened)
    outcome = outcome_of_payload(payload, message, keys, asked_by(command, message))
    positive = outcome.positive if outcome.is_known else None
    summary = str(outcome.summary)
    return replace(found, positive=positive, summary=summary, encrypted=unopened)


def _encrypted_parts(payload: "Payload", message: Message) -> "Iterator[EncryptedPart]":
    from hht.gbcs import dlms, gbz
    from hht.gbcs.encryption import encrypted_part, gbz_part, is_ciphered

    match payload:
        case gbz.GbzPayload():
            components = (each for each in payload.components if each.is_encrypted)
            yield from (gbz_part(component, message) for component in components)
        case dlms.AccessResponse():
            ciphered = filter(is_ciphered, _octets(payload.data))
            yield from (encrypted_part(octets, message) for octets in ciphered)
        case dlms.Notification():
            ciphered = filter(is_ciphered, _octets((payload.body,)))
            yield from (encrypted_part(octets, message) for octets in ciphered)


def _octets(values: "tuple[Value, ...]") -> Iterator[bytes]:
    """Yield every octet string in them, however deep in arrays and structures."""
    from hht.gbcs.dlms import Tag

    for value in values:
        if isinstance(value.content, bytes):
            yield value.content
        elif value.tag in (Tag.ARRAY, Tag.STRUCTURE):
            yield from _octets(value.members)
