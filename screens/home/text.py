"""The home screen's words: a job's row, what Enter does with it, and what is known of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from hht.radio.ports import is_unplugged
from hht.store.command_states import is_done, is_in_doubt, is_settled
from hht.texts import text
from screens.service.lookups import JobLine
from screens.widgets.command_look import plan_bar
from screens.widgets.row import Row, numbered

if TYPE_CHECKING:
    from hht.journeys.view import VisitView
    from hht.store.doctor import Readiness
    from screens.context import HhtContext
    from screens.service.lookups import TurnedOut

EUI_END = 5  # characters: the last two bytes tell the Devices of one job from each other


def job_row(number: int, line: JobLine, now: datetime) -> Row:
    """Describe a job: its address and how far it is; its reference and when it came.

    Two plays of an exercise differ in when they came alone, so that the title is what is cut.
    """
    if line.damage:
        return _damaged_row(number, line)
    day = day_words(line.imported_at.astimezone(), now.astimezone())
    details = (line.reference, day, line.title if line.premises else "")
    return Row(
        line.id,
        Content(line.premises or line.title),
        Content.styled(" · ".join(filter(None, details)), "$text-muted"),
        _standing(line) if line.states else _without_commands(line),
        numbered(number),
    )


def _damaged_row(number: int, line: JobLine) -> Row:
    sign = Content.styled("✗ " + text("home.damaged"), "bold $error")
    why = Content.styled(line.damage, "$text-muted")
    return Row(line.id, Content(line.premises or line.reference), why, sign, numbered(number))


def _standing(line: JobLine) -> Content:
    """Return how far a job is, with a sign for what needs the engineer."""
    doubts = sum(map(is_in_doubt, line.states))
    if doubts:
        words = text("home.doubts", count=doubts)
        if line.uncaptured:
            words += f" · {text('home.also_uncaptured', count=line.uncaptured)}"
        return Content.styled(f"? {words}", "bold $warning")
    if line.uncaptured:
        return Content.styled(
            "! " + text("home.uncaptured", count=line.uncaptured), "bold $warning"
        )
    if line.states and all(map(is_settled, line.states)):
        refused = sum(not is_done(state) for state in line.states)
        if line.second_look:
            return Content.styled("! " + text("home.second_look"), "bold $warning")
        if line.failed_later:
            words = text("home.failed_later", count=line.failed_later)
            return Content.styled(f"! {words}", "bold $warning")
        if line.not_joined and not refused:
            words = text("deliver.not_joined", count=line.not_joined)
            return Content.styled(f"! {words}", "bold $warning")
        if line.left_to_do and not refused:
            words = text(f"home.to_{line.left_to_do}")
            return Content.styled(f"! {words}", "bold $warning")
        if not refused:
            return Content.styled("✓ " + text("home.done"), "bold $success")
        return Content.styled("! " + text("home.refused", count=refused), "bold $warning")
    return Content(f"{_settled(line)}/{len(line.states)}")


def _without_commands(line: JobLine) -> Content:
    """Return how far the visit of a job is that has no Local Commands, or none yet."""
    if line.is_reported:
        return Content.styled("✓ " + text("home.done"), "bold $success")
    if line.visits and line.left_to_do:
        return Content.styled("! " + text(f"home.to_{line.left_to_do}"), "bold $warning")
    return Content("")


def _settled(line: JobLine) -> int:
    return sum(map(is_settled, line.states))


def trouble_words(trouble: str) -> Content:
    """Return what the audit trail's anchor has shown, and what to do; nothing where it has not."""
    if not trouble:
        return Content("")
    found = text(f"trail.{'-'.join(trouble.split())}")
    words = f"! {found} {text('trail.what-to-do')}"
    return Content.styled(words, "bold $warning")


def left_to_do(view: VisitView) -> str:
    """Name what a visit asks for beside its Local Commands: `leave` its HAN, `await` what a Device
    reports of its firmware, `report` it."""
    if view.may_still_report:
        return "await"
    if view.connected:
        return "leave"
    return "report" if view.install and not view.install.is_reported else ""


