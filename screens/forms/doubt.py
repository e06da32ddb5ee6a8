"""The doubt form: did a Local Command arrive? The safe answer is first, none does it twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.forms.reason import Asking, ask_reason
from screens.forms.remedies import Verdict

if TYPE_CHECKING:
    from hht.store import CommandRow


SKIP_REASONS = ("not_there", "no_answer", "not_wanted")
SKIP_TOO = "skip_too"


def ask_verdict(
    app: Asking,
    row: CommandRow,
    read: CommandRow | None,
    answered: Callable[[str | None, str], None],
    *,
    connected: bool,
    others: bool,
) -> None:
    """Ask what became of a Local Command, and why where it is to be skipped."""

    def chosen(verdict: str | None) -> None:
        if verdict == Verdict.SKIP:
            skip = "skip_command"
            ask_reason(app, skip, SKIP_REASONS, lambda why: answered(Verdict.SKIP, why))
        else:
            answered(verdict, "")

    app.ask(doubt_form(row, read=read, connected=connected, others=others), chosen)


def doubt_form(
    row: CommandRow, *, read: CommandRow | None, connected: bool, others: bool
) -> FormScreen:
    """Ask what became of a Local Command; `read` is the one that can show it, if there is one.

    `others` is whether another one can go before it is settled.
    """
    verdicts = [Verdict.LATER, Verdict.DONE, Verdict.NEVER, Verdict.AGAIN, Verdict.SKIP]
    if not connected:
        verdicts.remove(Verdict.AGAIN)
    elif read:
        verdicts.insert(0, Verdict.ASK)
    number, title = row.position + 1, row.title
    facts = [text("doubt.fact", reason=row.reason.rstrip(".")) if row.reason else ""]
    if read and connected:
        facts.append(text("doubt.read", title=read.title))
    facts.append(text("doubt.once"))
    return FormScreen(
        text("doubt.title", number=number, title=title),
        "\n".join(filter(None, facts)),
        [_choice(verdict, others=others) for verdict in verdicts],
        escape=Verdict.LATER,
        tone="doubt",
    )


def following_form(skipped: CommandRow, rest: Sequence[CommandRow]) -> FormScreen:
    """Ask whether what cannot be done without one that was skipped is skipped, too."""
    numbers, count = numbers_of(rest), len(rest)
    return FormScreen(
        text("following.title", count=count),
        text("following.body", number=skipped.position + 1, numbers=numbers, count=count),
        [
            Choice("", text("following.leave")),
            Choice(SKIP_TOO, text("following.skip", count=count), text("doubt.skip_aside")),
        ],
        tone="doubt",
    )


def numbers_of(rows: Sequence[CommandRow]) -> str:
    """Name Local Commands by their places in the plan: `6, 7`."""
    return ", ".join(str(row.position + 1) for row in rows)


def _choice(verdict: Verdict, *, others: bool) -> Choice:
    name = verdict.name.lower()
    alone = verdict is Verdict.LATER and not others
    words = text("doubt.later_alone" if alone else f"doubt.{name}")
    aside = text(f"doubt.{name}_aside")
    return Choice(verdict, words, aside, about=f"doubt_{name}")
