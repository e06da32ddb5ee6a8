"""The pairing of the job's displays and switches: label, adding, joining, partners and proof."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from hht.errors import HhtError
from hht.events import Event
from hht.texts import text
from screens.base import HhtScreen
from screens.commission.leaving import leave_han
from screens.commission.next_step import offer_words
from screens.devices.text import as_of
from screens.pairing.text import (
    asks_for_label,
    differing,
    joining_words,
    may_go_on,
    name_of,
    own_offer,
    step_rows,
    title_words,
)
from screens.pairing.without import ask_absent, ask_unpaired, without_whom
from screens.shell import Place
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.stepper import Stage

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.journeys.pairing.pairing_journey import PairingJourney, PairingView
    from hht.journeys.view import VisitView


class PairingScreen(HhtScreen):
    """Every step of each Device to pair; Enter does the first that is open."""

    HELP = "pairing"
    STAGE = Stage.DELIVER
    COMES_BACK = Place.PAIRING
    BINDINGS = [
        Binding("s", "skip_label", "skip_label"),
        Binding("o", "go_on_without", "go_on_without"),
        Binding("a", "deliver_all", "deliver_all"),
        Binding("c", "stop", "stop_after_this"),
        Binding("e", "devices", "devices"),
        Binding("v", "alerts", "alerts"),
        Binding("p", "back", show=False),
        Binding("l", "leave", "leave", show=False),
    ]

    def body(self) -> ComposeResult:
        """Yield the steps, and how long joining is open."""
        yield NumberedList(title=text("pairing.title"), empty=text("pairing.none"), id="steps")
        yield Static(id="joining")

    def opened(self) -> None:
        """Follow the visit, and count down."""
        self.shell.happened.subscribe(self, self._follow)
        self.follow_app("view", self.draw)
        self.set_interval(1, self._tick)

    @property
    def pairing(self) -> PairingView | None:
        """The state of the pairings; None while no job with one is open."""
        return self.shell.view.pairing if self.shell.view else None

    def draw(self, view: VisitView | None) -> None:
        """Show every step, and which one is next."""
        pairing = self.pairing
        if pairing is None:
            return
        steps = self.query_one(NumberedList)
        steps.set_rows(step_rows(pairing, self.service.names, as_of(view) if view else ""))
        steps.set_title(text("pairing.title"), title_words(pairing))
        self.query_one("#joining", Static).update(joining_words(pairing))
        self.refresh_offer()

    def _follow(self, event: Event) -> None:
        if self.is_whole:
            self.draw(self.shell.view)

    def _tick(self) -> None:
        """Have the joining time count down while it runs."""
        if self.is_current and self.pairing and any(d.joining for d in self.pairing.devices):
            self.look()

    def offer(self) -> Offer:
        """Scan the label, go on with the plan, or say what is to be decided."""
        view, pairing = self.shell.view, self.pairing
        if view is None or pairing is None:
            return Offer("")
        put_off = self.shell.visit.put_off
        work = self.work_in_hand
        own = own_offer(pairing, put_off) if work is None else None
        return self.unless_surveying(own or offer_words(view, work, put_off))

    def action_scan_label(self) -> None:
        """Read the label: in training the simulated one, else what is scanned or typed now."""
        device = asks_for_label(self.pairing) or differing(self.pairing)
        if device is None:
            return
        if self.shell.context.exercise:
            self._begin(lambda: self.service.exercise.scan_simulated_device(device))
        else:
            self._type_label(device)

    def _type_label(self, device: EntityId) -> None:
        from screens.forms.typed import TypedScreen

        assert self.pairing
        question = text("pairing.which_label", device=name_of(self.pairing, device))
        form = TypedScreen(question, "", text("pairing.label_placeholder"))

        def answered(label: str | None) -> None:
            if label:
                self._scan(label, device)

        self.shell.ask(form, answered)

    def scanned(self, label: str) -> None:
        """Compare a label, scanned at any time, with what is delivered for its Device."""
        self._scan(label, asks_for_label(self.pairing))

    def _scan(self, label: str, device: EntityId | None) -> None:
        for each in self.pairing.devices if self.pairing else ():
            self.shell.visit.put_off.difference_update(each.task.adds)
        self._note(lambda journey: journey.scan(label, device))

    def action_skip_label(self) -> None:
        """Go on without a look at the label."""
        if device := asks_for_label(self.pairing):
            self._note(lambda journey: journey.skip_label(device))

    def action_go_on_without(self) -> None:
        """Ask what is done about a Device that cannot join, or that has not joined yet."""
        ask_unpaired(self.shell, self.action_scan_label)

    def action_deliver_next(self) -> None:
        """Deliver the next Local Command, once its Device has joined."""
        self.shell.visit.deliver_next()

    def action_absent(self) -> None:
        """Ask what is done without the Device that the next one needs and that has not joined."""
        ask_absent(self.shell)

    def action_deliver_all(self) -> None:
        """Deliver one after the other until nothing is left or something is in doubt."""
        self.shell.visit.deliver_all()

    def action_stop(self) -> None:
        """Stop after the one under way, or stop waiting."""
        self.shell.visit.stop()

    def action_activate(self) -> None:
        """Show the hash of the next Activate Firmware, and deliver it when it is confirmed."""
        self.shell.visit.confirm_activation()

    def action_settle(self) -> None:
        """Ask what became of the first Local Command in doubt."""
        from screens.visit.unsettled import first_unsettled

        if row := first_unsettled(self.shell.view):
            self.shell.visit.ask_about(row)

    def action_devices(self) -> None:
        """See the Devices and the state of each on the HAN."""
        self.shell.go(Place.DEVICES)

    def action_alerts(self) -> None:
        self.shell.go(Place.ALERTS)

    def action_leave(self) -> None:
        """Leave the HAN; ask first while there is something that is not done."""
        leave_han(self.shell, self.action_settle, self.action_scan_label)

    def action_reconnect(self) -> None:
        """Go back to the hub that was lost."""
        self.shell.go(Place.RECONNECT)

    def action_hubs(self) -> None:
        """Go to the hub list."""
        self.shell.go(Place.CONNECT)

    def action_queue(self) -> None:
        """See what is to be returned."""
        self.shell.go(Place.QUEUE)

    def action_report(self) -> None:
        """Go on with what is to be reported of the visit."""
        self.shell.job.finish()

    def _note(self, step: Callable[[PairingJourney], object]) -> None:
        self._begin(lambda: self.service.note(lambda visit: step(visit.pairing)))

    def _begin(self, make: Callable[[], Any]) -> None:
        self.run_worker(self._run(make), group="note")

    async def _run(self, make: Callable[[], Any]) -> None:
        try:
            await make()
        except HhtError as error:
            self.shell.show_failure(error)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        view, work, pairing = self.shell.view, self.shell.work, self.pairing
        ready = bool(view and view.connected and not work)
        allowed = {
            "skip_label": bool(asks_for_label(pairing)),
            "go_on_without": bool(without_whom(pairing)[0] and not work),
            "deliver_all": ready and bool(view and may_go_on(view)),
            "leave": ready,
            "stop": bool(work and not work.stop_asked),
        }
        return allowed.get(action, super().check_action(action, parameters))
