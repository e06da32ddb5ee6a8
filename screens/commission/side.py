"""Beside the plan, where there is room: the command under the cursor, the Devices, the log."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from hht.errors import HhtError
from hht.store.command_states import has_reply
from hht.texts import has_text, text
from screens.commission.text import alert_words, turned_out
from screens.devices.text import as_of, sleep_of, state_of
from screens.widgets.command_look import look_of
from screens.widgets.hung_lines import HungLines
from screens.widgets.timeline import Timeline, TimelineEntry
from screens.widgets.titled import TitledText

if TYPE_CHECKING:
    from hht.journeys.move.standing import MoveView
    from hht.journeys.premises.alerts import AlertLine
    from hht.journeys.premises.devices import DeviceState
    from hht.journeys.view import VisitView
    from hht.spans import Line
    from hht.store import CommandRow
    from screens.service.visit_service import VisitService
    from screens.visit.device_names import Names


class PlanSide(Vertical):
    """From 80 columns on the Devices and the Alerts; from 110 on the Devices between the command
    under the cursor and the log, which has the Alerts."""

    def __init__(self, log: deque[TimelineEntry]) -> None:
        super().__init__(classes="side")
        self._log = log
        self._shown: tuple[CommandRow, Content] | None = None
        self._wanted: Callable[[], Awaitable[None]] | None = None

    def compose(self) -> ComposeResult:
        """Yield what is nearest to the hand first."""
        yield TitledText(id="detail")
        yield HungLines(title=text("device.title"), id="han")
        yield HungLines(title=text("alert.title"), id="alerts")
        yield Timeline(self._log, title=text("log.title"))

    def read(self, service: VisitService, row: CommandRow | None, view: VisitView) -> None:
        """Read what is to be shown, now or once there is room for it."""
        self._wanted = partial(self._read, service, row, view)
        self.on_show()

    def on_show(self) -> None:
        """Read what was wanted while there was no room."""
        if self.display and self._wanted:
            self.run_worker(self._wanted, group="side", exclusive=True)

    async def _read(self, service: VisitService, row: CommandRow | None, view: VisitView) -> None:
        with suppress(HhtError):  # a store that cannot be written now says so where it matters
            devices, _ = await service.devices()
            if not self.query("#han"):  # the screen is being closed
                return
            outcome = turned_out(view, row, service.names) if row else Content("")
            if row and (row, outcome) != self._shown:
                answer = await service.messages.answer_to(row) if has_reply(row.state) else None
                if self.children:  # none are left where the screen was closed meanwhile
                    self.show_command(view, row, service.names, answer)
                    self._shown = row, outcome
            if self.children:
                self.show_devices(devices, service.names, view)

    def show_command(
        self, view: VisitView, row: CommandRow, names: Names, answer: Line | None
    ) -> None:
        """Show a Local Command in full, and what answered it."""
        detail = self.query_one("#detail", TitledText)
        detail.set_title(text("deliver.number", number=row.position + 1))
        detail.update(command_words(view, row, names, answer))

    def show_devices(self, devices: Iterable[DeviceState], names: Names, view: VisitView) -> None:
        """Show the state of each Device on the HAN."""
        han = self.query_one("#han", HungLines)
        han.set_title(text("device.title"), as_of(view))
        han.set_lines([device_line(device, names, view.move) for device in devices])

    def show_alerts(self, alerts: Sequence[AlertLine], names: Names) -> None:
        """Show what Devices have reported, the newest first."""
        flag = Content.styled("⚑ ", "bold $warning")
        lines = [flag + alert_words(alert, names) for alert in reversed(alerts)]
        shown = self.query_one("#alerts", HungLines)
        shown.set_title(text("alert.title"), str(len(lines)) if lines else "")
        shown.set_lines(lines or [Content.styled(text("alert.none"), "$text-muted")])

    def follow(self) -> None:
        """Draw what is new in the log."""
        self.query_one(Timeline).refresh()


def command_words(view: VisitView, row: CommandRow, names: Names, answer: Line | None) -> Content:
    """Describe a Local Command: what for which Device, its state in a sentence, its Response."""
    sign, style = look_of(view, row)
    means = "deliver.uncaptured" if row.is_uncaptured else f"explain.command_{row.state}"
    if row.id in view.not_joined:
        means = "explain.device_in_log"
    lines = [
        Content.styled(row.title, "bold"),
        Content.styled(names.with_id(row.device), "$text-muted"),
        Content.assemble((f"{sign} ", f"bold {style}"), text(means) if has_text(means) else ""),
        Content(row.reason),
        turned_out(view, row, names),
        Content(text("deliver.tries", count=row.tries) if row.tries > 1 else ""),
    ]
    if answer is not None:
        lines.append(Content.styled(str(answer), "$success"))
    return Content("\n").join(filter(None, lines))


def device_line(device: DeviceState, names: Names, move: MoveView | None) -> Content:
    """Name a Device and its state: `✓ GSME  on the HAN · sleeps until 10:40`."""
    sign, style, state, _ = state_of(device, move)
    words = " · ".join(filter(None, (state, sleep_of(device))))
    name = f"{names.short(device.entity_id)} "
    return Content.assemble((f"{sign} ", f"bold {style}"), (name, "bold"), (words, "$text-muted"))
