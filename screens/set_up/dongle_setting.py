"""Says in forms which dongle is used: a serial port, or an address that is typed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.forms.typed import TypedScreen

if TYPE_CHECKING:
    from hht.radio.ports import Port
    from screens.set_up.surroundings import Surroundings

KEEP, OTHER = "", "other"


class DongleSetting:
    """The dongle's forms; the one in use is under the cursor, and is kept by choosing it."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app

    def ask(self) -> None:
        """Ask which dongle to use: the serial ports are choices."""
        self._app.run_worker(self._ask(), group="dongle")

    async def _ask(self) -> None:
        from hht.radio.ports import list_ports

        in_use = self._app.context.radio_url
        ports = await asyncio.to_thread(list_ports)
        known = in_use or text("dongle.none")
        body = text("dongle.body", known=known) if ports else text("dongle.no_ports", known=known)
        form = FormScreen(text("dongle.title"), body, dongle_choices(ports, in_use))
        self._app.ask(form, self._chosen)

    def _chosen(self, chosen: str | None) -> None:
        if chosen == OTHER:
            form = TypedScreen(text("dongle.which"), "", text("dongle.placeholder"), _fault)
            self._app.ask(form, self._use)
        else:
            self._use(chosen)

    def _use(self, address: str | None) -> None:
        context = self._app.context
        if address and context.choose_radio:
            context.choose_radio(address)
            context.radio_url, context.radio_answers = address, None
            self._app.notify(text("dongle.chosen", address=address))
            self._app.navigation.read_jobs()


def dongle_choices(ports: Sequence[Port], in_use: str | None) -> list[Choice]:
    """Return the one in use first, then what else is plugged in; where none is, those alone."""
    path = (in_use or "").partition("?")[0]
    others = [Choice(port.path, str(port)) for port in ports if port.path != path]
    other = Choice(OTHER, text("dongle.other"))
    if not in_use:
        return [*others, other, Choice(KEEP, text("dongle.keep"))]
    words = next((str(port) for port in ports if port.path == in_use), in_use)
    return [Choice(KEEP, words, text("dongle.in_use")), *others, other]


def _fault(address: str) -> str:
    """Say what is wrong with a dongle's address and what to write; nothing where it is one."""
    from hht.radio.errors import AddressUnfit
    from hht.radio.opening.address import parse_address

    try:
        parse_address(address)
    except AddressUnfit as error:
        return f"{error.what}. {error.remedy}"
    return ""
