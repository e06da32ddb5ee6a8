"""What the app has to say: bad news until a key was pressed after it, good news for seconds."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from textual.app import App
from textual.events import Event, InputEvent, Key, MouseDown, Paste
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen

MOST_NOTICES = 2
"""As many as the smallest screen has room for beside what it is about."""
GLANCES = 5
"""As often it is looked whether good news is on show, until it has been for its seconds."""
LINE = "NoticeLine"
"""The widget that shows notices; where a screen has none they wait for one that has."""


class Notice(NamedTuple):
    """A sentence, its `severity` as Textual has it, and when it came on the clock of keys."""

    words: str
    severity: str
    came_at: float
    everywhere: bool
    """Whether it answers a key that works over the lock screen, too."""


class NoticeApp(App[Any]):
    """An app that says things in a line of its screens, over nothing else."""

    good_seconds = 5.0
    """As long is good news there: who looks away for a moment still sees it."""
    least_seconds = 1.0
    """A key pressed so soon after a notice came was not pressed by someone who had read it."""

    notices: var[tuple[Notice, ...]] = var(())
    _lasting = ""

    class Came(Message):
        """Something is to be said; a thread may send it."""

        def __init__(self, words: str, severity: str, everywhere: bool) -> None:
            super().__init__()
            self.words = words
            self.severity = severity
            self.everywhere = everywhere

    def notify(
        self,
        message: str,
        *,
        severity: str = "information",
        everywhere: bool = False,
        **_named: Any,
    ) -> None:
        """Say it as it is: a label in it may have square brackets."""
        self.post_message(self.Came(message, severity, everywhere))

    def keep_saying(self, words: str) -> None:
        """Say what is wrong for as long as it is; "" once it is over, and no key is needed."""
        if words != self._lasting:
            self.notices = tuple(each for each in self.notices if each.words != self._lasting)
        self._lasting = words
        if words:
            self.notify(words, severity="error")

    def on_notice_app_came(self, came: NoticeApp.Came) -> None:
        """Add it as the newest; the same words are there once."""
        notice = Notice(came.words, came.severity, came.time, came.everywhere)
        others = [each for each in self.notices if each.words != notice.words]
        self.notices = (*others[1 - MOST_NOTICES :], notice)
        if notice.severity == "information":
            self._count_down(notice, GLANCES)

    def _count_down(self, notice: Notice, left: int) -> None:
        """Forget good news once it was on show for its seconds; behind another screen it waits."""
        if left <= 0:
            self.notices = tuple(each for each in self.notices if each is not notice)
        elif notice in self.notices:
            self.set_timer(self.good_seconds / GLANCES, partial(self._look_at, notice, left))

    def _look_at(self, notice: Notice, left: int) -> None:
        self._count_down(notice, left - (notice in self._on_show))

    def said_on(self, screen: Screen[Any]) -> tuple[Notice, ...]:
        """Return what is said on a screen: over the lock screen the answers to its keys alone."""
        is_over_lock = getattr(screen, "OVER_LOCK", False)
        return tuple(each for each in self.notices if each.everywhere or not is_over_lock)

    @property
    def _on_show(self) -> tuple[Notice, ...]:
        has_line = self.screen_stack and any(line.display for line in self.screen.query(LINE))
        return self.said_on(self.screen) if has_line else ()

    async def on_event(self, event: Event) -> None:
        """Take away what was read before a key, a tap or a scan."""
        if isinstance(event, Key | MouseDown | Paste) and self.notices:
            self._note_read(event)
        await super().on_event(event)

    def _note_read(self, event: InputEvent | Paste) -> None:
        last = event.time - self.least_seconds
        read = [each for each in self._on_show if each.came_at <= last]
        self.notices = tuple(each for each in self.notices if each not in read)
