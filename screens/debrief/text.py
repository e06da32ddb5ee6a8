"""The debrief's words: the score as a bar, what happened, what counted, and the advice."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from hht.texts import text
from hht.training.checks import Check
from hht.training.debrief import Debrief
from hht.training.exercise.trainer_marks import TrainerMark
from hht.training.happenings import Happening
from hht.training.scoring import FULL_MARKS
from screens.widgets.clock import took

BAR = 20  # cells of the bar for a full score


def score_text(debrief: Debrief) -> Content:
    """Return the points out of a hundred."""
    return Content.styled(text("debrief.points", points=debrief.points, of=FULL_MARKS), "bold")


def debrief_text(debrief: Debrief) -> Content:
    """Return the whole of it, in the order it is wanted."""
    good = debrief.as_expected
    avoided = _expectation(debrief) == "avoided"
    filled = BAR * debrief.points // FULL_MARKS
    mark, style = ("✓", "$success") if good or avoided else ("✗", "$error")
    verdict = text(f"debrief.{debrief.outcome}_{_expectation(debrief)}")
    blocks = [
        [
            Content.styled(debrief.title, "bold"),  # a border would cut a long one
            Content.assemble(("▰" * filled, "$success"), ("▱" * (BAR - filled), "$text-muted")),
            Content.assemble((f"{mark} ", f"bold {style}"), verdict),
        ],
        _block("debrief.happened", [Content(_happened(each)) for each in debrief.happened]),
        _block("debrief.marked", [Content(_marked(each)) for each in debrief.marks]),
        _block("debrief.counted", [*_checks(debrief), *_findings(debrief)]),
        _block("debrief.next", [Content(f"· {each}") for each in debrief.advice]),
    ]
    return Content("\n\n").join([Content("\n").join(block) for block in blocks if block])


def _expectation(debrief: Debrief) -> str:
    """Say how the end compares with what the exercise is about."""
    if debrief.as_expected:
        return "expected"
    if not debrief.is_outcome_expected:
        return "unexpected"
    is_avoided = all(check.met or check.is_avoidable for check in debrief.checks)
    return "avoided" if is_avoided and debrief.outcome == "complete" else "missed"


def _block(title: str, lines: list[Content]) -> list[Content]:
    return [Content.styled(text(title), "bold $primary"), *lines] if lines else []


def _happened(happening: Happening) -> str:
    """Return one thing that happened, in a sentence."""
    return text(
        f"debrief.happened_{happening.what}",
        count=happening.count,
        time=took(happening.seconds),
        words=happening.words,
    )


def _marked(mark: TrainerMark) -> str:
    """Return a moment that the trainer marked, as a question."""
    name = "marked_failure" if mark.failure else "marked_step"
    moment = datetime.fromisoformat(mark.at).astimezone().strftime("%H:%M")
    return text(f"debrief.{name}", moment=moment, step=mark.step, failure=mark.failure)


def _checks(debrief: Debrief) -> list[Content]:
    """Return what the exercise was about, each with whether it came about."""
    return [_check(check) for check in debrief.checks]


def _check(check: Check) -> Content:
    if check.met:
        return Content.assemble(("✓ ", "bold $success"), check.text)
    if check.is_missed:
        return Content.assemble(("✗ ", "bold $error"), check.text)
    return Content.assemble(("– ", "$text-muted"), text("debrief.avoided", failure=check.text))


def _findings(debrief: Debrief) -> list[Content]:
    """Return what cost points."""
    return [
        Content.assemble(
            (f"-{found.points} ", "bold $warning"),
            text(f"finding.{found.what}", count=found.count),
        )
        for found in debrief.findings
        if found.count
    ]
