"""What is done about a Device that is not on the HAN: wait, leave out what needs it, or go on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.journeys.plan.needing import needing
from hht.journeys.plan.plan import Plan
from hht.store import CommandState
from hht.texts import text
from screens.forms.doubt import numbers_of
from screens.forms.form import Choice, FormScreen
from screens.pairing.text import adds_of, differing, name_of, over, shut_out

if TYPE_CHECKING:
    from hht.journeys.pairing.pairing_journey import PairingView
    from hht.store import CommandRow
    from screens.shell import Shell


class Without(StrEnum):
    """What is chosen."""

    LEAVE = "leave"
    SCAN = "scan"
    SKIP = "skip"
    GO_ON = "go_on"


class Why(StrEnum):
    """Why a Device is not on the HAN, as far as that is known."""

    DIFFERS = "differs"  # its label has another Install Code, and its CCS01 has not gone
    SHUT_OUT = "shut_out"  # the same, and its CCS01 has gone
    OVER = "over"  # its time to join has ended
    OPEN = "open"


def ask_without(
    shell: Shell,
    device: EntityId,
    why: Why,
    chosen: Callable[[Without], object],
    *,
    name: str,
    put_off: Collection[int],
    adds: Collection[int] = (),
) -> None:
    """Ask what is to be done without a Device, and do it; `chosen` does what only its caller can.

    `put_off` are the ids by which the question is not asked again, `adds` those of the CCS01s by
    which it cannot join.
    """
    view = shell.view
    if view is None:
        return
    needed = needing(Plan(view.commands), device, adds)

    def answered(answer: str | None) -> None:
        if answer == Without.LEAVE or not answer:
            shell.visit.put_off.update(put_off)
            shell.refresh_offer()
        elif answer == Without.SKIP:
            reason = text(f"without.reason_{why}", device=name)
            shell.visit.skip([row.id for row in needed], reason)
        else:
            shell.visit.put_off.difference_update(put_off)
            chosen(Without(answer))

    others = [row for row in needed if row.id not in adds]
    shell.ask(without_form(name, why, others), answered)


def ask_unpaired(shell: Shell, scan: Callable[[], object]) -> None:
    """Ask about the Device to pair that cannot join, or has not yet; `scan` reads its label."""
    pairing = shell.view.pairing if shell.view else None
    device, why = without_whom(pairing)
    if pairing is None or device is None:
        return
    adds = adds_of(pairing, device)

    def chosen(answer: Without) -> None:
        if answer is Without.SCAN:
            scan()
        elif why is Why.DIFFERS:
            _deliver_all_the_same(shell, adds)
        else:
            shell.visit.go_on_without(device)

    ask_without(
        *(shell, device, why, chosen),
        name=name_of(pairing, device),
        put_off=adds,
        adds=adds if why is Why.DIFFERS else (),
    )


def _deliver_all_the_same(shell: Shell, adds: Collection[int]) -> None:
    """Deliver a CCS01 that does not go in its turn: its label has another Install Code."""
    rows = (row for row in shell.view.commands) if shell.view else ()
    waiting = (row.id for row in rows if row.id in adds and row.state is CommandState.WAITING)
    if (number := next(waiting, None)) is not None:
        shell.visit.deliver(number)


def ask_absent(shell: Shell) -> None:
    """Ask about the Device that the next Local Command needs and that has not joined."""
    view = shell.view
    row = view.next_command if view else None
    if view is None or row is None or view.absent is None:
        return
    name = shell.service.names.short(view.absent)
    deliver, number = shell.visit.deliver, row.id
    ask_without(
        *(shell, view.absent, Why.OPEN, lambda _: deliver(number)), name=name, put_off=(number,)
    )


def without_form(device: str, why: Why, needed: Sequence[CommandRow]) -> FormScreen:
    """Say why it is not there and what needs it; what changes nothing comes first."""
    numbers, count = numbers_of(needed), len(needed)
    refused = text("without.refused", device=device, numbers=numbers, count=count)
    differs = why is Why.DIFFERS
    skip = text(f"without.{'skip_differs' if differs else 'skip'}", count=count)
    return FormScreen(
        text(f"without.{'differs_title' if differs else 'title'}", device=device),
        "\n\n".join((text(f"without.body_{why}"), *([refused] if needed else ()))),
        [
            Choice(Without.LEAVE, text(f"without.leave_{'wait' if why is Why.OPEN else 'it'}")),
            *([Choice(Without.SCAN, text("without.scan"))] if differs else ()),
            Choice(Without.SKIP, skip, text("doubt.skip_aside")),
            Choice(Without.GO_ON, text(f"without.{'deliver' if differs else 'go_on'}")),
        ],
        escape=Without.LEAVE,
        tone="doubt",
    )


def without_whom(pairing: PairingView | None) -> tuple[EntityId | None, Why]:
    """Return the Device to pair that is not on the HAN and holds something up, and why."""
    for device, why in (
        (differing(pairing), Why.DIFFERS),
        (shut_out(pairing), Why.SHUT_OUT),
        (over(pairing), Why.OVER),
    ):
        if device:
            return device, why
    awaited = pairing.awaited if pairing else None
    return (awaited.device if awaited else None), Why.OPEN
