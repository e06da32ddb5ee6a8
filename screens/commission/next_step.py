"""The one thing to do next on the plan's screen, which Enter does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hht.journeys.pairing.joining import Joining
from hht.store.command_states import is_under_way
from hht.texts import text
from screens.commission.text import not_done
from screens.pairing.text import clock_time, differing, is_put_off, name_of, shut_out
from screens.visit.radio_work import CAN_BE_CANCELLED, Work, WorkKind
from screens.visit.unsettled import first_doubt
from screens.widgets.action_bar import Offer

if TYPE_CHECKING:
    from collections.abc import Collection

    from hht.journeys.firmware.firmware_journey import ActivationAsk, FirmwareView
    from hht.journeys.pairing.joining import JoiningTime
    from hht.journeys.pairing.pairing_journey import PairingView
    from hht.journeys.view import VisitView
    from hht.store import CommandRow


def offer_words(
    view: VisitView | None,
    work: Work | None,
    put_off: Collection[int],
    waited: int | None = None,
    sent_last: int | None = None,
) -> Offer:
    """Return the one thing to do next.

    A doubt can be put off while something else can be done, and leaving with work left asks first.
    `waited` are the seconds since the first was sent whose Response is still to come; `sent_last`
    is the id of the Local Command that was sent last.
    """
    if view is None:
        return Offer("")
    if work:
        return _at_work(view, work, sent_last)
    doubt = first_doubt(view)
    if doubt and view.connected and doubt.id not in put_off:
        return _ask(doubt)
    if next_step := _next_step(view, put_off):
        return next_step
    if view.connected:
        return _wait_or_leave(view, doubt, waited)
    if not_done(view) or view.may_still_report:
        return _connect(view)
    if view.install and not view.install.is_reported:
        return Offer(text("action.report"), "report")
    return Offer(text("action.see_returns", count=view.returns_waiting), "queue")


def _wait_or_leave(view: VisitView, doubt: CommandRow | None, waited: int | None) -> Offer:
    """Wait for a Response, or ask about what was put off before the HAN is left."""
    waiting = next((row for row in view.commands if is_under_way(row.state)), None)
    if waiting:
        return Offer(_wait_words(view, waiting, waited), aside=text("action.leave_now"))
    if doubt:
        return replace(_ask(doubt), aside=text("action.leave_now"))
    return Offer(_leave_words(view), "leave")


def _wait_words(view: VisitView, row: CommandRow, waited: int | None) -> str:
    """Say until when the Device sleeps where that is known, else for how long it is waited for."""
    number, title, until = row.position + 1, row.title, view.asleep.get(row.device)
    if until:
        time = f"{until.astimezone():%H:%M}"
        return text("action.wait_asleep", time=time, number=number, title=title)
    if waited is not None:
        return text("action.waited", time=clock_time(waited), number=number, title=title)
    return text("action.wait_for", number=number, title=title)


def _leave_words(view: VisitView) -> str:
    """Say what is left behind: Commands, Devices that are not back, a hub outside the plan."""
    if left := not_done(view):
        return text("action.leave_with", count=left)
    if owed := len(view.move.not_back) if view.move else 0:
        return text("action.leave_owed", count=owed)
    return text("action.leave_outside" if view.outside_plan else "action.leave")


def _next_step(view: VisitView, put_off: Collection[int]) -> Offer | None:
    """Deliver what may go now, or wait for what it needs; None where nothing is left."""
    following, firmware = view.next_command, view.firmware if view.connected else None
    ask = firmware.ask if firmware else None
    if following and ask and not ask.again:
        return Offer(text("action.confirm_firmware", title=following.title), "activate")
    if following and not ask and not (view.absent and following.id in put_off):
        return _deliver_or_connect(view, following)
    if firmware and firmware.awaited:
        return _await_report(firmware)
    if following and ask:
        return _await_verdict(view, following, ask)
    if firmware and firmware.arriving:
        return _await_image(firmware)
    return _join(view, view.pairing, put_off) if view.pairing and view.connected else None


def _join(view: VisitView, pairing: PairingView, put_off: Collection[int]) -> Offer | None:
    """Wait for a Device that has to join, or ask about one that cannot."""
    if awaited := view.awaited:
        return _await(pairing, awaited, put_off)
    if device := differing(pairing, put_off):
        words = text("action.code_differs", device=name_of(pairing, device))
        return Offer(words, "pairing", text("action.leave_now"))
    return None


def _await_report(firmware: FirmwareView) -> Offer:
    """Wait for the Alert of the first activation, which may have been missed."""
    row = firmware.awaited[0]
    name = "action.await_report_lost" if row.id in firmware.missed else "action.await_report"
    return Offer(text(name, title=row.title), aside=text("action.leave_now"))


def _await_verdict(view: VisitView, following: CommandRow, ask: ActivationAsk) -> Offer:
    """Wait until a Device has judged its image, or leave: a contradicted one is lost on site."""
    again = text("action.ask_again")
    if ask.is_contradicted:
        return Offer(_leave_words(view), "leave", again)
    number = following.position + 1
    return Offer(text("action.await_verdict", number=number, title=following.title), "", again)


def _await_image(firmware: FirmwareView) -> Offer:
    """Wait for the first Device that still fetches its image, and may not be heard of again."""
    device = firmware.arriving[0]
    is_missed = device.entity_id in firmware.missed
    name = "action.await_image_lost" if is_missed else "action.await_image"
    return Offer(text(name, device=device.name), aside=text("action.leave_now"))


def _at_work(view: VisitView, work: Work, sent_last: int | None) -> Offer:
    """Say which one is under way: an Enter too many opens nothing. Another key stops after it.

    Several are while one waits at the hub for a Device that sleeps: the one in hand came after it.
    """
    rows = [row for row in view.commands if is_under_way(row.state)]
    row = next((row for row in rows if row.id == sent_last), rows[-1] if rows else None)
    if row is None and view.pairing and (awaited := view.awaited):
        device = name_of(view.pairing, awaited.device)
        time = clock_time(awaited.seconds_left or 0)
        return Offer(text("action.awaiting", device=device, time=time), aside=text("action.stop"))
    if row is None or work.kind is not WorkKind.DELIVER:
        return Offer(text(f"work.{work.kind}", seconds="", most=""), aside=_stop_words(work))
    words = text("action.under_way", number=row.position + 1, title=row.title)
    return Offer(words, aside=_stop_words(work))


def _stop_words(work: Work) -> str:
    """Say which key stops it, and when; nothing where none does."""
    if work.kind in CAN_BE_CANCELLED:
        return text("action.stop")
    if work.kind is not WorkKind.DELIVER:
        return ""
    return text("action.stopping" if work.stop_asked else "action.stop_after_this")


def _await(pairing: PairingView, awaited: JoiningTime, put_off: Collection[int]) -> Offer | None:
    """Wait for a Device that has to join; one that cannot is looked at with its pairing, once."""
    device, is_asked = awaited.device, not is_put_off(pairing, awaited.device, put_off)
    name = name_of(pairing, device)
    if awaited.state is not Joining.OVER and not shut_out(pairing):
        return Offer(text("action.wait_to_join", device=name), "deliver_next")
    key = "action.not_joined" if awaited.state is Joining.OVER else "action.shut_out"
    return Offer(text(key, device=name), "pairing", text("action.leave_now")) if is_asked else None


def _ask(doubt: CommandRow) -> Offer:
    return Offer(text("action.ask", number=doubt.position + 1, title=doubt.title), "settle")


def _deliver_or_connect(view: VisitView, row: CommandRow) -> Offer:
    if not view.connected:
        return _connect(view)
    if view.absent:
        return Offer(text("action.absent", number=row.position + 1), "absent")
    words = text("action.deliver", number=row.position + 1, title=row.title)
    return Offer(words, "deliver_next")


def _connect(view: VisitView) -> Offer:
    if view.hub and view.job_hub in (None, view.hub):
        return Offer(text("action.reconnect", hub=f"…{str(view.hub)[-5:]}"), "reconnect")
    return Offer(text("action.connect"), "hubs")
