"""A question with numbered answers, asked wherever a wrong key would cost something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from screens.base import css_beside
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import ROW_HEIGHT, Row


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: what it gives back, its words, and what comes of it."""

    value: str
    words: str
    consequence: str


class ChoiceScreen(ModalScreen[str]):
    """Gives back the chosen answer's value; empty when the engineer went away with Esc."""

    CSS_PATH = css_beside(__file__)
    BINDINGS = [Binding("escape", "dismiss('')", "Back")]

    def __init__(
        self,
        question: str,
        text: str,
        answers: Sequence[Answer],
        *,
        keys: str = "1-9  Choose     Esc  Back",
    ) -> None:
        super().__init__()
        self.question = question
        self.text = text
        self.answers = answers
        self.keys = keys

    def compose(self) -> ComposeResult:
        """Question, what there is to know, and the answers by number."""
        with Vertical(id="panel"):
            yield Static(Content.styled(self.question, "bold"))
            yield Static(Content(self.text), id="text")
            answers = NumberedList(id="answers")
            answers.styles.height = ROW_HEIGHT * len(self.answers)
            yield answers
            yield Static(self.keys, id="keys")

    def on_mount(self) -> None:
        """Fill in the answers."""
        rows = [
            Row(answer.value, Content(answer.words), Content(answer.consequence))
            for answer in self.answers
        ]
        self.query_one(NumberedList).set_rows(rows)

    def on_key(self, event: events.Key) -> None:
        """A digit is an answer."""
        if event.character and event.character in "123456789":
            self.query_one(NumberedList).pick(int(event.character))

    def on_numbered_list_chosen(self, event: NumberedList.Chosen) -> None:
        """Give the answer back."""
        self.dismiss(str(event.row.key))
