"""The lock screen: nothing is shown but a field for the PIN, until it is the right one."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from hht.errors import HhtError
from screens.base import css_beside

if TYPE_CHECKING:
    from hht.store.secrets.vault import PinState
    from screens.shell import Shell


class LockScreen(ModalScreen[bool]):
    """Goes away when the PIN was right; says how many tries are left and how long to wait."""

    CSS_PATH = css_beside(__file__)
    AUTO_FOCUS = "Input"

    def __init__(self) -> None:
        super().__init__()
        self.why = ""
        self.state: PinState | None = None
        self.open_at = 0.0

    def compose(self) -> ComposeResult:
        """One field, which shows nothing of what is typed."""
        with Vertical(id="panel"):
            mode = self.shell.context.mode.upper()
            yield Static(f"▣ {mode}  Locked: enter your PIN", id="title")
            yield Input(password=True, id="pin")
            yield Static(id="told")
            yield Static("Enter  Unlock     Ctrl+Q  Quit", id="keys")

    @property
    def shell(self) -> Shell:
        """The app, as far as a screen knows it."""
        return cast("Shell", self.app)

    def on_mount(self) -> None:
        """See whether one has to wait, and count the seconds."""
        self.look()
        self.set_interval(0.5, self.draw)

    @work(exclusive=True)
    async def look(self) -> None:
        """Ask the store how many tries are left and when the next one may be."""
        self.state = await self.shell.service.queries.pin_state()
        self.open_at = self.shell.context.clock.elapsed() + self.state.wait_seconds
        self.draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Try the PIN, and keep none of it."""
        pin, event.input.value = event.value, ""
        if pin:
            self.try_pin(pin)

    @work(exclusive=True, group="try")
    async def try_pin(self, pin: str) -> None:
        """Open with the PIN; else say why not."""
        self.query_one("#told", Static).update("Checking …")
        try:
            await self.shell.service.queries.unlock(pin)
        except HhtError as error:
            self.why = error.what
            self.look()
        else:
            self.dismiss(True)

    def draw(self) -> None:
        """Say what is wrong; the field waits as long as the engineer has to."""
        if self.state is None:
            return
        field = self.query_one(Input)
        wait = max(0, ceil(self.open_at - self.shell.context.clock.elapsed()))
        held = wait > 0 or self.state.tries_left == 0
        if field.disabled and not held:
            field.disabled = False
            field.focus()
        field.disabled = held
        self.query_one("#told", Static).update(told(self.why, self.state.tries_left, wait))


def told(why: str, tries_left: int | None, wait: int) -> Content:
    """What went wrong, what the policy says, and how long to wait."""
    lines = [Content.styled(f"✗ {why}", "bold $error")] if why else []
    if tries_left == 0:
        lines.append(Content("The data cannot be read any more: restore a backup."))
    elif tries_left is not None:
        tries = "1 try" if tries_left == 1 else f"{tries_left} tries"
        lines.append(Content(f"{tries} left, then the data becomes unreadable."))
    if wait:
        lines.append(Content.styled(f"Wait {wait} s before the next try.", "bold $warning"))
    return Content("\n").join(lines)
