"""What a visit asks about a Communications Hub, and which answers each question allows; data."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from hht.duis.status_update import VARIANTS, Field, fields_of
from hht.entity_id import EntityId
from hht.mpxn import mpxn_kind

Answer = str | bool
Condition = Mapping[str, tuple[Answer, ...]]
"""By question the answers of which it has to have one."""
LIGHT_STATES = ("off", "on", "slow flash", "fast flash")
"""What an eye can distinguish; what a pattern means is in DCC's own papers, not here."""

_RETURNS = {"fault-return": "8.14.3", "no-fault-return": "8.14.4"}
RETURN_SERVICES = frozenset(_RETURNS.values())
"""The status updates of a hub that goes back."""
_LONGEST_TEXT = 120  # two texts share AdditionalInformation
INFORMATION = ("cradle", "notes")
"""The questions whose answers share that field."""

_LONGEST_VARIANT = 30  # DUIS, WANTechnology
_LIGHTS = re.compile(r"([A-Z]+): ([a-z ]+)")


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `only` gives the answers under which it is asked, all of them needed.

    `must` says that no status update can be made without its answer, `needs` names a question
    without whose answer this one is not asked.
    """

    id: str
    section: str
    text: str
    kind: str
    choices: tuple[str, ...]
    only: Condition
    must: bool
    needs: str = ""

    def applies(self, answers: Mapping[str, Answer]) -> bool:
        """Return whether it is asked under these answers."""
        return _holds(self.only, answers)

    def is_needed(self, answers: Mapping[str, Answer]) -> bool:
        """Return whether the status update of these answers cannot be made without this one."""
        return self.must or any(each.name == self.id for each in _mandatory(answers))

    def check(self, answer: object) -> Answer:
        """Take an answer; ValueError says why it cannot be one."""
        return _CHECKS[self.kind](self, answer)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done on a visit, at its place before a question, or at the end."""

    id: str
    section: str
    text: str
    before: str
    only: Condition

    def applies(self, answers: Mapping[str, Answer]) -> bool:
        """Return whether it is to be done under these answers."""
        return _holds(self.only, answers)


def _holds(condition: Condition, answers: Mapping[str, Answer]) -> bool:
    return all(answers.get(name) in values for name, values in condition.items())


@cache
def acts() -> tuple[Act, ...]:
    """Return every act in its order."""
    return tuple(
        Act(
            entry["id"],
            entry["section"],
            entry["text"],
            entry.get("before", ""),
            {name: tuple(values) for name, values in entry.get("only", {}).items()},
        )
        for entry in _table()["act"]
    )


@cache
def questions() -> tuple[Question, ...]:
    """Return every question in its order."""
    return tuple(_question(entry) for entry in _table()["question"])


