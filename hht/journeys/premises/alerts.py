"""The Alerts of a job as a list of their own: every one that came, none in place of another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from hht.entity_id import EntityId
from hht.gbcs.alerts import alert_name, name_beside_code
from hht.gbcs.message import Cra
from hht.gbcs.use_cases import use_case
from hht.journeys.premises.device_logs import (
    LOG_ALERTS,
    Log,
    LogChange,
    change_between,
    log_in,
)
from hht.store import Capture, Store


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One Alert; `code` is None where its use case alone names it, `copies` how often it came.

    `return_id` is its item of the outbox, None where the DCC does not want it. `about` is the
    Device that a log changed for, None for any other Alert.
    """

    capture_id: int
    received_at: datetime
    device: EntityId
    code: int | None
    name: str
    copies: int
    return_id: int | None
    about: LogChange | None = None

    @property
    def beside_code(self) -> str:
        """The name, where the code is shown beside it."""
        return self.name if self.code is None else name_beside_code(self.code)


def alerts_of(captures: Iterable[Capture]) -> tuple[AlertLine, ...]:
    """Return every Alert among these, in the order in which they came."""
    logs: dict[EntityId, Log] = {}
    return tuple(
        AlertLine(
            each.id,
            each.received_at,
            each.originator,
            each.alert_code,
            _name(each),
            each.copies,
            each.return_id,
            _about(each, each.originator, logs),
        )
        for each in captures
        if each.cra is Cra.ALERT and each.originator is not None
    )


def change_of(store: Store, capture: Capture) -> LogChange | None:
    """Return the one Device that the log of an Alert changed for; None for any other Alert."""
    if capture.alert_code not in LOG_ALERTS or capture.job_id is None:
        return None
    log, before = log_in(capture.raw), store.captures.alert_before(capture)
    if log is None:
        return None
    return change_between(log_in(before.raw) if before else None, log)


def _about(capture: Capture, sender: EntityId, logs: dict[EntityId, Log]) -> LogChange | None:
    """Compare the log that it brings with the one before of the same sender."""
    if capture.alert_code not in LOG_ALERTS:
        return None
    log = log_in(capture.raw)
    if log is None:
        logs.pop(sender, None)
        return None
    before, logs[sender] = logs.get(sender), log
    return change_between(before, log)


def _name(capture: Capture) -> str:
    code = capture.alert_code
    return use_case(capture.message_code or 0).title if code is None else alert_name(code)
