"""The commission screen's words: a command's row, and the questions about what cannot be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from hht.store import CommandState
from hht.store.command_states import is_open
from screens.prompts.choice import Answer, ChoiceScreen
from screens.widgets.command_look import state_text
from screens.widgets.row import Row

if TYPE_CHECKING:
    from hht.journeys.events import ConnectionLost
    from hht.journeys.view import VisitView
    from hht.store import CommandRow
    from screens.device_names import Names


def command_row(row: CommandRow, names: Names) -> Row:
    """A Local Command on two lines: its title and state, then its Device and why."""
    device = names.with_id(row.device)
    reason = f"{row.reason} · " if row.reason else ""
    tries = f" · sent {row.tries} times" if row.tries > 1 else ""
    lost = "no Response to return · " if row.is_uncaptured else ""
    detail = f"{lost}{reason}{device}{tries}"
    return Row(
        row.id, Content(row.title), Content.styled(detail, "$text-muted"), state_text(row.state)
    )


def first_unknown(view: VisitView) -> CommandRow | None:
    """The first command of which nobody knows whether it arrived."""
    return next((row for row in view.commands if row.state is CommandState.UNKNOWN), None)


def next_thing(view: VisitView | None, *, busy: bool, lost: bool) -> tuple[str, str, str]:
    """Key, words and action of the one thing to do next.

    What is in doubt after a loss waits for the connection: its Response may be at the hub.
    """
    if view is None:
        return "", "", ""
    if busy:
        return "C", "Cancel", "cancel"
    doubt = first_unknown(view)
    if doubt and not lost:
        return "S", f"Settle {doubt.position + 1}: {doubt.title}", "settle"
    if view.connected and view.next_command:
        row = view.next_command
        return "D", f"Deliver {row.position + 1}: {row.title}", "deliver_next"
    if view.next_command or doubt:
        return "H", "Connect to the hub", "hubs"
    if view.connected:
        return "L", "All done: leave the HAN", "leave"
    return "Q", "See what is to be returned", "queue"


def lost_words(lost: ConnectionLost, view: VisitView, *, key: str) -> Content:
    """What happened, what it means for what is under way, and what to do: `key` connects."""
    doubt = first_unknown(view)
    means = "No Local Command was under way: go on where you were once you are connected."
    if not view.next_command:
        means = "Nothing was left to deliver: connect again only to leave the HAN."
    if doubt:
        means = (
            f"'{doubt.title}' may or may not have arrived. Its Response may be waiting at the hub:"
            " connect again before you settle it."
        )
    return Content("\n").join(
        (
            Content.assemble(("✗ Connection lost: ", "bold $error"), f"{lost.what}."),
            Content(means),
            Content.assemble(
                ("→ ", "bold $accent"), f"{lost.remedy} ", (f"{key}  Connect", "bold")
            ),
        )
    )


def settle_question(row: CommandRow) -> ChoiceScreen:
    """Ask what became of a command; the answer decides whether it may be sent again."""
    return ChoiceScreen(
        f"Settle {row.position + 1}: {row.title}",
        f"{row.reason or 'No Response was seen'}. Look at the Device, or read its log, before you"
        " answer: a Local Command must not be done twice.",
        [
            Answer("answered-not-seen", "The Device did it", "It counts as answered."),
            Answer("not-delivered", "It never arrived", "Goes back to waiting."),
            Answer("retry", "Deliver it again now", "A Device that has seen it refuses it."),
            Answer("skip", "Leave it out", "It counts as skipped."),
        ],
    )


def not_done(view: VisitView) -> int:
    """How many Local Commands still wait, were not delivered, or are in doubt."""
    return sum(is_open(row.state) for row in view.commands)


def leave_question(view: VisitView) -> ChoiceScreen:
    """Ask before leaving a HAN with work left to do."""
    return ChoiceScreen(
        "Leave the HAN?",
        f"Not done: {not_done(view)} of {len(view.commands)} Local Commands. To come back, the"
        " hub's window has to be open.",
        [Answer("leave", "Leave the HAN", "What was delivered and captured is kept.")],
        keys="Enter  Leave     Esc  Stay",
    )
