"""What a trainee may ask for in practice and not in a check: a hint at a price, a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from textual.content import Content

from hht.errors import HhtError
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.shell import Place

if TYPE_CHECKING:
    from hht.training.exercise.hints import Hints
    from screens.practise.mode_switch import ModeSwitch
    from screens.service.visit_service import VisitService
    from screens.visit.radio_work import Work

TAKE = "take"
STEP = "step:"


class Surroundings(Protocol):
    """The app, as far as this needs it."""

    service: VisitService
    mode_switch: ModeSwitch
    work: Work | None

    def ask(self, form: Any, answered: Callable[[Any], None]) -> None:
        """Put up a form."""

    def show_failure(self, error: HhtError) -> None:
        """Say what failed."""

    def notify(self, message: str, *, severity: str = "information") -> None:
        """Say something in the line of notices; bad news stays until a key is pressed."""

    def run_worker(self, work: Any, *, group: str, exclusive: bool = False) -> Any:
        """Run a coroutine beside the screens."""


class PracticeAids:
    """Help that is asked about first: a hint costs points, and going back leaves what was done."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app

    def places(self) -> Mapping[Place, Callable[[], object]]:
        """Return both, each by its name."""
        return {Place.HINT: self.hint, Place.EARLIER: self.go_back}

    def hint(self) -> None:
        """Offer the next hint with its price."""
        self._app.run_worker(self._offer_hint(), group="aid", exclusive=True)

    def go_back(self) -> None:
        """Offer the earlier steps."""
        if self._app.work:
            self._app.notify(text("aid.busy"), severity="warning")
            return
        self._app.run_worker(self._offer_steps(), group="aid", exclusive=True)

    async def _offer_hint(self) -> None:
        try:
            hints = await self._app.service.exercise.hints()
        except HhtError as error:
            self._app.show_failure(error)
            return
        if hints:
            self._app.ask(hint_form(hints), self._hint_chosen)

    def _hint_chosen(self, chosen: str | None) -> None:
        if chosen == TAKE:
            self._app.run_worker(self._give_hint(), group="aid", exclusive=True)

    async def _give_hint(self) -> None:
        try:
            words = await self._app.service.exercise.take_hint()
        except HhtError as error:
            self._app.show_failure(error)
            return
        form = FormScreen(text("aid.hint"), words, [Choice("", text("aid.go_on"))])
        self._app.ask(form, lambda _: None)

    async def _offer_steps(self) -> None:
        try:
            steps = await self._app.service.exercise.ways_back()
        except HhtError as error:
            self._app.show_failure(error)
            return
        if steps:
            self._app.ask(way_back_form(steps), self._step_chosen)

    def _step_chosen(self, chosen: str | None) -> None:
        if chosen and chosen.startswith(STEP):
            self._app.mode_switch.begin_earlier(chosen.removeprefix(STEP))


def hint_form(hints: Hints) -> FormScreen:
    """Return the question whether a hint is worth its price, with those that were paid for."""
    given = [Content(f"• {each}") for each in hints.given]
    go_on = Choice("", text("aid.go_on"))
    if not hints.left:
        body = Content("\n").join([*given, Content(text("aid.no_more"))])
        return FormScreen(text("aid.hints"), body, [go_on])
    body = Content("\n").join([*given, Content(text("aid.left", count=hints.left))])
    choices = [go_on, Choice(TAKE, text("aid.take", count=hints.price))]
    return FormScreen(text("aid.price", count=hints.price), body, choices, tone="doubt")


def way_back_form(steps: tuple[str, ...]) -> FormScreen:
    """Return the question from which earlier step the exercise is to go on."""
    choices = [Choice("", text("aid.stay"))]
    choices += [Choice(STEP + step, _step_words(step)) for step in steps]
    return FormScreen(text("aid.back"), text("aid.back_body"), choices, tone="doubt")


def _step_words(step: str) -> str:
    if step.isdigit():
        return text("aid.delivered", count=int(step))
    return text("aid.connected" if step else "aid.beginning")
