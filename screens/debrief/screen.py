"""The debrief screen: what an exercise was worth, and what to do better next time."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from hht.training.debrief import TITLES, Debrief
from hht.training.scoring import FULL_MARKS
from screens.base import HhtScreen
from screens.shell import Place
from screens.widgets.action_button import ActionButton


class DebriefScreen(HhtScreen):
    """Comes when the HHT has left the HAN in training."""

    HELP = "debrief"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS = [
        Binding("enter,escape", "dismiss", "Back to the plan"),
        Binding("q", "queue", "To return"),
    ]

    def __init__(self, told: Debrief) -> None:
        super().__init__()
        self.told = told

    def body(self) -> ComposeResult:
        """Points and outcome; findings, checks and advice, which scroll where they do not fit."""
        yield Static(f"Debrief: {self.told.title}", classes="title")
        with VerticalScroll():
            yield Static(debrief_text(self.told), classes="note", id="told")
        yield ActionButton(id="action")

    def on_mount(self) -> None:
        """Offer the way back."""
        self.query_one(ActionButton).offer("Enter", "Back to the plan", "dismiss")

    def action_queue(self) -> None:
        """See what is to be returned."""
        self.shell.go(Place.QUEUE)


def debrief_text(told: Debrief) -> Content:
    """The whole of it, in the order it is wanted."""
    good = told.as_expected
    mark, style = ("✓", "bold $success") if good else ("✗", "bold $error")
    verdict = "as this exercise expects" if good else "not what this exercise expects"
    lines = [
        Content.styled(f"{told.points} of {FULL_MARKS} points", "bold"),
        Content.assemble((f"{mark} ", style), f"{told.outcome}: {verdict}"),
    ]
    for found in told.findings:
        if found.count:
            words = f" {TITLES[found.what]}: {found.count}"
            lines.append(Content.assemble((f"-{found.points}", "bold $warning"), words))
    for check in told.checks:
        sign = ("✓ ", "bold $success") if check.met else ("✗ ", "bold $error")
        lines.append(Content.assemble(sign, check.text))
    lines += [Content.assemble(("Next time: ", "bold $primary"), each) for each in told.advice]
    return Content("\n").join(lines)
