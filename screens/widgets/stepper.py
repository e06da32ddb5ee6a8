"""The place in the job: `✓ Job › ✓ Find › ● Connect › ○ Deliver › ○ Return`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from hht.texts import text


class Stage(StrEnum):
    """A part of the way, in order."""

    JOB = "job"
    FIT = "fit"
    POWER = "power"
    FIND = "find"
    CONNECT = "connect"
    DELIVER = "deliver"
    RETURN = "return"
    REPORT = "report"


COMMISSIONING = (Stage.JOB, Stage.FIND, Stage.CONNECT, Stage.DELIVER, Stage.RETURN)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the engineer is, which stages are behind, and how far the delivery is.

    In those that are `short` nothing more is to be done, and not everything was.
    """

    here: Stage
    done: frozenset[Stage] = frozenset()
    delivered: int = 0
    commands: int = 0
    stages: tuple[Stage, ...] = COMMISSIONING
    short: frozenset[Stage] = frozenset()


class Stepper(Widget):
    """One line that answers both 'where am I' and 'what comes next'."""

    DEFAULT_CSS = """
    Stepper {
        height: 1;
    }
    """

    progress: reactive[Progress] = reactive(Progress(Stage.JOB))

    def render(self) -> Content:
        """Draw the stages; the arrows between them give way where there is little room."""
        forms = (Content(" ") + self._joined(" › "), self._joined(" › "))
        fit = (form for form in forms if form.cell_length <= self.size.width)
        return next(fit, self.shortest())

    def shortest(self) -> Content:
        """Return the form for the smallest screen."""
        return self._joined(" ")

    def _joined(self, between: str) -> Content:
        stages = [_stage(stage, self.progress) for stage in self.progress.stages]
        return Content.styled(between, "$text-muted").join(stages)


def _stage(stage: Stage, progress: Progress) -> Content:
    """Return one stage: its sign, its word, and the count of what is delivered."""
    words = text(f"stepper.{stage}")
    here = stage is progress.here
    if here and stage is Stage.DELIVER and progress.commands:
        words = f"{words} {progress.delivered}/{progress.commands}"
    if here:
        return Content.styled(f"● {words}", "bold $primary")
    if stage in progress.short:
        return Content.assemble(("! ", "bold $warning"), (words, "$text-muted"))
    if stage in progress.done:
        return Content.assemble(("✓ ", "$success"), (words, "$text-muted"))
    return Content.styled(f"○ {words}", "$text-muted")
