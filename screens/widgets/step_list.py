"""The steps from hearing a hub to a tunnel with it, each with a sign, plain words and its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content

from hht.clock import Clock
from hht.journeys.connect import Step
from hht.texts import text
from screens.widgets.row import spread
from screens.widgets.titled import Titled

SPINNER = "◐◓◑◒"
TURN_SECONDS = 0.25  # a sign that turns four times a second is seen to turn


@dataclass(slots=True)
class StepTime:
    """How far one step is, in elapsed seconds."""

    started: float | None = None
    seconds: float | None = None
    silence: float | None = None
    """Seconds without an answer after which it gives up."""
    failed: bool = False

    @property
    def runs(self) -> bool:
        """Whether it has begun and not ended."""
        return self.started is not None and self.seconds is None and not self.failed


class StepList(Titled):
    """The steps of a journey; one that runs turns, so that waiting looks like waiting."""

    DEFAULT_CSS = """
    StepList {
        height: auto; border: round $track; border-title-color: $primary;
        border-title-style: bold; padding: 0 1;
    }
    """

    def __init__(self, clock: Clock, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clock = clock
        self.steps = {step: StepTime() for step in Step}

    def on_mount(self) -> None:
        """Turn the sign of the step that runs."""
        self.set_interval(TURN_SECONDS, self._turn)

    def _turn(self) -> None:
        if self.display and any(step.runs for step in self.steps.values()):
            self.refresh()

    def reset(self, done: Mapping[Step, bool]) -> None:
        """Show these steps as done, the others as still to come."""
        self.steps = {step: StepTime(seconds=0 if done.get(step) else None) for step in Step}
        self.refresh()

    def start(self, step: Step, silence: float | None = None) -> None:
        """Show that a step begins, which gives up after so many seconds of silence.

        What comes before it is behind, done or not needed on a HAN that still has this HHT; what
        comes after it is not.
        """
        at = list(Step).index(step)
        for place, (each, known) in enumerate(self.steps.items()):
            self.steps[each] = StepTime(seconds=(known.seconds or 0) if place < at else None)
        self.steps[step] = StepTime(started=self._clock.elapsed(), silence=silence)
        self.refresh()

    def finish(self, step: Step, seconds: float) -> None:
        """Show that a step was done in so many seconds."""
        self.steps[step] = StepTime(seconds=seconds)
        self.refresh()

    def stop(self) -> None:
        """Mark what runs as stopped: it has failed or was cancelled."""
        for step in self.steps.values():
            step.failed = step.failed or step.runs
        self.refresh()

    def get_content_height(self, *_: object) -> int:
        """Return a line for each step, one for the bar, and three for what happens now."""
        return len(self.steps) + 4

    def render(self) -> Content:
        """Draw the steps, how many of them are done, and what the one that runs is about."""
        done = sum(step.seconds is not None for step in self.steps.values())
        lines = [self._draw(step, time) for step, time in self.steps.items()]
        bar = Content.assemble(
            ("▰" * done, "$success"),
            ("▱" * (len(self.steps) - done), "$text-muted"),
            "  " + text("connect.steps_done", done=done, of=len(self.steps)),
        )
        return Content("\n").join([*lines, bar, *self._explained()])

    def _explained(self) -> list[Content]:
        """Say what the step that runs or has stopped is about, then for how long it waits."""
        at = next((step for step, time in self.steps.items() if time.runs or time.failed), None)
        if at is None:
            return []
        words = Content.styled(text(f"step_says.{at}"), "$text-muted")
        lines = words.wrap(max(10, self.size.width))[:2]
        now = self.steps[at]
        if now.runs and now.silence:
            lines.append(Content(text("connect.gives_up", seconds=f"{now.silence:.0f}")))
        return lines

    def _draw(self, step: Step, time: StepTime) -> Content:
        """Return one step: sign, words, and at the right its time or its state."""
        sign, style, right = self._look(time)
        words = Content.assemble((f"{sign} ", f"bold {style}"), (text(f"step.{step}"), style))
        return spread(words, Content(right), self.size.width)

    def _look(self, time: StepTime) -> tuple[str, str, str]:
        """Sign, colour and word of a step's state."""
        if time.failed:
            return "✗", "$error", text("connect.stopped")
        if time.seconds is not None:
            seconds = f"{time.seconds:.1f} s" if time.seconds else text("connect.done")
            return "✓", "$success", seconds
        if time.started is None:
            return "○", "$text-muted", ""
        waited = self._clock.elapsed() - time.started
        return SPINNER[int(waited / TURN_SECONDS) % len(SPINNER)], "$primary", f"{waited:.0f} s"
