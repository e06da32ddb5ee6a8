"""The one form: a box with what there is to know, and numbered choices, the safe one first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from hht.texts import text
from screens.once import DismissedOnce
from screens.stylesheets import css_beside
from screens.widgets.key_line import NoticeLine
from screens.widgets.numbered_list import DIGITS, GLOVE, NumberedList
from screens.widgets.row import Row, numbered
from screens.widgets.titled import border_title

if TYPE_CHECKING:
    from screens.shell import Shell

AROUND = 5  # lines that are neither text nor answers: status, stepper, border, a blank one
TONES = {"failure": "$error", "doubt": "$warning", "question": "$primary"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: what it gives back, its words, and at the right what comes of it.

    `about` names the text in which F1 explains it.
    """

    value: str
    words: str
    aside: str = ""
    about: str = ""


class FormScreen(DismissedOnce, ModalScreen[str]):
    """A form that gives back the chosen value, once; Esc gives `escape`, Enter the first."""

    CSS_PATH = css_beside(__file__)
    HELP: ClassVar[str] = "form"
    AUTO_FOCUS = "NumberedList"
    BINDINGS = [
        Binding("escape", "escape", "back"),
        Binding("y", "copy", "copy", show=False),
        Binding("f1,question_mark", "help", "help", show=False),
        Binding("f2", "app.other_theme", "theme", show=False),
        Binding("pageup", "scroll_text(-1)", show=False, priority=True),
        Binding("pagedown", "scroll_text(1)", show=False, priority=True),
    ]

    def __init__(
        self,
        title: str,
        body: Content | str,
        choices: Sequence[Choice],
        *,
        escape: str = "",
        tone: str = "question",
        code: str = "",
        copy: str = "",
    ) -> None:
        super().__init__()
        self.title_words = title
        self.body = Content(body) if isinstance(body, str) else body
        self.choices = choices
        self.escape = escape
        self.tone = tone
        self.code = code
        self.copy = copy
        """What `y` puts on the clipboard."""
        self._is_answered = False

    def compose(self) -> ComposeResult:
        """Yield what there is to know, which scrolls where it does not fit, over the answers."""
        with Vertical(id="panel", classes=f"-{self.tone}"):
            with VerticalScroll(id="text", can_focus=False):
                yield Static(self.body, id="body")
            yield NumberedList(id="choices")
            yield NoticeLine()

    @property
    def is_whole(self) -> bool:
        """Whether it is put together and not closed: a key before or after that is not for it."""
        return self in self.app.screen_stack and bool(self.query(NumberedList))

    def on_mount(self) -> None:
        """Fill in the answers; a form that is closed at once has no list any more."""
        if not self.is_whole:
            return
        rows = [
            Row(
                choice.value,
                Content(choice.words),
                right=Content.styled(choice.aside, "$text-muted"),
                lead=numbered(number),
                about=choice.about,
            )
            for number, choice in enumerate(self.choices, 1)
        ]
        answers = self.query_one(NumberedList)
        answers.styles.height = self._answer_lines
        answers.set_rows(rows)
        self._draw_border()  # its exact width comes later, and no frame is without a title
        for what in ("scroll_y", "virtual_size", "show_vertical_scrollbar"):
            self.watch(self.query_one("#text"), what, self._redraw_border, init=False)

    @property
    def _answer_lines(self) -> int:
        """As high as all the answers."""
        return len(self.choices) * (2 if self.has_class(GLOVE) else 1)

    @on(NoticeLine.Changed)
    def on_resize(self) -> None:
        """Share the height out, and draw the border's words for the present width."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Leave the answers their lines, whatever there is to read above them."""
        if not self.is_whole:
            return
        notices = self.query_one(NoticeLine)
        said = notices.outer_size.height if notices.display else 0
        room = self.size.height - AROUND - self._answer_lines - said
        self.query_one("#text").styles.max_height = max(1, room)
        self._draw_border()

    def _redraw_border(self) -> None:
        self.call_after_refresh(self._draw_border)  # by then it is known how much is below

    def _draw_border(self) -> None:
        if not self.is_whole:
            return
        panel = self.query_one("#panel")
        style = f"bold {TONES[self.tone]}"
        title, code = Content.styled(self.title_words, style), Content.styled(self.code, style)
        width = panel.outer_size.width or self.app.size.width
        panel.border_title = border_title(title, code, width)
        panel.border_subtitle = Content(self._keys())

    def _keys(self) -> str:
        """Say what Enter and Esc choose, and how to read on where there is more."""
        values = [choice.value for choice in self.choices]
        number = values.index(self.escape) + 1 if self.escape in values else ""
        keys = text("form.keys", escape=number or text("form.back"))
        above = self.query_one("#text", VerticalScroll)
        return f"{text('form.more')} · {keys}" if above.scroll_y < above.max_scroll_y else keys

    @property
    def shell(self) -> Shell:
        """The app, as far as a screen knows it."""
        return cast("Shell", self.app)

    def on_key(self, event: events.Key) -> None:
        """Enter chooses the answer under the cursor, a digit the one with that number."""
        if event.key == "enter":
            event.stop()  # else it goes on to the form that this answer opens, and answers that too
            event.prevent_default()
            self.action_choose()
        elif event.character and event.character in DIGITS and self.is_whole:
            self.query_one(NumberedList).pick(int(event.character))
            event.stop()

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Take the answer that was picked by its number or a tap."""
        event.stop()
        self.answer(str(event.row.key))

    def action_choose(self) -> None:
        """Take the answer under the cursor."""
        row = self.query_one(NumberedList).current if self.is_whole else None
        if row:
            self.answer(str(row.key))

    def action_escape(self) -> None:
        """Go away without an answer, or with the one that changes nothing."""
        self.answer(self.escape)

    def answer(self, value: str) -> None:
        """Give the answer back; a second one, from a key that came twice, is none."""
        if not self._is_answered and self.is_active:
            self._is_answered = True
            self.dismiss(value)

    def scanned(self, label: str) -> None:
        """Refuse a label: what is asked here is answered first."""
        self.notify(text("scan.answer_first"), severity="warning")

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text, or a label that no Enter ended, as scanned.

        Text that comes when the form is answered already is for the screen on show.
        """
        take = self.scanned if self.is_whole else self.shell.scan
        take(event.text.strip())

    def action_copy(self) -> None:
        """Put the form's words on the clipboard."""
        if not self.is_whole:
            return
        self.app.copy_to_clipboard(self.copy or f"{self.title_words}\n{self.body.plain}")
        said = text("form.copied"), self._keys()
        self.query_one("#panel").border_subtitle = Content(" · ".join(said))

    def action_help(self) -> None:
        """Explain what is on show."""
        self.shell.show_help()

    def action_scroll_text(self, pages: int) -> None:
        """Turn a page of what does not fit."""
        if not self.is_whole:
            return
        above = self.query_one("#text", VerticalScroll)
        above.scroll_relative(y=pages * max(1, above.size.height - 1), animate=False)
