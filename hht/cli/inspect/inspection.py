"""What `hht inspect` finds out about one message, and about many."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from hht.duis.message_sources import Found
from hht.errors import HhtError
from hht.gbcs.explain.describe import Description, Field, describe
from hht.gbcs.message import Message
from hht.gbcs.protection import KeyStore, Verdict
from hht.gbcs.use_cases import use_case


@dataclass(frozen=True, slots=True)
class Inspection:
    """One message with its description; `error` says why there is none."""

    source: str
    message: Message | None = None
    description: Description | None = None
    error: HhtError | None = None

    @property
    def is_invalid(self) -> bool:
        """Whether its MAC or signature is wrong."""
        told = self.description
        return told is not None and Verdict.INVALID in (told.mac, told.signature)

    def to_json(self) -> dict[str, object]:
        """The line of `--json`; what could not be found out is null."""
        message, told = self.message, self.description
        return {
            "source": self.source,
            "cra": message.cra.name.lower() if message else None,
            "message_code": f"0x{message.message_code:04X}" if message else None,
            "use_case": use_case(message.message_code).name if message else None,
            "originator": str(message.originator) if message else None,
            "recipient": str(message.recipient) if message else None,
            "counter": message.counter if message else None,
            "mac": told.mac if told else None,
            "signature": told.signature if told else None,
            "payload": _tree(_payload(told)) if told else None,
            "error": self.error.what if self.error else None,
        }


def inspect_message(found: Found, keys: KeyStore | None, show_secrets: bool) -> Inspection:
    """Decode, check and describe; what fails is the result's error."""
    seen = Inspection(found.source, error=found.error)
    if found.error:
        return seen
    try:
        seen = replace(seen, message=Message.parse(found.raw))
        assert seen.message is not None
        told = describe(seen.message, keys, show_secrets=show_secrets)
        return replace(seen, description=told)
    except HhtError as error:
        return replace(seen, error=error)


def statistics(seen: Iterable[Inspection]) -> dict[str, object]:
    """How many messages of what kind there are, and what their checks found."""
    rows = list(seen)
    told = [row.description for row in rows if row.description]
    messages = [row.message for row in rows if row.message]
    cases = Counter(use_case(message.message_code).name for message in messages)
    return {
        "messages": len(rows),
        "errors": sum(row.error is not None for row in rows),
        "cra": dict(Counter(message.cra.name.lower() for message in messages)),
        "mac": dict(Counter(str(description.mac) for description in told)),
        "signature": dict(Counter(str(description.signature) for description in told)),
        "use_cases": dict(sorted(cases.items())),
    }


def _payload(told: Description) -> tuple[Field, ...]:
    return next(field.children for field in told.fields if field.name == "Payload")


def _tree(fields: Iterable[Field]) -> list[dict[str, object]]:
    return [_branch(field) for field in fields]


def _branch(field: Field) -> dict[str, object]:
    branch: dict[str, object] = {"name": field.name, "value": field.value}
    if field.children:
        branch["fields"] = _tree(field.children)
    return branch
