"""The home screen's words: a job's row, and what is known of the job under the cursor."""

from __future__ import annotations

from textual.content import Content

from hht.store.command_states import is_done
from screens.lookups import JobLine
from screens.widgets.command_look import state_bar
from screens.widgets.row import Row


def job_row(line: JobLine) -> Row:
    """A job on two lines: what it is and how far, then where."""
    done = sum(map(is_done, line.states))
    every = done == len(line.states) and not line.uncaptured
    lost = f" · {line.uncaptured} not captured" if line.uncaptured else ""
    count = f"{done}/{len(line.states)}{lost}"
    right = Content.styled(f"✓ {count}", "bold $success") if every else Content(count)
    detail = f"{line.reference} · {line.premises}" if line.premises else line.reference
    return Row(line.id, Content(line.title), Content.styled(detail, "$text-muted"), right)


def side_text(line: JobLine) -> Content:
    """The job under the cursor: its hub, its Devices, and how far it is."""
    parts = [
        Content.styled(line.title, "bold $primary"),
        Content(line.premises),
        Content(f"Hub {line.hub or 'not named'}"),
        *(Content(f"{kind} {entity} {label}".rstrip()) for kind, entity, label in line.devices),
        Content(""),
        state_bar(line.states, 40),
    ]
    return Content("\n").join(parts)
