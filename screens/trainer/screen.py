"""The trainer's screen: the hub's side of the story, and a lever under a key for each fault."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import get_current_worker

from hht.errors import HhtError
from hht.simulator.control_client import inject_fault, watch
from hht.simulator.hub.faults.kinds import FAULTS
from hht.texts import text
from hht.training.exercise.terms import need_practice
from screens import themes
from screens.forms.form import Choice, FormScreen
from screens.keys.gated_app import GatedApp
from screens.once import SizedAsTerminal
from screens.stylesheets import css_beside
from screens.trainer.text import air_words, device_line, hub_words, lever_lines, story_line
from screens.widgets.key_line import NoticeLine
from screens.widgets.panel import Panel
from screens.widgets.tabs import TabLine
from screens.widgets.titled import TitledText

MOST_LINES = 200
"""Lines of the story that are kept to scroll back to."""


NO_WAY_BACK = ("power-cut", "window-closed", "stay-ended")
"""What a class cannot get back: asked once before it is done."""
YES = "yes"
LEVERS_SHOWN = "-levers"
"""The class of the app that shows the levers where there is room for one of both."""


class HubRow(Message):
    """A row came from the hub."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__()
        self.row = row


class HubEnded(Message):
    """There is nothing more to come."""


class TrainerScreen(SizedAsTerminal, Screen[None]):
    """The hub's side of the story; the help texts know it by its name."""

    HELP = "trainer"


PADDING = 1
"""Cells beside hub and air, at either side."""


class TrainerApp(GatedApp):
    """A view of one run's hub; letters inject faults or end them, digits switch Devices."""

    CSS_PATH = css_beside(__file__)
    TITLE = "hht trainer"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal")]
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        *(
            Binding(kind.key, f"fault('{name}')", show=False)
            for name, kind in FAULTS.items()
            if len(kind.key) == 1
        ),
        *(Binding(str(digit), f"device({digit})", show=False) for digit in range(1, 10)),
        Binding("left,right,tab", "other_tab", show=False),
        Binding("f1", "show_help", "help", show=False, priority=True),
        Binding("f2", "other_theme", "theme", show=False),
        Binding("q,ctrl+q", "quit", "quit", show=False),
    ]

    def __init__(self, data_dir: Path, run_dir: Path) -> None:
        super().__init__()
        self.run_dir = run_dir
        self.status: dict[str, Any] = {}
        self._has_ended = False
        self.story: deque[Content] = deque(maxlen=MOST_LINES)
        themes.put_on(self, themes.remembered(data_dir))

    def get_default_screen(self) -> TrainerScreen:
        """Have the screen that the help texts know."""
        return TrainerScreen(id="_default")

    def compose(self) -> ComposeResult:
        """Yield hub and air above, story beside Devices and levers; in turn where it is narrow."""
        yield Static(text("trainer.waiting"), id="hub")
        yield Static(id="air")
        yield TabLine([text("trainer.story"), text("trainer.levers")])
        with Horizontal():
            with Panel(title=text("trainer.story"), id="past"):
                yield Static(id="story")
            with VerticalScroll(id="side"):
                yield TitledText(title=text("trainer.devices"), id="devices")
                levers = TitledText(title=text("trainer.levers"), id="levers")
                levers.border_subtitle = text("trainer.again")
                yield levers
        yield NoticeLine()
        yield Static(text("trainer.keys"), id="keys")

    def on_mount(self) -> None:
        """Begin to watch."""
        self.follow()

    @work(thread=True, exclusive=True)
    def follow(self) -> None:
        """Pass on what the hub reports; a thread, for it waits on a socket."""
        worker = get_current_worker()
        try:
            for row in watch(self.run_dir):
                if worker.is_cancelled:
                    return
                self.post_message(HubRow(row))
        except HhtError as error:
            self.call_from_thread(self.notify, str(error), severity="error")
        self.post_message(HubEnded())

    def on_hub_row(self, news: HubRow) -> None:
        if "story" in news.row:
            self.story.append(story_line(news.row["story"]))
            self.query_one("#story", Static).update(Content("\n").join(self.story))
            self.query_one("#past").scroll_end(animate=False)
        elif "status" in news.row:
            self.status = news.row["status"]
            self.draw()

    def draw(self) -> None:
        """Bring hub, air, Devices and faults up to date."""
        status = self.status
        devices = [device_line(at, row) for at, row in enumerate(status["devices"], 1)]
        room = self.size.width - 2 * PADDING
        air = air_words(status["air"], status["worst_delay_ms"], room)
        self.query_one("#hub", Static).update(hub_words(status, room))
        self.query_one("#air", Static).update(air)
        self.query_one("#devices", TitledText).update(Content("\n").join(devices))
        self.query_one("#levers", TitledText).update(lever_lines(status["faults"]))

    def on_resize(self) -> None:
        """Break the lines of hub and air for the new width."""
        if self.status and not self._has_ended:
            self.draw()

    def on_hub_ended(self) -> None:
        """Say so, and leave what was on show."""
        self._has_ended = True
        self.query_one("#hub", Static).update(Content.styled(text("trainer.ended"), "bold $error"))

    @work(thread=True, group="fault")
    def inject(self, fault: str, value: str) -> None:
        """Inject a fault, or end it with "off", and say what was done."""
        try:
            need_practice(self.run_dir, "no lever is pulled in it")
            done = inject_fault(self.run_dir, fault, value=value)
        except HhtError as error:
            self.call_from_thread(self.notify, str(error), severity="error")
        else:
            self.call_from_thread(self.notify, done)

    def action_fault(self, fault: str) -> None:
        """Inject the fault, or end it where it is in force."""
        if fault in self.status.get("faults", ()):
            self.inject(fault, "off")
        elif fault in NO_WAY_BACK:
            self.push_screen(sure_form(fault), lambda said: self._inject_if(fault, said))
        else:
            self.inject(fault, FAULTS[fault].value)

    def _inject_if(self, fault: str, said: str | None) -> None:
        if said == YES:
            self.inject(fault, FAULTS[fault].value)

    def action_other_tab(self) -> None:
        """Change between story and levers, where both have no room."""
        tabs = self.query_one(TabLine)
        tabs.at = 1 - tabs.at
        self.set_class(bool(tabs.at), LEVERS_SHOWN)

    def on_tab_line_chosen(self, event: TabLine.Chosen) -> None:
        """Show the tab that was tapped."""
        if event.at != self.query_one(TabLine).at:
            self.action_other_tab()

    def show_help(self) -> None:
        """Explain the screen and its keys, or close what explains them."""
        from screens.help.screen import open_or_close

        open_or_close(self)

    def action_show_help(self) -> None:
        """Explain by a key, over a form too."""
        self.show_help()

    def action_device(self, number: int) -> None:
        """Switch a Device off, or on again."""
        devices = self.status.get("devices", [])
        if number <= len(devices):
            device = devices[number - 1]
            self.inject("device-off" if device["on"] else "device-on", device["label"])

    def action_other_theme(self) -> None:
        """Change between sun and night."""
        themes.change(self)


def sure_form(fault: str) -> FormScreen:
    """Ask before what the trainee cannot undo."""
    return FormScreen(
        text("trainer.sure", what=text(f"lever.{fault}")),
        text("trainer.no_way_back"),
        [Choice("", text("trainer.no")), Choice(YES, text("trainer.yes"))],
        tone="doubt",
    )