@cache
def _table() -> dict[str, Any]:
    text = (files("assets") / "tables" / "install_questions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def question(name: str) -> Question:
    """Return the question of this id; KeyError where there is none."""
    return next(each for each in questions() if each.id == name)


def variant_of(answers: Mapping[str, Answer]) -> str:
    """Return the variant of SR 8.14 that a visit with these answers ends in."""
    installed = "8.14.1" if answers.get("wan") else "8.14.2"
    return _RETURNS.get(str(answers.get("visit")), installed)


def _mandatory(answers: Mapping[str, Answer]) -> Iterator[Field]:
    return (each for each in fields_of(variant_of(answers))[1] if each.mandatory)


def information_of(answers: Mapping[str, Answer]) -> str:
    """Join the notes and the cradle's number for AdditionalInformation; none is cut off.

    ValueError where they are too long for it.
    """
    cradle = f"Cradle {answers['cradle']}" if "cradle" in answers else ""
    text = "; ".join(filter(None, (cradle, str(answers.get("notes", "")))))
    most = _most_characters("AdditionalInformation")
    if len(text) > most:
        together = "notes and the cradle's number together"
        raise ValueError(f"{together} have {len(text)} characters, at most {most}")
    return text


def check_answers(given: Mapping[str, object]) -> dict[str, Answer]:
    """Check the answers a job pack gives; ValueError names the first that cannot be."""
    known = {each.id: each for each in questions()}
    checked: dict[str, Answer] = {}
    for name, answer in given.items():
        if name not in known:
            raise ValueError(f"{name[:40]!r} is not asked on a visit")
        try:
            checked[name] = known[name].check(answer)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    try:
        information_of(checked)
    except ValueError as error:
        raise ValueError(f"notes: {error}") from None
    return checked


def _question(entry: dict[str, object]) -> Question:
    name, only = str(entry["id"]), entry.get("only", {})
    assert isinstance(only, dict)
    listed = entry.get("choices")
    choices = tuple(listed) if isinstance(listed, list) else _field_choices(name)
    return Question(
        name,
        str(entry["section"]),
        str(entry["text"]),
        str(entry["kind"]),
        choices,
        {key: tuple(values) for key, values in only.items()},
        bool(entry.get("must", False)),
        str(entry.get("needs", "")),
    )


def _field_choices(name: str) -> tuple[str, ...]:
    """Return the values that DUIS gives the field of this name."""
    for variant in VARIANTS:
        for field in fields_of(variant)[1]:
            if field.name == name and field.choices:
                return field.choices
    return ()


def _choice(question: Question, answer: object) -> Answer:
    if answer not in question.choices:
        raise ValueError(f"{str(answer)[:40]!r} is none of {', '.join(question.choices)}")
    return str(answer)


def _variant(question: Question, answer: object) -> Answer:
    """Take a WAN variant as it is written; the answer to SR 12.1 may name a new one."""
    text = _text(question, answer)
    if len(str(text)) > _LONGEST_VARIANT:
        raise ValueError(f"it has {len(str(text))} characters, at most {_LONGEST_VARIANT}")
    return text


def _boolean(question: Question, answer: object) -> Answer:
    if not isinstance(answer, bool):
        raise ValueError(f"{str(answer)[:40]!r} is not true or false")
    return answer


def _entity(question: Question, answer: object) -> Answer:
    return str(EntityId.parse(str(answer)))


def _mpxn(question: Question, answer: object) -> Answer:
    if not isinstance(answer, str) or mpxn_kind(answer) is None:
        raise ValueError(f"{str(answer)[:20]!r} is no MPAN of 13 digits and no MPRN of 6 to 10")
    return answer


def _time(question: Question, answer: object) -> Answer:
    moment = datetime.fromisoformat(str(answer))
    if moment.tzinfo is None:
        raise ValueError(f"{str(answer)[:40]!r} has no zone")
    written = moment.replace(microsecond=0).isoformat()
    return written.replace("+00:00", "Z")  # as SR 8.14 has it, also where TOML has a blank


def _lights(question: Question, answer: object) -> Answer:
    """Take lights as "WAN: slow flash, HAN: on"."""
    for part in str(answer).split(", "):
        match = _LIGHTS.fullmatch(part)
        if not match or match[1] not in question.choices or match[2] not in LIGHT_STATES:
            raise ValueError(f"{part[:40]!r} is no light such as WAN: slow flash")
    return str(answer)


def _text(question: Question, answer: object) -> Answer:
    text = str(answer)
    if not isinstance(answer, str) or not text.strip() or not text.isprintable():
        raise ValueError("it is no printable text")
    most = _most_characters(question.id)
    if len(text) > most:
        raise ValueError(f"it has {len(text)} characters, at most {most}")
    return text


def _most_characters(name: str) -> int:
    """Return how long a text may be: as long as its field, where SR 8.14 has it as one."""
    fields = (each for variant in VARIANTS for each in fields_of(variant)[1])
    return min((each.most for each in fields if each.name == name), default=_LONGEST_TEXT)


_CHECKS = {
    "choice": _choice,
    "boolean": _boolean,
    "entity": _entity,
    "mpxn": _mpxn,
    "time": _time,
    "lights": _lights,
    "variant": _variant,
    "text": _text,
}
