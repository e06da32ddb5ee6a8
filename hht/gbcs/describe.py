"""What a GBCS message means, for people: a title, one plain line, and the tree of its fields."""

from dataclasses import dataclass

from hht.gbcs.message import Cra, Message
from hht.gbcs.outcome import outcome_of
from hht.gbcs.protection import KeyStore, Verdict, check_mac, check_signature
from hht.gbcs.use_cases import use_case


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the tree; `children` are the lines below it."""

    name: str
    value: str
    children: "tuple[Field, ...]" = ()


@dataclass(frozen=True, slots=True)
class Description:
    """A message in words. `mac` and `signature` say what could be checked."""

    title: str
    reading: str
    use_case: str
    fields: tuple[Field, ...]
    mac: Verdict
    signature: Verdict


def describe(message: Message, keys: KeyStore | None = None) -> Description:
    """Put a message into words; without keys nothing is checked, and it says so."""
    case = use_case(message.message_code)
    kind = message.cra.name.capitalize()
    return Description(
        title=f"{case.name} {kind}: {case.title}",
        reading=_reading(message, case.title, keys),
        use_case=case.name,
        fields=_headers(message),
        mac=check_mac(message, keys) if keys else _unchecked(message.mac),
        signature=check_signature(message, keys) if keys else _unchecked(message.signature),
    )


def _reading(message: Message, title: str, keys: KeyStore | None) -> str:
    if message.cra is Cra.RESPONSE:
        return f"{title}: {outcome_of(message, keys).summary}"
    return f"{title}."


def _unchecked(field: bytes | None) -> Verdict:
    return Verdict.UNCHECKED if field else Verdict.ABSENT


def _headers(message: Message) -> tuple[Field, ...]:
    return (
        Field("Originator", str(message.originator)),
        Field("Recipient", str(message.recipient)),
        Field("Originator Counter", str(message.counter)),
        Field("Message Code", f"{message.message_code:04X}"),
    )
