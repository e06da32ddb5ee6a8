"""Which Responses and Alerts the DCC wants back: the lists are data, in assets/tables."""

import functools
from collections.abc import Iterable

from hht.tables import rows_of

_YES = "yes"


def wants_response(service_reference_variant: str, message_code: int) -> bool:
    """Whether the Response to that Service Request must be returned (DUIS 5.4, SR 8.13).

    A Local Command that came as HEX has no reference: then any service its use case serves counts.
    """
    if service_reference_variant:
        return service_reference_variant in _services()
    return any(reference in _services() for reference in _references(message_code))


def wants_alert(alert_code: int | None) -> bool:
    """Whether an Alert of that code must be returned."""
    return alert_code is not None and alert_code in _alerts()


@functools.cache
def _services() -> frozenset[str]:
    return frozenset(row[0] for row in rows_of("sr813_services.tsv"))


@functools.cache
def _alerts() -> frozenset[int]:
    rows = rows_of("alert_returns.tsv")
    return frozenset(int(row[0], 16) for row in rows if row[1] == _YES)


def _references(message_code: int) -> Iterable[str]:
    from hht.gbcs.use_cases import use_case

    return use_case(message_code).service_references
