"""The question when the hub got its power: its inter-PAN window began there."""

from __future__ import annotations

from hht.texts import text
from screens.forms.form import Choice, FormScreen

MINUTES = (0, 5, 10, 20, 40)
"""Answers in minutes, as exact as anybody remembers."""


def power_form() -> FormScreen:
    """Ask; gives back minutes as text, empty where they are not known."""
    choices = [Choice(str(each), text("power.ago", count=each)) for each in MINUTES]
    choices[0] = Choice("0", text("power.now"))
    return FormScreen(
        text("power.title"), text("power.body"), [*choices, Choice("", text("power.unknown"))]
    )
