"""The items of the outbox in words: what each returns, and the RequestID of what it answers."""

from collections.abc import Iterable, Iterator

from hht.entity_id import EntityId
from hht.gbcs.message import Cra
from hht.gbcs.use_cases import use_case
from hht.journeys.premises.alerts import AlertLine, alerts_of
from hht.journeys.premises.devices import Premises
from hht.store import Capture, CommandRow, ReturnRow

_RETURN = "8.13"


class Returned:
    """What each item of a job returns: a Response by its Local Command, an Alert by its name."""

    def __init__(
        self, commands: Iterable[CommandRow], captures: tuple[Capture, ...], premises: Premises
    ) -> None:
        self._premises = premises
        titles = {row.id: f"{row.position + 1} {row.title}" for row in commands}
        self._said = {
            each.return_id: self._response(each, titles.get(each.command_id or 0, ""))
            for each in captures
            if each.return_id is not None and each.cra is not Cra.ALERT
        }
        for alert in alerts_of(captures):
            if alert.return_id is not None:
                self._said[alert.return_id] = self._alert(alert)

    def title(self, item: ReturnRow) -> str:
        """Return the service and what is returned by it."""
        said = self._said.get(item.id, "" if item.service == _RETURN else "status update")
        return ", ".join(filter(None, (f"SR {item.service}", said)))

    def rows(self, items: Iterable[ReturnRow]) -> Iterator[tuple[str, str]]:
        """Yield each item with its state, and what stands in its SR as the original RequestID."""
        for item in items:
            note = f": {item.note}" if item.note else ""
            asked = f"; for {item.original_request_id}" if item.original_request_id else ""
            yield self.title(item), f"{item.state.value}{note}{asked}"

    def _response(self, capture: Capture, command: str) -> str:
        if command:
            return f"Response to {command}"
        sender = self.name(capture.originator) if capture.originator else "Device"
        return f"Response of the {sender}: {use_case(capture.message_code or 0).title}"

    def _alert(self, alert: AlertLine) -> str:
        about = alert.about
        change = f": {self.name(about.device)} {about.change}" if about else ""
        return f"Alert of the {self.name(alert.device)}: {alert.name}{change}"

    def name(self, device: EntityId) -> str:
        """Return what a Device of the premises is called; an Entity Identifier stays one."""
        known = self._premises.device(device)
        return known.name if known else str(device)
