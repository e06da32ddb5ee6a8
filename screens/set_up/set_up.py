"""What a handheld is set up with from inside the app: a job pack; and its check-up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hht.errors import HhtError
from hht.texts import has_text, text
from screens.forms.remedies import Remedy, in_the_app
from screens.set_up.sticks import matching, sticks_for

if TYPE_CHECKING:
    from hht.radio.checking.point import Point
    from hht.store.doctor import Finding
    from screens.set_up.surroundings import Surroundings

LOOSE = (".xml", ".hex")  # single Local Commands
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
            self._app.show_failure(error, self.ask_for_pack, Remedy.OTHER_FILE)
        else:
            self._app.notify(text("import.done", job=reference, count=count))
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
    found = [pack for stick in sticks for pack in _packs_in(stick)]
    return sorted(found, key=_written_at, reverse=True)[:MOST_PACKS]


def _packs_in(stick: Path) -> set[Path]:
    """Return its ZIPs, and folders with a description; Commands where they are no pack's."""
    from hht.duis.pack_names import JOB_FILES, is_left_behind

    places = (f"{where}{name}" for where in ("", "*/") for name in JOB_FILES)
    packs = {path.parent for place in places for path in matching(stick, place)}
    kinds = (".zip",) if stick in packs else (".zip", *LOOSE)
    files = (path for path in matching(stick, "*") if not is_left_behind(path.name))
    return packs | {path for path in files if path.suffix.lower() in kinds}


def _written_at(path: Path) -> float:
    """Return when a file was written (seconds since 1970); 0 of what is not there any more."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


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
