"""The steps of a visit in their order: what is asked and what is done, each with its state."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from hht.duis.visit_questions import Act, Question, acts
from hht.journeys.install.answers import Answers, Given, Source


class StepState(StrEnum):
    """The state of one step."""

    OPEN = "open"
    NOW = "now"  # the first that is open
    DONE = "done"
    AMBER = "amber"  # skipped, put off, or taken from the job without being seen


@dataclass(frozen=True, slots=True)
class VisitStep:
    """One step. A question has `question`, what is to be done has none and is named by `id`.

    `given` is what was answered.
    """

    id: str
    section: str
    text: str
    state: StepState
    question: Question | None = None
    given: Given | None = None


def visit_steps(
    answers: Answers,
    done: Collection[str],
    amber: Collection[str] = (),
    left_out: Collection[str] = (),
) -> tuple[VisitStep, ...]:
    """Return every step under these answers.

    `done` and `amber` name the acts that are; `left_out` those that this job does not have, such
    as a look at a coverage that was not asked for.
    """
    steps: list[VisitStep] = []
    waiting = [a for a in acts() if a.applies(answers.values) and a.id not in left_out]
    for each in answers.asked:
        steps += [_act(act, done, amber) for act in waiting if act.before == each.id]
        steps.append(_asked(each, answers))
    placed = {step.id for step in steps}
    steps += [_act(act, done, amber) for act in waiting if act.id not in placed]
    return _with_now(steps)


def _asked(question: Question, answers: Answers) -> VisitStep:
    given = answers.given.get(question.id)
    state = StepState.OPEN
    if given is not None:
        state = StepState.DONE if given.source is Source.SEEN else StepState.AMBER
    named = (question.id, question.section, question.text)
    return VisitStep(*named, state, question, given)


def _act(act: Act, done: Collection[str], amber: Collection[str]) -> VisitStep:
    state = StepState.DONE if act.id in done else StepState.OPEN
    return VisitStep(act.id, act.section, act.text, StepState.AMBER if act.id in amber else state)


def _with_now(steps: list[VisitStep]) -> tuple[VisitStep, ...]:
    first = next((each for each in steps if each.state is StepState.OPEN), None)
    return tuple(_now(each) if each is first else each for each in steps)


def _now(step: VisitStep) -> VisitStep:
    return replace(step, state=StepState.NOW)
