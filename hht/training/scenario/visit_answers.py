"""What was answered of the hub on a visit, for a scenario: its kind comes back, no name does."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hht.duis.visit_questions import Answer, question
from hht.training.scenario.visit_draft import Draft

if TYPE_CHECKING:
    from hht.entity_id import EntityId

_HARMLESS = ("choice", "boolean", "lights")
"""Kinds of questions whose answers name neither premises nor customer nor a Device."""
_MADE_UP_MPXN = "2000000000015"


def made_up_id(number: int) -> str:
    """Return the Entity Identifier that the Device of this number has in the scenario."""
    return f"00-DB-00-00-00-91-20-{number:02X}"


def visit_lines(draft: Draft) -> list[str]:
    """Return the settings of [visit]; none where the job had no questions about the hub."""
    answers = dict(draft.visit.answers)
    if _is_wrong_hub(draft):
        answers["visit"] = "install"  # as it was begun: that it goes back is for the trainee to see
    found = ((name, _kept(draft, name, each)) for name, each in answers.items())
    return [f"{name} = {json.dumps(each)}" for name, each in found if each is not None]


def job_lines(draft: Draft) -> Iterator[str]:
    """Yield what [job] has beside its Commands.

    It is the variant wanted, the building's channels, and that there was no pack.
    """
    job = draft.visit.job
    if job.brief.wan_variant in question("variant").choices:
        yield f"wan_variant = {json.dumps(job.brief.wan_variant)}"
    if job.brief.channels:
        yield f"channel_plan = {list(job.brief.channels)}"
    if is_walk_in(draft):
        yield "walk_in = true"


def hub_lines(draft: Draft) -> Iterator[str]:
    """Yield the variant on the hub's label, as it was read there."""
    if (variant := draft.visit.answers.get("variant")) in question("variant").choices:
        yield f"wan_variant = {json.dumps(variant)}"


def _is_wrong_hub(draft: Draft) -> bool:
    wanted, found = draft.visit.job.brief.wan_variant, draft.visit.answers.get("variant")
    return bool(wanted and found and wanted != found)


def is_walk_in(draft: Draft) -> bool:
    """Return whether the job was begun on site: no pack that says nothing has no Commands."""
    visit = draft.visit
    return bool(visit.job.visit and not visit.job.visit.answers and not visit.commands)


def _kept(draft: Draft, name: str, answer: Answer) -> Answer | None:
    kind = question(name).kind
    if kind in _HARMLESS:
        return answer
    if kind == "mpxn":
        return _MADE_UP_MPXN
    return made_up_id(_number(draft, str(answer))) if name == "OtherDeviceID" else None


def _number(draft: Draft, text: str) -> int:
    """Return which Device it is; the first for one that neither job nor Command names."""
    known: list[EntityId] = list(draft.labels)
    return next((number for number, each in enumerate(known) if str(each) == text), 0)
