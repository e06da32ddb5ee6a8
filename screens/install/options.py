"""The answers that a question of the visit offers, and which of them the cursor begins on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from textual.content import Content

from hht.duis.visit_questions import LIGHT_STATES, Answer, Question
from hht.journeys.install.answers import Given, Source
from hht.journeys.install.install_view import InstallView
from hht.texts import text
from screens.install.text import answer_words
from screens.widgets.row import Row, numbered

MINUTES_AGO = (0, 5, 10, 20, 40)
"""As exact as anybody remembers when the hub got its power."""

Lights = Mapping[str, str]


class Act(StrEnum):
    """What choosing an answer does."""

    TAKE = "take"
    SCAN = "scan"  # the simulated label, in training
    AGO = "ago"  # so many minutes ago
    LIGHT = "light"  # the next state of this light
    TYPE = "type"
    LATER = "later"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer: what it does, its words, what is at the right, and its value."""

    act: Act
    words: str
    aside: str = ""
    value: Answer = ""


def options_of(
    question: Question, install: InstallView, *, training: bool, lights: Lights
) -> list[Option]:
    """Return every answer in its order; passing over and skipping come last."""
    if question.kind == "lights":
        offered = _lights(question, lights)
    else:
        offered = _OFFERED[question.kind](question, install)
    if training and question.kind == "entity":
        offered.insert(0, Option(Act.SCAN, text("install.scan")))
    later = Option(Act.LATER, text("install.later"), text("install.amber"))
    return [*offered, later, Option(Act.SKIP, text("install.skip"), text("install.amber"))]


def option_rows(asked: str, options: Sequence[Option]) -> list[Row]:
    """Return the numbered rows of a question's answers."""
    return [
        Row(
            (asked, place),
            Content(option.words),
            right=Content.styled(option.aside, "$text-muted"),
            lead=numbered(place + 1),
        )
        for place, option in enumerate(options)
    ]


def offer_words(option: Option, *, is_from_job: bool) -> str:
    """Return what Enter does with an answer; the job's own is marked."""
    if option.act is Act.LIGHT:
        return text("install.next_state", light=option.words)
    return f"◇ {option.words}" if option.act is Act.TAKE and is_from_job else option.words


def start_of(options: list[Option], question: Question, install: InstallView) -> int:
    """Return where the cursor begins: on the answer that is noted, or scanning, or the job's
    answer.

    Without any of these it begins on passing over.
    """
    given = install.answers.given.get(question.id)
    places = {option.act: place for place, option in enumerate(options)}
    values = {str(each.value): n for n, each in enumerate(options) if each.act is Act.TAKE}
    if given and given.value is not None:
        return values.get(str(given.value), places[Act.LATER])
    if Act.SCAN in places:
        return places[Act.SCAN]
    job = install.from_job.get(question.id)
    return values.get(str(job), places[Act.LATER]) if job is not None else places[Act.LATER]


def source_of(option: Option, question: Question, install: InstallView) -> Source:
    """Return what Enter notes: the job's answer is not seen, unless it was noted as seen before."""
    given = install.answers.given.get(question.id)
    if given and given.value == option.value:
        return given.source
    return Source.JOB if install.from_job.get(question.id) == option.value else Source.SEEN


def with_next_state(lights: Lights, light: str) -> dict[str, str]:
    """Return the lights with this one in its next state."""
    states = LIGHT_STATES
    at = states.index(lights[light]) + 1 if light in lights else 0
    return {**lights, light: states[at % len(states)]}


def lights_of(question: Question, given: Given | None) -> dict[str, str]:
    """Return the lights of an answer such as `WAN: slow flash, HAN: on`.

    None of another question.
    """
    is_answered = question.kind == "lights" and given and given.value
    parts = str(given.value).split(", ") if given and is_answered else []
    return dict(part.split(": ", 1) for part in parts)


def _take(value: Answer, question: Question, install: InstallView) -> Option:
    """Return an answer with where it comes from."""
    given = install.answers.given.get(question.id)
    aside = ""
    if install.from_job.get(question.id) == value:
        aside = text("install.from_job")
    if given and given.value == value and given.source is Source.SEEN:
        aside = "✓ " + text("source.seen")
    return Option(Act.TAKE, answer_words(question, value), aside, value)


def _choices(question: Question, install: InstallView) -> list[Option]:
    return [_take(choice, question, install) for choice in question.choices]


def _yes_no(question: Question, install: InstallView) -> list[Option]:
    return [_take(value, question, install) for value in (True, False)]


def _typed(question: Question, install: InstallView) -> list[Option]:
    """Return what is known already, and typing something else."""
    given = install.answers.given.get(question.id)
    known = [given.value if given else None, install.from_job.get(question.id)]
    values = dict.fromkeys(value for value in known if value is not None)
    return [
        *(_take(value, question, install) for value in values),
        Option(Act.TYPE, text(f"install.type_{question.kind}")),
    ]


def _variants(question: Question, install: InstallView) -> list[Option]:
    """Return the usual variants, what is known already, and typing what the label says."""
    *known, typing = _typed(question, install)
    others = [each for each in known if each.value not in question.choices]
    return [*others, *_choices(question, install), typing]


def _times(question: Question, install: InstallView) -> list[Option]:
    *known, typing = _typed(question, install)
    ago = [Option(Act.AGO, text("power.ago", count=each), value=str(each)) for each in MINUTES_AGO]
    ago[0] = Option(Act.AGO, text("power.now"), value="0")
    return [*known, *ago, typing]


def _lights(question: Question, lights: Lights) -> list[Option]:
    """Return each light with its state; then what was seen of all of them."""
    rows = [Option(Act.LIGHT, name, _state(lights.get(name)), name) for name in question.choices]
    if not lights:
        return rows
    answer = ", ".join(f"{name}: {lights[name]}" for name in question.choices if name in lights)
    return [*rows, Option(Act.TAKE, text("install.lights_seen"), value=answer)]


def _state(state: str | None) -> str:
    return text(f"light.{state.replace(' ', '_')}") if state else "?"


_OFFERED: Mapping[str, Callable[[Question, InstallView], list[Option]]] = {
    "choice": _choices,
    "boolean": _yes_no,
    "entity": _typed,
    "mpxn": _typed,
    "time": _times,
    "text": _typed,
    "variant": _variants,
}
