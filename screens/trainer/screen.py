"""The trainer's screen: the hub's side of the story, and a key for each fault."""

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
from textual.widgets import Static
from textual.worker import get_current_worker

from hht.errors import HhtError
from hht.simulator.control_client import inject_fault, watch
from hht.simulator.hub.faults import FAULTS
from screens import themes
from screens.ending.orderly import OrderlyApp
from screens.stylesheets import css_beside
from screens.trainer.text import air_words, device_line, fault_keys, hub_words, story_line

MOST_LINES = 200
"""Lines of the story that are kept to scroll back to."""


class Told(Message):
    """A row came from the hub."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__()
        self.row = row


class HubEnded(Message):
    """There is nothing more to come."""


class TrainerApp(OrderlyApp):
    """Watches one run's hub; letters inject faults or end them, digits switch Devices."""

    CSS_PATH = css_beside(__file__)
    TITLE = "hht trainer"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-normal")]
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        *(
            Binding(kind.key, f"fault('{name}')", kind.short)
            for name, kind in FAULTS.items()
            if len(kind.key) == 1
        ),
        *(Binding(str(digit), f"device({digit})", show=False) for digit in range(1, 10)),
        Binding("f2", "other_theme", show=False),
        Binding("q,escape,ctrl+q", "quit", "Quit"),
    ]

    def __init__(self, data_dir: Path, run_dir: Path) -> None:
        super().__init__()
        self.run_dir = run_dir
        self.status: dict[str, Any] = {}
        self.story: deque[Content] = deque(maxlen=MOST_LINES)
        for theme in themes.load_themes():
            self.register_theme(theme)
        self.theme = themes.remembered(data_dir)

    def compose(self) -> ComposeResult:
        """Hub and air above, Devices beside the story, the keys of the faults below."""
        yield Static("Waiting for the hub …", id="hub")
        yield Static(id="air")
        with Horizontal():
            yield Static(id="devices")
            with VerticalScroll(id="past", can_focus=False):
                yield Static(id="story")
        yield Static(fault_keys(()), id="faults")

    def on_mount(self) -> None:
        """Begin to watch."""
        self.follow()

    @work(thread=True, exclusive=True)
    def follow(self) -> None:
        """Pass on what the hub tells; a thread, for it waits on a socket."""
        worker = get_current_worker()
        try:
            for row in watch(self.run_dir):
                if worker.is_cancelled:
                    return
                self.post_message(Told(row))
        except HhtError as error:
            self.call_from_thread(self.notify, str(error), severity="error")
        self.post_message(HubEnded())

    def on_told(self, told: Told) -> None:
        """Show it."""
        if "story" in told.row:
            self.story.append(story_line(told.row["story"]))
            self.query_one("#story", Static).update(Content("\n").join(self.story))
            self.query_one("#past").scroll_end(animate=False)
        elif "status" in told.row:
            self.status = told.row["status"]
            self.draw()

    def draw(self) -> None:
        """Bring hub, air, Devices and faults up to date."""
        status = self.status
        devices = [device_line(at, row) for at, row in enumerate(status["devices"], 1)]
        self.query_one("#hub", Static).update(hub_words(status))
        self.query_one("#air", Static).update(air_words(status["air"], status["worst_delay_ms"]))
        self.query_one("#devices", Static).update(Content("\n").join(devices))
        self.query_one("#faults", Static).update(fault_keys(status["faults"]))

    def on_hub_ended(self) -> None:
        """Say so, and leave what was on show."""
        self.query_one("#hub", Static).update(Content.styled("The hub has ended", "bold $error"))

    @work(thread=True, group="fault")
    def inject(self, fault: str, value: str) -> None:
        """Inject a fault, or end it with "off", and say what was done."""
        try:
            done = inject_fault(self.run_dir, fault, value=value)
        except HhtError as error:
            self.call_from_thread(self.notify, str(error), severity="error")
        else:
            self.call_from_thread(self.notify, done)

    def action_fault(self, fault: str) -> None:
        """Inject the fault, or end it where it is in force."""
        in_force = fault in self.status.get("faults", ())
        self.inject(fault, "off" if in_force else FAULTS[fault].value)

    def action_device(self, number: int) -> None:
        """Switch a Device off, or on again."""
        devices = self.status.get("devices", [])
        if number <= len(devices):
            device = devices[number - 1]
            self.inject("device-off" if device["on"] else "device-on", device["label"])

    def action_other_theme(self) -> None:
        """Change between sun and night."""
        names = themes.NAMES
        self.theme = names[(names.index(self.theme) + 1) % len(names)]
