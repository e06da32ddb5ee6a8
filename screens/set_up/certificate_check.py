"""Checks a certificate of training that somebody shows, and says in a form what it is worth."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.texts import text
from screens.forms.remedies import Remedy

if TYPE_CHECKING:
    from hht.training.classroom.certificate import Verdict
    from screens.set_up.surroundings import Surroundings


class CertificateCheck:
    """Says whether a certificate is as it was signed; by whom is to be compared by a person."""

    def __init__(self, app: Surroundings) -> None:
        self._app = app

    def ask(self) -> None:
        """Ask for the file."""
        from screens.forms.path import PathScreen

        self._app.call_next(self._app.ask, PathScreen(text("certificate.which")), self._if)

    def _if(self, path: Path | None) -> None:
        if path:
            self._app.run_worker(self._check(path), group="certificate")

    async def _check(self, path: Path) -> None:
        from hht.training.classroom.certificate import verify_certificate
        from screens.forms.form import Choice, FormScreen

        try:
            verdict = await asyncio.to_thread(verify_certificate, path, None)
        except HhtError as error:
            self._app.show_failure(error, self.ask, Remedy.OTHER_FILE)
            return
        title = text("certificate.unchanged" if verdict.signer else "certificate.changed")
        choices = [Choice("", text("form.close"))]
        words, signer = verdict_words(verdict), verdict.signer or ""
        self._app.ask(FormScreen(title, words, choices, copy=signer), lambda _: None)


def verdict_words(verdict: Verdict) -> str:
    """Say whose certificate it is and by which key, or that it is worth nothing."""
    if verdict.signer is None:
        return text("certificate.changed_body")
    trainee, curriculum, made = (
        str(verdict.content.get(name) or "-")[:60] for name in ("trainee", "curriculum", "made")
    )
    about = {"trainee": trainee, "curriculum": curriculum, "made": _day(made)}
    return text("certificate.body", signer=verdict.signer, **about)


def _day(made: str) -> str:
    """Return the day of a time as it is kept; what is no time as it is: anybody can write one."""
    try:
        return f"{datetime.fromisoformat(made).astimezone():%d/%m/%Y}"
    except (ValueError, OverflowError):
        return made
