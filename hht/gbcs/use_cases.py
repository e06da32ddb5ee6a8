"""The GBCS use cases by message code: their names, titles, Service References and Devices."""

from dataclasses import dataclass
from functools import cache

from hht.tables import rows_of


@dataclass(frozen=True, slots=True)
class UseCase:
    """A use case; `payload_kind` is DLMS, DLMS-notify, ASN.1 or GBZ, empty where unknown.

    `device` is the type of Device it is for (ESME, CHF...), empty where there are several. `task`
    follows "Asks the Device to", `done` "The Device"; `may_be_dated` says that its Commands may be
    future dated.
    """

    name: str
    title: str
    service_references: tuple[str, ...]
    payload_kind: str
    device: str = ""
    task: str = ""
    done: str = ""
    may_be_dated: bool = False


def use_case(message_code: int) -> UseCase:
    """Return the use case of a message code.

    For a code this tool does not know, one that says so.
    """
    unknown = UseCase(f"{message_code:04X}", "A use case this tool does not know", (), "")
    return use_cases().get(message_code, unknown)


@cache
def use_cases() -> dict[int, UseCase]:
    """Return every use case this tool knows, by message code."""
    return {
        int(code, 16): UseCase(
            name,
            title,
            tuple(filter(None, services.split(","))),
            kind,
            device,
            task,
            done,
            bool(dated),
        )
        for code, name, kind, services, device, title, task, done, dated in rows_of("use_cases.tsv")
    }
