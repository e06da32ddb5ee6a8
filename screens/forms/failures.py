"""What becomes of a failure: its form, and the remedy that was chosen, done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from hht.errors import HhtError
from hht.texts import text
from screens.forms.remedies import Remedy, remedies_for
from screens.lock.locking import Locking
from screens.shell import Place
from screens.visit.actions import VisitActions

if TYPE_CHECKING:
    from hht.journeys.view import VisitView

Retry = Callable[[], object]
PLACES = {
    Remedy.HUBS: Place.HUBS,
    Remedy.DONGLE: Place.DONGLE,
    Remedy.IDENTITY: Place.IDENTITY,
    Remedy.PROFILE: Place.PROFILE,
    Remedy.GATEWAY: Place.GATEWAY,
}
"""Where a remedy is done that is another screen's."""
AGAIN = (Remedy.RETRY, Remedy.RECONNECT, Remedy.OTHER_FILE)
"""What each kind of trying again is called."""
THROWN_OUT = ("HUB-09", "HUB-10")
"""What ends a connection that was whole: no step to the HAN is under way."""


class Failures:
    """Failures, shown over the screen, or over the next one once a lock screen is gone.

    `view` says the state of the visit, `step` which step to the HAN is under way or failed, `go`
    opens a screen by its name.
    """

    def __init__(
        self,
        app: App[Any],
        locking: Locking,
        visit: VisitActions,
        view: Callable[[], VisitView | None],
        step: Callable[[], str],
        go: Callable[[Place], object],
    ) -> None:
        self._app = app
        self._locking = locking
        self._visit = visit
        self._view = view
        self._step = step
        self._go = go

    def show(
        self,
        error: HhtError,
        retry: Retry | None,
        retry_as: Remedy,
        elsewhere: Retry | None,
        *,
        training: bool,
        fenced: bool = False,
    ) -> None:
        """Put up the failure's form; what failed because the store is locked waits for the PIN."""
        from hht.store import StoreLocked
        from screens.forms.failure import FailureScreen

        if retry and isinstance(error, StoreLocked):
            self._locking.ask_pin(retry)
            return
        if self._locking.covered:
            self._locking.ask_pin(
                lambda: self.show(
                    error, retry, retry_as, elsewhere, training=training, fenced=fenced
                )
            )
            return
        if any(_shows(screen, error) for screen in self._app.screen_stack):
            return  # what fails again and again in the background is said once
        remedies = remedies_for(
            error.code,
            can_retry=retry is not None,
            retry_as=retry_as,
            can_go_elsewhere=elsewhere is not None,
            is_anothers=error.code.startswith("HUB") and _is_anothers(self._view(), error.where),
            training=training,
            fenced=fenced,
        )
        form = FailureScreen(error, remedies, training=training, place=self._place(error))
        self._app.push_screen(
            form, lambda chosen: self._do(chosen, retry, elsewhere, training=training)
        )

    def _place(self, error: HhtError) -> str:
        """Return how far the work is, in a sentence."""
        view = self._view()
        if view is None or view.hub is None or error.code in THROWN_OUT:
            return ""
        hub = f"…{str(view.hub)[-5:]}"
        if view.connected:
            return text("failure.on_han", hub=hub)
        steps = [str(step) for step in view.done]
        if self._step() not in steps:
            return ""
        at = steps.index(self._step()) + 1
        return text("failure.at_step", hub=hub, step=at, of=len(steps))

    def _do(
        self, chosen: str | None, retry: Retry | None, elsewhere: Retry | None, *, training: bool
    ) -> None:
        remedy = Remedy(chosen or Remedy.CLOSE)
        if remedy in AGAIN and retry:
            retry()
        elif remedy is Remedy.SWITCH_HUB and retry:
            self._switch_hub(retry, training=training)
        elif remedy is Remedy.ELSEWHERE and elsewhere:
            elsewhere()
        elif remedy is Remedy.OTHER_DATA:
            self._go(Place.LIVE if training else Place.PRACTISE)
        elif remedy in PLACES:
            self._go(PLACES[remedy])

    def _switch_hub(self, retry: Retry, *, training: bool) -> None:
        """Switch the simulated hub in training; in live work ask when it got its power."""
        if training:
            self._visit.switch_hub(then=retry)
            return
        from screens.forms.power import power_form

        def note_power(minutes: str | None) -> None:
            if minutes:
                self._visit.hub_was_switched_on(float(minutes), then=retry)

        self._app.push_screen(power_form(), note_power)


def _is_anothers(view: VisitView | None, where: str) -> bool:
    """Return whether what failed at `where` is about a hub that is not the job's."""
    if view is None or view.job_hub is None or where == str(view.job_hub):
        return False
    return view.hub not in (None, view.job_hub) or where in {str(each.gpf) for each in view.hubs}


def _shows(screen: Screen[Any], error: HhtError) -> bool:
    """Return whether it is the form of this failure, not answered yet."""
    from screens.forms.failure import FailureScreen

    return isinstance(screen, FailureScreen) and str(screen.error) == str(error)
