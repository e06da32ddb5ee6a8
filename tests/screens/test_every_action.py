"""Every action of every screen has a key that F1 and the palette say, or is the action bar's."""

import ast
from pathlib import Path

import pytest
from every_screen import all_screens
from textual.binding import Binding

from screens.app import HhtApp

ROOT = Path(__file__).parents[2] / "screens"
GENERAL = {"main", "choose", "back", "scroll_text"}
"""Enter, Esc and the pages of a form: F1 has them under what holds everywhere."""
OTHER_APPS = ("screens.class_board", "screens.facility")
"""Screens whose keys are all written on them."""
SCREENS = sorted(
    (each for each in all_screens() if not each.__module__.startswith(OTHER_APPS)),
    key=lambda each: each.__name__,
)


def bindings_of(screen: type) -> list[Binding]:
    """Its keys, and the app's."""
    owners = [each for each in (*screen.__mro__, HhtApp) if each.__module__.startswith("screens.")]
    return [
        binding
        for owner in owners
        for binding in Binding.make_bindings(vars(owner).get("BINDINGS", ()))
    ]


def action_of(binding: Binding) -> str:
    """The name of what a key does: `part` for `screen.part(1)`."""
    return binding.action.partition("(")[0].rpartition(".")[2]


def actions_of(screen: type) -> set[str]:
    """What it can do, by the names of its methods."""
    return {
        name.removeprefix("action_")
        for owner in screen.__mro__
        if owner.__module__.startswith("screens.")
        for name in vars(owner)
        if name.startswith("action_")
    } - GENERAL


def offered() -> set[str]:
    """Words in the code of modules that fill an action bar, among them each action it offers."""
    texts = (path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))
    return {
        str(node.value).partition("(")[0]  # `ask('lights')`
        for source in texts
        if "Offer(" in source
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
    }


OFFERED = offered()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
def test_every_action_is_done_by_a_key_that_is_said_or_by_the_action_bar(screen: type) -> None:
    said = {action_of(binding) for binding in bindings_of(screen) if binding.description}
    unsaid = actions_of(screen) - said - OFFERED
    assert not unsaid
