"""What `hht inspect` finds out about one message, and about many."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from hht.duis.message_sources import Found
from hht.errors import HhtError
from hht.gbcs.correlation import CorrelationKey, key_of
from hht.gbcs.explain.describe import Description, Field, describe
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import KeyStore, Verdict, check_mac, check_signature
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
        """Return the line of `--json`; what could not be found out is null."""
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
            "reading": str(told.reading) if told else None,
            "moment": _iso(told.moment) if told else None,
            "moment_doubt": (told.moment_doubt or None) if told else None,
            "payload": _tree(_payload(told)) if told else None,
            "error": self.error.what if self.error else None,
        }


def inspect_all(
    found: Iterable[Found], keys: KeyStore | None, show_secrets: bool
) -> Iterator[Inspection]:
    """Decode, check and describe each; what fails is its error.

    A Response is explained with its Command where that is among them, before it or after it; of
    several with the same counter, the last one before it that is not forged.
    """
    read = [_read(each) for each in found]
    commands: dict[CorrelationKey, Message] = {}
    for each in reversed(read):
        _keep_command(each, commands, keys)
    for each in read:
        _keep_command(each, commands, keys)
        yield _explain(each, commands, keys, show_secrets)


def _keep_command(
    seen: Inspection, commands: dict[CorrelationKey, Message], keys: KeyStore | None
) -> None:
    message = seen.message
    if message is None or message.cra is not Cra.COMMAND:
        return
    other = commands.get(key_of(message))
    if other is None or other == message or not _is_forged(message, keys):
        commands[key_of(message)] = message


def _is_forged(message: Message, keys: KeyStore | None) -> bool:
    """Return whether a Command's MAC or signature is wrong.

    Asked only where two claim one counter.
    """
    return Verdict.INVALID in (check_mac(message, keys), check_signature(message, keys))


def _read(found: Found) -> Inspection:
    seen = Inspection(found.source, error=found.error)
    if found.error:
        return seen
    try:
        return replace(seen, message=Message.parse(found.raw))
    except HhtError as error:
        return replace(seen, error=error)


def _explain(
    seen: Inspection,
    commands: Mapping[CorrelationKey, Message],
    keys: KeyStore | None,
    show_secrets: bool,
) -> Inspection:
    if seen.message is None:
        return seen
    try:
        command = commands.get(key_of(seen.message))
        told = describe(seen.message, keys, command=command, show_secrets=show_secrets)
        return replace(seen, description=told)
    except HhtError as error:
        return replace(seen, error=error)


def statistics(seen: Iterable[Inspection]) -> dict[str, object]:
    """Return how many messages of what kind there are, and what their checks found."""
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


def _iso(moment: datetime | None) -> str | None:
    return f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}Z" if moment else None


def _payload(told: Description) -> tuple[Field, ...]:
    return next(field.children for field in told.fields if field.name == "Payload")


def _tree(fields: Iterable[Field]) -> list[dict[str, object]]:
    return [_branch(field) for field in fields]


def _branch(field: Field) -> dict[str, object]:
    branch: dict[str, object] = {"name": field.name, "value": str(field.value)}
    if field.children:
        branch["fields"] = _tree(field.children)
    return branch
