"""The foot of every screen: its keys, or in their place what the app has to say."""

from __future__ import annotations

from collections.abc import Collection

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from hht.texts import has_text, text
from screens.notices import Notice, NoticeApp
from screens.widgets.action_bar import ActionBar
from screens.widgets.hung_lines import hung

HELP_ACTION = "help"
SIGNS = {"warning": ("! ", "bold $warning"), "error": ("! ", "bold $error")}
"""What comes before bad news, and its colour; good news is plain."""


class NoticeLine(Widget):
    """The notices of the app, the newest last."""

    DEFAULT_CSS = """
    NoticeLine {
        height: auto; background: $panel; display: none;
    }
    """

    class Changed(Message):
        """It has another height, perhaps."""

    def on_mount(self) -> None:
        """Follow what the app has to say."""
        if isinstance(self.app, NoticeApp):
            self.watch(self.app, "notices", self._show_notices)

    def _show_notices(self) -> None:
        self.display = self.is_wanted
        self.refresh(layout=True)
        self.post_message(self.Changed())

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the app has to say here now."""
        return self.app.said_on(self.screen) if isinstance(self.app, NoticeApp) else ()

    @property
    def is_wanted(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.notices)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines the notices have at this width; one where there are none."""
        return max(1, len(self._lines(width)))

    def render(self) -> Content:
        """Draw each notice; what is too long goes on below its own words."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        return [line for each in self.notices for line in hung(_drawn(each), width, indent=3)]


class KeyLine(NoticeLine):
    """What the keys do here, each a thing to tap. What is left out is in the palette and in F1.

    What the app has to say comes in their place: over no row, title or action.
    """

    DEFAULT_CSS = """
    KeyLine {
        dock: bottom; display: block;
    }
    """

    def on_mount(self) -> None:
        """Follow the focus: other widgets, other keys."""
        super().on_mount()
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, _screen: Screen[object]) -> None:
        """Draw again: the keys have changed."""
        self.refresh()

    def shown(self) -> list[tuple[ActiveBinding, Content]]:
        """Choose the screen's keys in its own order, as many as there is room for, then help."""
        keys: dict[str, ActiveBinding] = {}
        beside = {bar.offered.other_key for bar in self.screen.query(ActionBar)}
        for active in self.screen.active_bindings.values():
            if self._is_shown(active, beside):
                keys.setdefault(active.binding.action, active)
        last = [self._drawn(keys.pop(HELP_ACTION))] if HELP_ACTION in keys else []
        room = self.size.width - sum(words.cell_length for _, words in last)
        chosen = []
        for active in keys.values():
            drawn = self._drawn(active)
            room -= drawn[1].cell_length
            if room < 0:
                break
            chosen.append(drawn)
        return chosen + last

    def _is_shown(self, active: ActiveBinding, beside: Collection[str]) -> bool:
        """Return whether a key has a word here, and not in the action bar already."""
        is_free = self.app.get_key_display(active.binding) not in beside
        return active.binding.show and active.enabled and has_text(_key(active)) and is_free

    def _drawn(self, active: ActiveBinding) -> tuple[ActiveBinding, Content]:
        """Return a key and its word: `T To return`."""
        name = self.app.get_key_display(active.binding)
        words = text(_key(active))
        return active, Content.assemble(" ", (name, "bold $accent"), f" {words} ")

    @property
    def is_wanted(self) -> bool:
        """It is always there: for the keys, where there is nothing to say."""
        return True

    def render(self) -> Content:
        """Draw the keys as ` T To return  M More  ? Help `."""
        if self.notices:
            return super().render()
        return Content("").join(words for _, words in self.shown())

    def on_click(self, event: events.Click) -> None:
        """Press the key whose words were tapped."""
        if self.notices:
            return
        start = 0
        for active, words in self.shown():
            start += words.cell_length
            if event.x < start:
                self.app.simulate_key(active.binding.key)
                return


def _key(active: ActiveBinding) -> str:
    return f"key.{active.binding.description}"


def _drawn(notice: Notice) -> Content:
    sign, style = SIGNS.get(notice.severity, ("  ", "bold"))
    return Content(" ") + Content.styled(f"{sign}{notice.words}", style)
