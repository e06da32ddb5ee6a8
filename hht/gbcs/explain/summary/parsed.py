"""What a reading is made from: the message with its payload, its fields and its outcome."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from hht.entity_id import EntityId
from hht.gbcs.asn1 import Element
from hht.gbcs.dlms import AccessRequest, AccessResponse, Notification, Value
from hht.gbcs.explain.context import Context
from hht.gbcs.explain.field import Field
from hht.gbcs.message import Cra, Message
from hht.gbcs.outcome import Outcome, outcome_of_payload
from hht.gbcs.payload import Asn1Payload, Payload, decode_payload
from hht.gbcs.use_cases import UseCase, use_case

_PROTECTION = "protection"
_SHARE = re.compile(r"(\d+) of (\d+) ")


@dataclass(frozen=True)
class Told:
    """A message taken apart; `fields` are those of its payload."""

    context: Context
    payload: Payload
    fields: tuple[Field, ...]

    @property
    def message(self) -> Message:
        """The message itself."""
        return self.context.message

    @cached_property
    def case(self) -> UseCase:
        """Its use case."""
        return use_case(self.message.message_code)

    @cached_property
    def outcome(self) -> Outcome:
        """What a Response says became of its Command."""
        return outcome_of_payload(self.payload, self.message, self.context.keys)

    @property
    def device_id(self) -> EntityId:
        """The Device that is asked, answers or reports."""
        is_command = self.message.cra is Cra.COMMAND
        return self.message.recipient if is_command else self.message.originator

    @property
    def device(self) -> str:
        """The Device in words, as in the middle of a sentence."""
        return f"the {self.case.device or 'Device'} {self.device_id}"

    @property
    def subject(self) -> str:
        """The Device in words, as a sentence begins with it."""
        return capital(self.device)

    @property
    def request(self) -> AccessRequest | None:
        """The DLMS Command: this one, or the one that this Response answers."""
        payload = self._asking()
        return payload if isinstance(payload, AccessRequest) else None

    @property
    def asked(self) -> Element | None:
        """The ASN.1 Command: this one, or the one that this Response answers."""
        payload = self._asking()
        return payload.element if isinstance(payload, Asn1Payload) else None

    @property
    def element(self) -> Element | None:
        """The payload as ASN.1, where it is."""
        return self.payload.element if isinstance(self.payload, Asn1Payload) else None

    @property
    def codes(self) -> tuple[int, ...]:
        """The results of a DLMS Response, in order."""
        if not isinstance(self.payload, AccessResponse):
            return ()
        return tuple(result.code for result in self.payload.results)

    @property
    def values(self) -> tuple[Value, ...]:
        """The data of a DLMS payload, in order; what an Alert adds to its code and time."""
        if isinstance(self.payload, Notification):
            return self.payload.content
        if isinstance(self.payload, AccessRequest | AccessResponse):
            return self.payload.data
        return ()

    def _asking(self) -> Payload | None:
        if self.message.cra is Cra.COMMAND:
            return self.payload
        return decode_payload(self.context.command) if self.context.command else None


def capital(words: str) -> str:
    """The words with a capital letter first."""
    return words[:1].upper() + words[1:]


def small(words: str) -> str:
    """The words as they go on in a sentence; an abbreviation keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def leaves(fields: tuple[Field, ...]) -> Iterator[Field]:
    """The lines that say something and have nothing below them; not how data is protected."""
    for field in fields:
        if field.name == _PROTECTION:
            continue
        if field.children:
            yield from leaves(field.children)
        elif field.value:
            yield field


def reason(outcome: Outcome) -> str:
    """Why it did not succeed, as the end of a sentence."""
    return small(outcome.summary.removeprefix("Failed: "))


def is_partial(outcome: Outcome) -> bool:
    """Whether some of it succeeded."""
    found = _SHARE.match(outcome.summary)
    return bool(found and found[1] != found[2])


def counted(number: int, what: str) -> str:
    """`1 Device`, `3 Devices`."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def listed(names: list[str]) -> str:
    """What follows a count: `: a, b`; nothing for none."""
    return f": {', '.join(names)}" if names else ""
