"""The lock screen: nothing is shown but a field for the PIN, until it is the right one."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from hht.errors import HhtError
from hht.texts import text
from screens.forms.field import Field
from screens.forms.remedies import in_the_app
from screens.once import SizedAsTerminal
from screens.stylesheets import css_beside
from screens.widgets.key_line import NoticeLine

if TYPE_CHECKING:
    from hht.store.secrets.vault import PinState
    from screens.shell import Shell

REDRAW_SECONDS = 0.5  # a wait that counts down in whole seconds is never seen to skip one


class PinField(Field):
    """A field of which nothing can be copied, and nothing is shown but how much is in it."""

    def action_copy(self) -> None:
        """Put nothing on the clipboard."""

    def action_cut(self) -> None:
        """Put nothing on the clipboard."""


class LockScreen(SizedAsTerminal, ModalScreen[bool]):
    """A screen until the PIN was right; says how many tries are left and how long to wait."""

    CSS_PATH = css_beside(__file__)
    HELP = "lock"
    OVER_LOCK = True
    AUTO_FOCUS = "PinField"
    BINDINGS = [
        Binding("f1", "help", "help", priority=True),
        Binding("f2", "app.other_theme", "theme", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.why = self.todo = ""
        self.state: PinState | None = None
        self.open_at = 0.0
        self._is_trying = False

    def compose(self) -> ComposeResult:
        """Yield one field, which shows nothing of what is typed."""
        with Vertical(id="panel") as panel:
            panel.border_title = text("lock.title", mode=text(f"status.{self._mode}"))
            panel.border_subtitle = text("lock.keys")
            yield PinField(password=True, id="pin")
            yield Static(id="typed")
            yield Static(id="explanation")
            yield NoticeLine()

    @property
    def _mode(self) -> str:
        return self.shell.context.mode

    @property
    def shell(self) -> Shell:
        """The app, as far as a screen knows it."""
        return cast("Shell", self.app)

    def on_mount(self) -> None:
        """See whether one has to wait, and count the seconds."""
        self.look()
        self.set_interval(REDRAW_SECONDS, self.draw)

    def look(self) -> None:
        """Ask the store how many tries are left and when the next one may be."""
        self._look()

    @work(group="look", exclusive=True)
    async def _look(self) -> None:
        self.state = await self.shell.service.queries.pin_state()
        self.open_at = self.shell.context.clock.elapsed() + self.state.wait_seconds
        self.draw()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say how much was typed, and nothing of what."""
        count = len(event.value)
        words = text("lock.typed", count=count) if count else ""
        self.query_one("#typed", Static).update(Content.styled(words, "$text-muted"))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Try the PIN, and keep none of it."""
        pin, event.input.value = event.value, ""
        if pin and not self._is_trying:
            self._is_trying = True
            self.run_worker(self._try(pin), group="try")

    async def _try(self, pin: str) -> None:
        """Open with the PIN; else say why not."""
        self.query_one("#explanation", Static).update(text("lock.checking"))
        try:
            await self.shell.service.queries.unlock(pin)
        except HhtError as error:
            self.why, self.todo = error.what, _todo(error)
            self.look()
        else:
            self.dismiss(True)
        finally:
            self._is_trying = False

    def action_help(self) -> None:
        """Explain what is on show."""
        self.shell.show_help()

    def draw(self) -> None:
        """Say what is wrong; the field waits as long as the engineer has to."""
        if self.state is None or self._is_trying or self not in self.app.screen_stack:
            return
        field = self.query_one(PinField)
        wait = max(0, ceil(self.open_at - self.shell.context.clock.elapsed()))
        held = wait > 0 or self.state.tries_left == 0
        if field.disabled and not held:
            field.disabled = False
            field.focus()
        field.disabled = held
        words = explanation(self.why, self.todo, self.state.tries_left, wait)
        self.query_one("#explanation", Static).update(words)


def _todo(error: HhtError) -> str:
    """Return what to do; nothing for a wrong PIN, as the field is there to try another."""
    from hht.store import WrongPin

    key = f"failure_remedy.{error.code}"
    return "" if isinstance(error, WrongPin) else in_the_app(error.remedy, key)


def explanation(why: str, todo: str, tries_left: int | None, wait: int) -> Content:
    """Return what went wrong and what to do, what the policy says, and how long to wait."""
    lines = [Content.styled(f"✗ {why}", "bold $error")] if why else []
    if todo and not wait and tries_left != 0:  # else the lines below say it
        lines.append(Content(todo))
    if tries_left == 0:
        lines.append(Content(text("lock.restore")))
    elif tries_left is not None:
        lines.append(Content(text("lock.tries", count=tries_left)))
    if wait:
        lines.append(Content.styled(text("lock.wait", count=wait), "bold $warning"))
    return Content("\n").join(lines)
