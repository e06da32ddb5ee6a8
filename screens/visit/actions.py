"""What an engineer does on a visit, from any screen: scan, connect, deliver, settle, leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from hht.errors import HhtError
from screens.forms.remedies import Remedy, Verdict
from screens.visit.radio_work import RadioWork, WorkKind
from screens.visit.surroundings import Questions, Surroundings
from screens.visit.unsettled import first_doubt

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.journeys.firmware.firmware_journey import ActivationAsk
    from hht.journeys.visit import Visit
    from hht.store import CommandRow


class VisitActions:
    """Each begins a piece of work of the app, and does nothing while another is under way.

    `reconnect` goes to the hub that was confirmed last.
    """

    def __init__(
        self,
        app: Surroundings,
        questions: Questions,
        work: RadioWork,
        reconnect: Callable[[], object],
    ) -> None:
        self._app = app
        self._questions = questions
        self._work = work
        self._reconnect = reconnect
        self.put_off: set[int] = set()
        """Local Commands in doubt that the engineer wants to come back to."""

    def scan(self) -> None:
        """Listen for hubs."""
        self._begin(WorkKind.SCAN, lambda: self._app.service.scan(), again=self.scan)

    def connect(
        self, gpf: EntityId, then: Callable[[], object], at: tuple[int, int] | None = None
    ) -> None:
        """Go through every step to the tunnel; `at` is the channel and PAN id of one of several."""
        self._begin(
            WorkKind.CONNECT,
            lambda: self._app.service.connect(gpf, at),
            then=then,
            again=lambda: self.connect(gpf, then, at),
        )

    def deliver_next(self) -> None:
        """Deliver the next Local Command and wait for its Response."""
        service, work = self._app.service, self._work
        self._deliver(lambda: service.deliver_next(lambda: work.is_stopping), self.deliver_next)

    def deliver_all(self) -> None:
        """Deliver one after the other until nothing is left, one is in doubt, or it is stopped."""
        service, work, view = self._app.service, self._work, self._app.view
        if view and view.firmware and view.firmware.ask:  # its hash comes first
            self.confirm_activation()
            return
        self._deliver(lambda: service.deliver_all(lambda: work.is_stopping), self.deliver_all)

    def deliver(self, command_id: int) -> None:
        """Deliver one Local Command out of turn, if nothing holds it back."""
        service, view = self._app.service, self._app.view
        if view and view.firmware and (ask := view.firmware.ask_of(command_id)):
            self._confirm(ask)
            return
        self._deliver(lambda: service.deliver(command_id), lambda: self.deliver(command_id))

    def confirm_activation(self) -> None:
        """Show the hash of the next Activate Firmware, and deliver it when it is confirmed."""
        view = self._app.view
        ask = view.firmware.ask if view and view.firmware else None
        if ask:
            self._confirm(ask)

    def _confirm(self, ask: ActivationAsk) -> None:
        self._questions.ask_hash(ask, lambda is_right: self._activate(ask, is_right=is_right))

    def _activate(self, ask: ActivationAsk, *, is_right: bool) -> None:
        service = self._app.service
        if not is_right:
            put_off = partial(_put_off, ask.command_id)
            self._begin(WorkKind.SETTLE, lambda: service.note(put_off))
            return

        async def confirmed() -> None:
            await service.note(lambda visit: visit.firmware.confirm(ask.command_id, ask.sha256))
            await service.deliver(ask.command_id)

        self._deliver(confirmed, lambda: self.deliver(ask.command_id))

    def stop(self, then: Callable[[], object] | None = None) -> None:
        """Stop what is under way, as soon as that leaves nothing in doubt; `then` go on."""
        self._work.stop(then)

    def ask_about(self, row: CommandRow) -> None:
        """Ask what became of a Local Command in doubt."""
        self._app.run_worker(self._ask_about(row), group="doubt")

    def leave(self, then: Callable[[], object]) -> None:
        self._begin(
            WorkKind.LEAVE,
            lambda: self._app.service.leave(),
            then=then,
            again=lambda: self.leave(then),
        )

    def step_out(self) -> None:
        """Leave the HAN for the hub's sake, which changes its channel; the visit goes on."""
        self._begin(WorkKind.LEAVE, lambda: self._app.service.step_out(), again=self.step_out)

    def survey(self) -> None:
        """Listen on every channel, pass after pass, until it is stopped."""
        self._begin(WorkKind.SURVEY, lambda: self._app.service.survey(), again=self.survey)

    def survey_off_the_han(self) -> None:
        """Leave the HAN first, unless it was lost meanwhile: a survey leaves the hub's channel."""
        view, step_out = self._app.view, self._app.service.step_out
        if not (view and view.connected):
            self.survey()
            return
        self._begin(WorkKind.LEAVE, step_out, then=self.survey, again=self.survey_off_the_han)

    def switch_hub(self, then: Callable[[], object]) -> None:
        """Switch the simulated hub off and on; go on once it has power again."""
        self._begin(
            WorkKind.SWITCH_HUB,
            lambda: self._app.service.exercise.switch_hub(),
            then=then,
            again=lambda: self.switch_hub(then),
        )

    def collect(self, then: Callable[[], object]) -> None:
        """Collect what a unit has captured that let itself in."""
        self._begin(
            WorkKind.COLLECT,
            lambda: self._app.service.exercise.collect(),
            then=then,
            again=lambda: self.collect(then),
        )

    def watch_power_cycle(self, then: Callable[[], object]) -> None:
        """Listen while the engineer switches the hub off and on; go on once it is back."""
        self._begin(
            WorkKind.WATCH_HUB,
            lambda: self._app.service.watch_power_cycle(),
            then=then,
            again=lambda: self.watch_power_cycle(then),
        )

    def hub_was_switched_on(self, minutes_ago: float, then: Callable[[], object]) -> None:
        """Note when the hub got its power, as the engineer says."""
        self._begin(
            WorkKind.SWITCH_HUB,
            lambda: self._app.service.hub_was_switched_on(minutes_ago),
            then=then,
            again=lambda: self.hub_was_switched_on(minutes_ago, then),
        )

    def take_window_clock_back(self) -> None:
        """Take back when the hub was said to have got its power."""
        self._begin(WorkKind.SETTLE, lambda: self._app.service.take_window_clock_back())

    def _deliver(self, make: Callable[[], Any], again: Callable[[], object]) -> None:
        self._work.begin(
            WorkKind.DELIVER,
            make,
            then=lambda: None,
            failed=lambda error: self._delivery_failed(error, again),
        )

    def _delivery_failed(self, error: HhtError, again: Callable[[], object]) -> None:
        """Offer what can help: the doubt form, a new connection, or another try.

        A doubt that this error left says why itself; one of before would hide what failed now.
        """
        view = self._app.view
        doubt = first_doubt(view)
        if view and not view.connected and view.hub:
            self._app.show_failure(error, retry=self._reconnect, retry_as=Remedy.RECONNECT)
        elif doubt and doubt.id not in self.put_off and error.what in doubt.reason:
            self.ask_about(doubt)
        else:
            self._app.show_failure(error, retry=again)

    async def _ask_about(self, row: CommandRow) -> None:
        view = self._app.view
        connected = bool(view and view.connected)
        read = await self._app.service.read_back_of(row.id) if connected else None
        settle, others = partial(self._settle, row.id), bool(view and view.next_command)
        self._questions.ask_verdict(row, read, settle, connected=connected, others=others)

    def _settle(self, command_id: int, verdict: str | None, why: str) -> None:
        if verdict in (None, "", Verdict.LATER):
            self.put_off.add(command_id)
            self._app.refresh_offer()
            return
        service, again = self._app.service, partial(self._settle, command_id, verdict, why)
        if verdict == Verdict.ASK:
            self._deliver(lambda: service.read_back(command_id), again)
        elif verdict == Verdict.AGAIN:
            self._deliver(lambda: service.settle(command_id, str(verdict)), again)
        else:
            self._begin(
                WorkKind.SETTLE,
                lambda: service.settle(command_id, str(verdict), why),
                then=partial(self._settled, command_id, verdict, why),
            )

    def _settled(self, command_id: int, verdict: str | None, why: str) -> None:
        """Ask after one was skipped whether what cannot be done without it is skipped, too."""
        from hht.journeys.plan.needing import following
        from hht.journeys.plan.plan import Plan

        view = self._app.view
        if verdict != Verdict.SKIP or view is None:
            return
        plan = Plan(view.commands)
        row = plan.row(command_id)
        if rest := following(plan, row):
            skip = partial(self.skip, [each.id for each in rest], why)
            self._questions.ask_following(row, rest, skip)

    def skip(self, command_ids: Iterable[int], why: str) -> None:
        """Skip waiting Local Commands, for one reason."""
        self._begin(WorkKind.SETTLE, lambda: self._app.service.skip(command_ids, why))

    def go_on_without(self, device: EntityId) -> None:
        """Wait no longer for a Device to pair that has not joined."""
        go_on = partial(_go_on_without, device)
        self._begin(WorkKind.SETTLE, lambda: self._app.service.note(go_on))

    def take_back(self, command_id: int) -> None:
        """Put in doubt again what the engineer has said of a Local Command."""
        self.put_off.discard(command_id)
        self._begin(WorkKind.SETTLE, lambda: self._app.service.take_back(command_id))

    def _begin(
        self,
        kind: WorkKind,
        make: Callable[[], Any],
        *,
        then: Callable[[], object] = lambda: None,
        again: Callable[[], object] | None = None,
    ) -> None:
        self._work.begin(
            kind, make, then=then, failed=lambda error: self._app.show_failure(error, retry=again)
        )


def _put_off(command_id: int, visit: Visit) -> None:
    visit.firmware.put_off(command_id)


def _go_on_without(device: EntityId, visit: Visit) -> None:
    visit.pairing.go_on(device)
