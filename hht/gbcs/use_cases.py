"""The GBCS use cases by message code: their names, titles and Service References."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class UseCase:
    """A use case; `payload_kind` is DLMS, DLMS-notify, ASN.1 or GBZ, empty where unknown."""

    name: str
    title: str
    service_references: tuple[str, ...]
    payload_kind: str


def use_case(message_code: int) -> UseCase:
    """The use case of a message code; for a code this tool does not know, one that says so."""
    unknown = UseCase(f"{message_code:04X}", "A use case this tool does not know", (), "")
    return use_cases().get(message_code, unknown)


@cache
def use_cases() -> dict[int, UseCase]:
    """Every use case this tool knows, by message code."""
    text = (files("assets") / "tables" / "use_cases.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {
        int(code, 16): UseCase(name, title, tuple(filter(None, services.split(","))), kind)
        for code, name, kind, services, title in rows
    }
