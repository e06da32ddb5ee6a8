"""Which Responses and Alerts the DCC wants back: the lists are data, in assets/tables."""

import functools
from collections.abc import Iterable

from hht.tables import rows_of

_YES = "yes"
_ANY = -1
"""Instead of a message code: every use case."""


def wants_response(service_reference_variant: str, message_code: int) -> bool:
    """Return whether the Response to that Service Request must be returned (DUIS 5.4, SR 8.13).

    A Local Command that came as HEX has no reference: then any service its use case serves counts.
    """
    if service_reference_variant:
        return service_reference_variant in _services()
    return any(reference in _services() for reference in _references(message_code))


def wants_alert(alert_code: int | None, message_code: int) -> bool:
    """Return whether an Alert of that code, in that use case, must be returned."""
    return not _alerts().isdisjoint({(alert_code, message_code), (alert_code, _ANY)})


@functools.cache
def _services() -> frozenset[str]:
    return frozenset(row[0] for row in rows_of("sr813_services.tsv"))


@functools.cache
def _alerts() -> frozenset[tuple[int | None, int]]:
    """List alert code and message code of each row that is returned."""
    rows = rows_of("alert_returns.tsv")
    return frozenset(
        (int(code, 16), int(message_code, 16) if message_code else _ANY)
        for code, message_code, returned, _ in rows
        if returned == _YES
    )


def _references(message_code: int) -> Iterable[str]:
    from hht.gbcs.use_cases import use_case

    return use_case(message_code).service_references
