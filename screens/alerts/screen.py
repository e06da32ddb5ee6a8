"""The Alerts of the job: each that came, when, from which Device; none in place of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from hht.texts import text
from screens.alerts.text import alert_title
from screens.base import HhtScreen
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row, numbered
from screens.widgets.stepper import Stage

if TYPE_CHECKING:
    from hht.journeys.premises.alerts import AlertLine
    from hht.journeys.view import VisitView
    from screens.visit.device_names import Names


class AlertsScreen(HhtScreen):
    """The newest first; Enter reads the one under the cursor."""

    HELP = "alerts"
    STAGE = Stage.DELIVER
    BINDINGS = [Binding("space,right", "read", "read_message"), Binding("v", "back", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self.alerts: list[AlertLine] = []

    def body(self) -> ComposeResult:
        yield NumberedList(title=text("alert.title"), empty=text("alert.none"), id="alerts")

    def opened(self) -> None:
        """Read the Alerts, and again whenever the visit changes."""
        self.load_and_follow(self._load)
        self.refresh_offer()

    async def _load(self, view: VisitView) -> None:
        found = await self.service.queries.alerts(view.job_id)
        if self.is_whole:
            self.alerts = found[::-1]
            names = self.service.names
            rows = [alert_row(n, each, names) for n, each in enumerate(self.alerts, 1)]
            self.query_one(NumberedList).set_rows(rows)
            count = text("alert.count", count=len(rows)) if rows else ""
            self.query_one(NumberedList).set_title(text("alert.title"), count)
            self.refresh_offer()

    def offer(self) -> Offer:
        """Read the one under the cursor."""
        if self.alerts:
            return Offer(text("action.read"), "read")
        return Offer(self.query_one(NumberedList).awaited or text("alert.none"))

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        self.action_read()

    def action_read(self) -> None:
        """Read the Alert under the cursor."""
        row = self.query_one(NumberedList).current
        if row:
            self.run_worker(self._read(int(str(row.key))), group="read")

    async def _read(self, capture_id: int) -> None:
        from screens.message.screen import MessageScreen

        view = self.shell.view
        if view is None:
            return
        messages = await self.service.queries.alert_messages(view.job_id)
        ids = [each.capture_id for each in reversed(self.alerts)]
        if capture_id in ids and self.is_active:
            self.shell.show(MessageScreen(messages, at=ids.index(capture_id)))


def alert_row(number: int, alert: AlertLine, names: Names) -> Row:
    """Describe an Alert: its name and time; its Device, code, and how often it came."""
    lead = Content.styled("⚑ ", "bold $warning") + numbered(number, 2)
    code = f"{alert.code:04X}" if alert.code is not None else ""
    copies = text("alert.copies", count=alert.copies) if alert.copies > 1 else ""
    details = " · ".join(filter(None, (names.short(alert.device), code, copies)))
    time = Content.styled(f"{alert.received_at.astimezone():%H:%M:%S}", "$text-muted")
    detail = Content.styled(details, "$text-muted")
    title = Content(alert_title(alert, names))
    return Row(alert.capture_id, title, detail, time, lead, flows=True)
