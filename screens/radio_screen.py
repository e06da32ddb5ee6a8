"""What the two screens at the radio share: one piece of work at a time, shown and cancellable."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from textual import work
from textual.worker import Worker

from hht.errors import HhtError
from screens.base import HhtScreen

RADIO = "radio"
Work = Callable[[], Coroutine[Any, Any, object]]


class RadioScreen(HhtScreen):
    """Runs the radio's work as a worker that posts what happens and never holds up the screen."""

    def offer(self) -> None:
        """Put what can be done now on the big button; called whenever that may have changed."""
        raise NotImplementedError

    @property
    def busy(self) -> bool:
        """Say whether the radio is at work for this screen."""
        return any(
            worker.node is self and worker.group == RADIO and not worker.is_finished
            for worker in self.workers
        )

    @work(exclusive=True, group=RADIO)
    async def at_work(self, make: Work, then: Callable[[], object] | None = None) -> None:
        """Do it; on success go on with `then`, on failure say so and offer to do it again."""
        try:
            await make()
        except HhtError as error:
            self.shell.show_failure(error, retry=lambda: self.at_work(make, then))
        else:
            if then:
                then()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Work began or ended: other things can be done."""
        self.offer()
        self.refresh_bindings()

    def action_cancel(self) -> None:
        """Stop what the radio is doing."""
        self.workers.cancel_node(self)
