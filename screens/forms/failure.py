"""The failure form: what happened, what it means, and remedies that are done by choosing them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from hht.errors import HhtError, sentence
from hht.texts import text
from screens.forms.form import Choice, FormScreen
from screens.forms.remedies import TECHNICAL, Remedy, in_the_app


class FailureScreen(FormScreen):
    """A form that stays until it is answered; gives back a Remedy."""

    HELP = "failure"
    COMES_UNASKED = True
    """A key that chooses something is not for it before it can have been read."""

    def __init__(
        self,
        error: HhtError,
        remedies: Sequence[Remedy],
        *,
        training: bool = False,
        place: str = "",
    ) -> None:
        """Take the error; `place` says in a sentence how far the work is."""
        self.error = error
        code = error.code
        super().__init__(
            f"✗ {title_of(code)}",
            _body(error, place),
            [
                Choice(
                    remedy,
                    _words(remedy, training=training),
                    aside=text("form.copies") if remedy is Remedy.DETAILS else "",
                    about=f"remedy_{remedy}",
                )
                for remedy in remedies
            ],
            escape=Remedy.CLOSE,
            tone="failure",
            code=code,
            copy=f"{code}: {error}",
        )

    def scanned(self, label: str) -> None:
        """Close, and leave the label to the screen behind: the right one follows a wrong one."""
        if self.app.screen is not self or hasattr(self.app.screen_stack[-2], "scanned"):
            self.answer(self.escape)
            self.app.call_next(self.shell.scan, label)

    def answer(self, value: str) -> None:
        """Give the remedy back; details are shown here."""
        if value == Remedy.DETAILS:
            self.query_one("#body", Static).update(self.body + _details(self.error))
        else:
            super().answer(value)


def title_of(code: str) -> str:
    """Return what happened, in a few words."""
    return text(f"failure_title.{code}")


def _words(remedy: Remedy, *, training: bool) -> str:
    if remedy is Remedy.SWITCH_HUB and training:
        return text("remedy.switch_simulated_hub")
    if remedy is Remedy.OTHER_DATA and training:
        return text("remedy.live_data")
    return text(f"remedy.{remedy}")


def _body(error: HhtError, place: str) -> Content:
    """Return how far the work is, what the error says unless the stack speaks, and what it means.

    Of a file or folder its whole path is said: a slip in what was typed is found there.
    """
    is_technical = error.code.startswith(TECHNICAL)
    own_words = "" if is_technical else f"{sentence(error.what).rstrip('.')}."
    path = error.where if error.where.startswith("/") and not is_technical else ""
    remedy = "" if is_technical else remedy_of(error)
    meaning = text(f"failure_meaning.{error.code}")
    lines = place, own_words, path, meaning, remedy
    return Content("\n").join([words for words in lines if words])


def remedy_of(error: HhtError) -> str:
    """Return what to do about it in the app."""
    return in_the_app(error.remedy, f"failure_remedy.{error.code}")


def _details(error: HhtError) -> Content:
    """Return what the help desk asks for, in the stack's own words."""
    lines = error.said, error.where, error.remedy
    said = "\n".join(filter(None, lines))
    return Content.assemble("\n\n", (text("form.details"), "bold"), f"\n{said}")
