"""What `hht inspect` finds out about one message, and about many."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from hht.duis.message_sources import Found
from hht.errors import HhtError
from hht.gbcs.correlation import Commands, Doubt
from hht.gbcs.explain.bounds import LONGEST, bounded
from hht.gbcs.explain.describe import Description, Field, describe
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import KeyStore, Verdict
from hht.gbcs.use_cases import use_case
from hht.spans import Line

_DOUBTS = {
    Doubt.FORGED: " Read without its Command, which is INVALID.",
    Doubt.SEVERAL: " Read without its Command: several differ, none is proven.",
    Doubt.UNSIGNED: " Read with a Pre-Command, which nothing proves.",
}
"""After a Response whose Command cannot be relied on."""


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
        description = self.description
        return description is not None and Verdict.INVALID in (
            description.mac,
            description.signature,
        )

    def to_json(self) -> dict[str, object]:
        """Return the line of `--json`; what could not be found out is null."""
        message, description = self.message, self.description
        return {
            "source": self.source,
            "cra": message.cra.name.lower() if message else None,
            "message_code": f"0x{message.message_code:04X}" if message else None,
            "use_case": use_case(message.message_code).name if message else None,
            "originator": str(message.originator) if message else None,
            "recipient": str(message.recipient) if message else None,
            "counter": message.counter if message else None,
            "mac": description.mac if description else None,
            "signature": description.signature if description else None,
            "reading": str(description.reading) if description else None,
            "moment": _iso(description.moment) if description else None,
            "moment_doubt": (description.moment_doubt or None) if description else None,
            "payload": _tree(_payload(description)) if description else None,
            "error": self.error.what if self.error else None,
        }


def inspect_all(
    found: Iterable[Found], keys: KeyStore | None, show_secrets: bool
) -> Iterator[Inspection]:
    """Decode, check and describe each; what fails is its error.

    A Response is explained with its Command where that is among them, before it or after it, and
    its MAC and signature are not found to be wrong.
    """
    read = [_read(each) for each in found]
    commands = Commands((each.message for each in read), keys)
    for at, each in enumerate(read):
        yield _explain(each, at, commands, keys, show_secrets)


def _read(found: Found) -> Inspection:
    seen = Inspection(found.source, error=found.error)
    if found.error:
        return seen
    try:
        return replace(seen, message=Message.parse(found.raw))
    except HhtError as error:
        return replace(seen, error=error)


def _explain(
    seen: Inspection, at: int, commands: Commands, keys: KeyStore | None, show_secrets: bool
) -> Inspection:
    message = seen.message
    if message is None:
        return seen
    pair = commands.for_response(at, message)
    try:
        description = describe(message, keys, command=pair.command, show_secrets=show_secrets)
    except HhtError as error:
        return replace(seen, error=error)
    if message.cra is Cra.COMMAND:
        commands.checked(at, message, description.mac, description.signature)
    doubted = _with_doubt(description, pair.doubt) if pair.doubt else description
    return replace(seen, description=doubted)


def _with_doubt(description: Description, doubt: Doubt) -> Description:
    """Say why the Command with which, or as if without which, a Response is explained is in
    doubt."""
    words = _DOUBTS[doubt]
    reading = Line.of(bounded(description.reading, LONGEST - len(words)), words)
    return replace(description, reading=reading)


def statistics(seen: Iterable[Inspection]) -> dict[str, object]:
    """Return how many messages of what kind there are, and what their checks found."""
    rows = list(seen)
    described = [row.description for row in rows if row.description]
    messages = [row.message for row in rows if row.message]
    cases = Counter(use_case(message.message_code).name for message in messages)
    return {
        "messages": len(rows),
        "errors": sum(row.error is not None for row in rows),
        "cra": dict(Counter(message.cra.name.lower() for message in messages)),
        "mac": dict(Counter(str(each.mac) for each in described)),
        "signature": dict(Counter(str(each.signature) for each in described)),
        "use_cases": dict(sorted(cases.items())),
    }


def _iso(moment: datetime | None) -> str | None:
    return f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}Z" if moment else None


def _payload(description: Description) -> tuple[Field, ...]:
    return next(field.children for field in description.fields if field.name == "Payload")


def _tree(fields: Iterable[Field]) -> list[dict[str, object]]:
    return [_branch(field) for field in fields]


def _branch(field: Field) -> dict[str, object]:
    branch: dict[str, object] = {"name": field.name, "value": str(field.value)}
    if field.children:
        branch["fields"] = _tree(field.children)
    return branch
