"""The connect screen's words: a hub's row, the question about another one, the hub's power."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from hht.entity_id import EntityId
from hht.journeys.view import HubView
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.keys.scanner_gate import entity_id_in, shown
from screens.widgets.link import signal_text
from screens.widgets.row import Row, numbered

if TYPE_CHECKING:
    from hht.journeys.view import VisitView

END = 5  # characters: the last two bytes tell the hubs of one cupboard from each other

INSIST = "insist"


def short(gpf: EntityId | None) -> str:
    """Name a hub by the end of its GPF Entity Identifier: `…10-A3`."""
    return f"…{str(gpf)[-END:]}"


def job_card(job_hub: EntityId | None, premises: str) -> Content:
    """Return where the job is, and what is on the label of its hub; nothing for an unknown hub."""
    if job_hub is None:
        return Content("")
    label = Content.styled(text("connect.label"), "$text-muted")
    return Content("\n").join((Content(premises), label, Content.styled(str(job_hub), "bold")))


def in_order(hubs: Iterable[HubView], job_hub: EntityId | None) -> list[HubView]:
    """Return the job's hub first, whatever its strength; the others as they were heard."""
    return sorted(hubs, key=lambda hub: hub.gpf != job_hub)


def hub_rows(hubs: Sequence[HubView], job_hub: EntityId | None) -> list[Row]:
    """Return a row for each hub; where several show one Extended PAN ID, each row says so.

    The first of them stands for whichever proves to be the hub, the others for themselves.
    """
    shown = Counter(hub.gpf for hub in hubs)
    rows: dict[object, Row] = {}
    for number, hub in enumerate(in_order(hubs, job_hub), 1):
        key = hub if hub.gpf in rows else hub.gpf
        rows[key] = hub_row(number, hub, job_hub, key, is_twin=shown[hub.gpf] > 1)
    return list(rows.values())


def picked_hub(row: Row | None) -> tuple[EntityId, tuple[int, int] | None] | None:
    """Return the hub that a row stands for, and where it was heard if it is one of several."""
    if row is None or row.key is None:
        return None
    if isinstance(row.key, EntityId):
        return row.key, None
    return (row.key.gpf, row.key.at) if isinstance(row.key, HubView) else None


def hub_row(
    number: int, hub: HubView, job_hub: EntityId | None, key: object, *, is_twin: bool
) -> Row:
    """Describe a hub: its GPF Entity Identifier, whether it is the job's, how it is heard."""
    right = Content("")
    if is_twin:
        right = Content.styled("! " + text("connect.twin"), "bold $warning")
    elif hub.gpf == job_hub:
        right = Content.styled("★ " + text("connect.mine"), "bold $success")
    elif job_hub:
        right = Content.styled(text("connect.not_mine"), "$text-muted")
    channel = Content.styled(" · " + text("connect.channel", channel=hub.channel), "$text-muted")
    lead = numbered(number)
    return Row(key, Content(str(hub.gpf)), signal_text(hub.rssi) + channel, right, lead)


def power_words(view: VisitView, *, training: bool) -> Content:
    """Return what was said of when the hub got its power; how to say it where that is not known."""
    if view.window_set is not None:
        left = (view.window_seconds_left or 0) // 60
        set_at = f"{view.window_set.astimezone():%H:%M}"
        return Content.styled(text("connect.clock_set", minutes=left, time=set_at), "")
    if not view.has_window or view.window_certainty not in ("unknown", "closed"):
        return Content("")
    return Content.styled(text("connect.power_training" if training else "connect.power"), "")


def wrong_hub_form(gpf: EntityId, wanted: EntityId) -> FormScreen:
    """Ask before the HHT goes onto somebody else's HAN."""
    return FormScreen(
        text("wrong_hub.title"),
        text("wrong_hub.body", hub=str(gpf), job=str(wanted)),
        [
            Choice("", text("wrong_hub.back")),
            Choice(INSIST, text("wrong_hub.insist")),
        ],
        tone="doubt",
    )


def label_note(
    label: str, job_hub: EntityId | None, heard: Collection[object]
) -> tuple[Content, EntityId | None]:
    """Say what a scanned label is to this job, and return the hub if it is the right one."""
    gpf = entity_id_in(label)
    if gpf is None:
        words = text("connect.no_label", label=shown(label, 30))
    elif job_hub not in (None, gpf):
        other = text("connect.other_label", hub=short(gpf), job=short(job_hub))
        return Content.styled(f"✗ {other}", "bold $error"), None
    elif gpf not in heard:
        words = text("connect.not_heard", hub=short(gpf))
    else:
        right = text("connect.right_label", hub=short(gpf))
        return Content.styled(f"✓ {right}", "bold $success"), gpf
    return Content.styled(words, "bold $warning"), None
