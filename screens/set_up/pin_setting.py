"""Sets the PIN that protects the data at rest, or another one, in forms."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from hht.errors import HhtError
from hht.store.errors import WrongPin
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.forms.typed import TypedScreen
from screens.lock.screen import PinField

if TYPE_CHECKING:
    from pathlib import Path

    from screens.set_up.surroundings import Surroundings

SET, CHANGE, LOCK, LEAVE = "set", "change", "lock", ""

Done = tuple[str, str]
"""A recovery code, empty without a TPM, and what is to be said of the TPM."""


class PinScreen(TypedScreen):
    """A question for a PIN: nothing of it is shown, copied, or taken off at its ends."""

    HELP = "pin"

    def field(self) -> PinField:
        """Make a field that shows how much is in it."""
        return PinField(password=True)

    def cleaned(self, typed: str) -> str:
        """Leave it as it is: the lock screen does too."""
        return typed

    def refused(self) -> None:
        """Empty the field: what cannot be seen cannot be put right."""
        self.query_one(PinField).clear()


class PinSetting:
    """The PIN's forms; each secret is dropped as soon as the store has it."""

    def __init__(self, app: Surroundings, data_dir: Path) -> None:
        self._app = app
        self._data_dir = data_dir

    def ask(self) -> None:
        """Ask what is to become of the PIN."""
        self._app.run_worker(self._ask(), group="pin")

    async def _ask(self) -> None:
        try:
            is_set = await self._app.service.queries.is_protected()
        except HhtError as error:
            self._app.show_failure(error)
            return
        offered = (LEAVE, LOCK, CHANGE) if is_set else (LEAVE, SET)
        state = "set" if is_set else "none"
        choices = [Choice(each, text(f"pin.{each or f'leave_{state}'}")) for each in offered]
        form = FormScreen(text(f"pin.title_{state}"), text(f"pin.body_{state}"), choices)
        self._app.ask(form, self._chosen)

    def _chosen(self, choice: str | None) -> None:
        if choice == LOCK:
            self._app.locking.lock_now()
        elif choice == SET:
            self._ask_new(lambda new: self._app.service.queries.set_pin(new, self._data_dir))
        elif choice == CHANGE:
            self._app.ask(PinScreen(text("pin.old")), self._know_old)

    def _know_old(self, old: str | None) -> None:
        if old:
            self._ask_new(partial(self._app.service.queries.change_pin, old))

    def _ask_new(self, keep: Callable[[str], Coroutine[Any, Any, Done]]) -> None:
        """Have the new one typed twice."""

        def again(new: str | None) -> None:
            if new:
                check = lambda typed: "" if typed == new else text("pin.differs")  # noqa: E731
                form = PinScreen(text("pin.once_more"), check=check)
                self._app.ask(form, lambda same: self._keep(keep(new)) if same else None)

        self._app.ask(PinScreen(text("pin.new"), check=_weakness), again)

    def _keep(self, keeping: Coroutine[Any, Any, Done]) -> None:
        self._app.run_worker(self._kept(keeping), group="pin")

    async def _kept(self, keeping: Coroutine[Any, Any, Done]) -> None:
        try:
            code, said = await keeping
        except HhtError as error:
            self._app.show_failure(error)
            return
        lines = filter(None, (text("pin.kept"), said, text("pin.code", code=code) if code else ""))
        form = FormScreen(
            text("pin.done"),
            "\n\n".join(lines),
            [Choice("", text("form.close"))],
            copy=text("pin.kept"),
        )
        self._app.ask(form, lambda _: None)


def _weakness(pin: str) -> str:
    """Say why it is not fit to be a PIN, and what to choose instead; nothing where it is."""
    from hht.store.secrets.pin_strength import check_pin

    try:
        check_pin(pin)
    except WrongPin as error:
        return str(error)
    return ""
