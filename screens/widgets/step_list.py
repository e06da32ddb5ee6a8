"""The steps from hearing a hub to a tunnel with it, each with a sign, plain words and its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from hht.clock import Clock
from screens.widgets.row import fitted

# By the names that the connect journey's events carry.
WORDS = {
    "scan": "Listen for hubs",
    "confirm": "Confirm the hub",
    "inter-pan-cbke": "Agree a link key (inter-PAN CBKE)",
    "ccs01": "Be added to the Device Log (CCS01)",
    "join": "Join the HAN",
    "han-cbke": "Agree the HAN key (CBKE)",
    "tunnel": "Open the tunnel for messages",
}
SPINNER = "◐◓◑◒"


@dataclass(slots=True)
class Progress:
    """How far one step is."""

    started: float | None = None
    seconds: float | None = None
    failed: bool = False


class StepList(Widget):
    """Follows the journey's events; a step that runs turns, so that waiting looks like waiting."""

    DEFAULT_CSS = """
    StepList {
        height: auto; padding: 0 1;
    }
    """

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clock = clock
        self.steps = {name: Progress() for name in WORDS}

    def on_mount(self) -> None:
        """Turn the sign of the step that runs."""
        self.set_interval(0.25, self._turn)

    def _turn(self) -> None:
        """Draw again while a step runs."""
        if any(_runs(step) for step in self.steps.values()):
            self.refresh()

    def reset(self, done: Mapping[str, bool]) -> None:
        """Show these steps as done, the others as still to come."""
        self.steps = {name: Progress(seconds=0 if done.get(name) else None) for name in WORDS}
        self.refresh()

    def start(self, name: str) -> None:
        """A step begins."""
        self.steps[name] = Progress(started=self._clock.elapsed())
        self.refresh()

    def finish(self, name: str, seconds: float) -> None:
        """A step was done in so many seconds."""
        self.steps[name] = Progress(seconds=seconds)
        self.refresh()

    def stop(self) -> None:
        """Whatever runs has failed or was cancelled."""
        for step in self.steps.values():
            step.failed = step.failed or _runs(step)
        self.refresh()

    def get_content_height(self, *_: object) -> int:
        """A line for each step, and the bar."""
        return len(WORDS) + 2

    def render(self) -> Content:
        """Draw the steps and how many of them are done."""
        done = sum(step.seconds is not None for step in self.steps.values())
        lines = [self._draw(name, step) for name, step in self.steps.items()]
        bar = Content.assemble(
            ("▰" * done, "$success"),
            ("▱" * (len(WORDS) - done), "$text-muted"),
            f"  {done} of {len(WORDS)} done",
        )
        return Content("\n").join([*lines, Content(""), bar])

    def _draw(self, name: str, step: Progress) -> Content:
        """One step: sign, words, and at the right its time or its state."""
        sign, style, right = _look(step, self._clock.elapsed())
        words = fitted(Content(WORDS[name]), self.size.width - 12)
        return Content.assemble((f"{sign} ", f"bold {style}"), (words.plain, style), f" {right:>8}")


def _runs(step: Progress) -> bool:
    """Say whether a step has begun and not ended."""
    return step.started is not None and step.seconds is None and not step.failed


def _look(step: Progress, now: float) -> tuple[str, str, str]:
    """Sign, colour and word of a step's state."""
    if step.failed:
        return "✗", "$error", "stopped"
    if step.seconds is not None:
        return "✓", "$success", f"{step.seconds:.1f} s" if step.seconds else "done"
    if step.started is None:
        return "○", "$text-muted", ""
    waited = now - step.started
    return SPINNER[int(waited * 4) % len(SPINNER)], "$primary", f"{waited:.0f} s"