def job_action(line: JobLine) -> str:
    """Return what Enter does with this job."""
    settled, total = _settled(line), len(line.states)
    is_over = settled == total if total else line.is_reported or (line.visits and line.left_to_do)
    if is_over:
        return text(f"action.{line.left_to_do or 'look_at'}_job", job=line.reference)
    if not settled:
        return text("action.open_job", job=line.reference)
    return text("action.go_on_with_job", job=line.reference, number=settled + 1, total=total)


def day_words(moment: datetime, now: datetime) -> str:
    """Write `today 09:40`, `yesterday`, else the date; both in local time."""
    days = (now.date() - moment.date()).days
    if days == 0:
        return text("date.today", time=f"{moment:%H:%M}")
    if days == 1:
        return text("date.yesterday")
    return text("date.day", at=moment)


def side_text(line: JobLine, now: datetime, turned_out: TurnedOut) -> Content:
    """Return the job under the cursor: where, visits, hub, Devices, and how far it is."""
    if line.damage:
        return Content(line.damage)
    devices = [_device(*device) for device in line.devices]
    if devices:
        heading = Content.styled(text("home.devices"), "$text-muted")
        devices = [heading, *devices, Content("")]
    parts = [
        Content.styled(line.premises, "bold"),
        Content(line.title),
        Content.styled(_visits(line, now), "$text-muted"),
        Content.styled(text("home.hub"), "$text-muted"),
        Content(str(line.hub or text("home.no_hub"))),
        Content(""),
        *devices,
        plan_bar(turned_out, 24),
    ]
    return Content("\n").join(parts)


def _visits(line: JobLine, now: datetime) -> str:
    """Say on how many days there was a visit, and when the last one was."""
    if line.last_visit is None:
        return text("home.not_visited")
    last = day_words(line.last_visit.astimezone(), now.astimezone())
    return text("home.visits", count=line.visits, last=last)


def ready_text(ready: Readiness, context: HhtContext, *, lacks_identity: bool = False) -> Content:
    """Return a line for each thing that should be in order before one leaves.

    An identity has one only where it is lacking.
    """
    lines = (
        *((("identity", False),) if lacks_identity else ()),
        ("pin", ready.has_pin),
        ("clock", ready.is_clock_right),
        ("room", ready.has_room),
        ("gateway", context.upload is not None or None),
    )
    ends = {True: "yes", False: "no", None: "none"}
    said = [(f"{name}_{ends[holds]}", holds) for name, holds in lines]
    return Content("\n").join(_ready_line(*each) for each in (_dongle(context), *said))


def _ready_line(name: str, holds: bool | None) -> Content:
    """Return a line with its sign; what is not known or may be missing has neither ✓ nor ✗."""
    signs = {True: ("✓ ", "bold $success"), False: ("✗ ", "bold $error"), None: ("– ", "")}
    return Content.assemble(signs[holds], text(f"ready.{name}"))


def _dongle(context: HhtContext) -> tuple[str, bool | None]:
    """Return what is known of the dongle: one that was only named may not be there."""
    if context.radio_answers:
        return "dongle_answers", True
    if context.exercise:
        return "dongle_simulated", None
    if not context.radio_url:
        return "dongle_none", False
    if is_unplugged(context.radio_url):
        return "dongle_unplugged", False
    return ("dongle_chosen", None) if context.radio_answers is None else ("dongle_silent", False)


def dongle_words(context: HhtContext) -> str:
    """Say where the dongle is, and of one that is not plugged in that it is not there."""
    address = context.radio_url
    if not address:
        return text("home.dongle", address=text("home.no_dongle"))
    if is_unplugged(address):
        address = text("home.unplugged", address=address)
    return text("home.dongle", address=address)


def _device(kind: str, entity_id: str, label: str) -> Content:
    """Name a Device by type and label, with the end of its Entity Identifier."""
    name = label if kind in label else f"{kind} {label}".rstrip()
    return Content.assemble(f"{name:<14.14} ", (f"…{entity_id[-EUI_END:]}", "$text-muted"))
