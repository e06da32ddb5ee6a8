"""What a handheld is set up with from inside the app: a job pack, a dongle; and its check-up."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hht.errors import HhtError
from screens.catalogue import has_text, text
from screens.forms.remedies import in_the_app
from screens.set_up.sticks import sticks_for

if TYPE_CHECKING:
    from hht.radio.checking.point import Point
    from hht.store.doctor import Finding
    from screens.set_up.surroundings import Surroundings

PACKS = ("*.zip", "*.xml", "*.hex", "*/job.toml")
MOST_PACKS = 6  # as many choices as the smallest screen shows at once
OTHER = "other"


class SetUp:
    """Each asks in a form, does the work beside the screens, and says what came of it."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app

    def ask_for_pack(self) -> None:
        """Ask for a job pack: those on a USB stick are choices."""
        from screens.forms.form import Choice, FormScreen

        found = packs_on(sticks_for(self._app.context))
        packs = [Choice(str(pack), pack.name, str(pack.parent)) for pack in found]
        choices = [*packs, Choice(OTHER, text("import.other"))]
        form = FormScreen(text("import.title"), text("import.body"), choices)
        self._app.call_next(self._app.ask, form, self._import)  # the menu is gone then

    def _import(self, chosen: str | None) -> None:
        from screens.forms.path import PathScreen

        if chosen == OTHER:
            self._app.ask(PathScreen(text("import.which")), self._import_path)
        elif chosen:
            self._import_path(Path(chosen))

    def _import_path(self, path: Path | None) -> None:
        if path:
            self._app.run_worker(self._take_in(path), group="import")

    async def _take_in(self, path: Path) -> None:
        try:
            reference, count = await self._app.service.queries.import_pack(path)
        except HhtError as error:
            self._app.show_failure(error)
        else:
            self._app.notify(text("import.done", job=reference, count=count))
            self._app.navigation.read_jobs()

    def ask_for_dongle(self) -> None:
        """Ask which dongle to use: the serial ports are choices."""
        self._app.run_worker(self._ask_for_dongle(), group="dongle")

    async def _ask_for_dongle(self) -> None:
        from screens.forms.form import Choice, FormScreen

        context = self._app.context
        ports = await asyncio.to_thread(_ports)
        choices = [Choice(path, words) for path, words in ports]
        known = context.radio_url or text("dongle.none")
        body = text("dongle.body", known=known) if ports else text("dongle.no_ports", known=known)
        form = FormScreen(
            text("dongle.title"),
            body,
            [*choices, Choice(OTHER, text("dongle.other")), Choice("", text("dongle.keep"))],
        )
        self._app.ask(form, self._chose_dongle)

    def _chose_dongle(self, chosen: str | None) -> None:
        from screens.forms.typed import TypedScreen

        if chosen == OTHER:
            form = TypedScreen(text("dongle.which"), "", text("dongle.placeholder"), _fault)
            self._app.ask(form, self._use_dongle)
        else:
            self._use_dongle(chosen)

    def _use_dongle(self, address: str | None) -> None:
        context = self._app.context
        if address and context.choose_radio:
            context.choose_radio(address)
            context.radio_url, context.radio_answers = address, None
            self._app.notify(text("dongle.chosen", address=address))
            self._app.navigation.read_jobs()

    def check_up(self) -> None:
        """Look whether folder, database and dongle are in order."""
        self._app.run_worker(self._check_up(), group="check-up")

    async def _check_up(self) -> None:
        from textual.content import Content

        from screens.forms.form import Choice, FormScreen

        findings = await self._app.service.queries.check_up(self._app.context.data_dir)
        body = Content("\n").join(map(finding_line, findings))
        form = FormScreen(text("check_up.title"), body, [Choice("", text("form.close"))])
        self._app.ask(form, lambda _: None)

    def about(self) -> None:
        """Say what this is."""
        from hht import __version__
        from screens.forms.form import Choice, FormScreen

        body = text("about.body", version=__version__, folder=self._app.context.data_dir)
        form = FormScreen(text("about.title"), body, [Choice("", text("form.close"))])
        self._app.ask(form, lambda _: None)


def packs_on(sticks: list[Path]) -> list[Path]:
    """List job packs in the top folder of each USB stick, the newest first."""
    found = [
        path.parent if path.name == "job.toml" else path
        for stick in sticks
        for pattern in PACKS
        for path in stick.glob(pattern)
    ]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[:MOST_PACKS]


def _ports() -> list[tuple[str, str]]:
    """Return the serial ports, the likely dongles first, each with a line for a person."""
    from hht.radio.ports import list_ports

    return [(port.path, str(port)) for port in list_ports()]


def _fault(address: str) -> str:
    """Say what is wrong with a dongle's address and what to write; nothing where it is one."""
    from hht.radio.errors import AddressUnfit
    from hht.radio.opening.address import parse_address

    try:
        parse_address(address)
    except AddressUnfit as error:
        return f"{error.what}. {error.remedy}"
    return ""


def finding_line(finding: Finding | Point) -> Any:
    """Draw what was looked at, whether it holds, and what to do where it does not."""
    from textual.content import Content

    marks = {True: ("✓", "$success"), False: ("✗", "$error"), None: ("–", "$text-muted")}
    sign, style = marks[finding.holds]
    key = f"check_up.remedy_{finding.check.replace(' ', '_')}"
    remedy = "" if finding.holds else in_the_app(finding.remedy, key)
    words = f"{_name(finding)}: {finding.found}"
    return Content.assemble((f"{sign} ", f"bold {style}"), words, f". {remedy}" if remedy else "")


def _name(finding: Finding | Point) -> str:
    """Return what was looked at, as an engineer calls it."""
    key = f"check_up.name_{finding.check.replace(' ', '_')}"
    return text(key) if has_text(key) else finding.check.capitalize()
