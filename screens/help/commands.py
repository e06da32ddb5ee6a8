"""What can be done on a screen, in the engineer's verbs: one list for the palette and for F1."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.app import App, SystemCommand
from textual.binding import ActiveBinding, Binding
from textual.screen import Screen

from hht.texts import has_text, text
from screens.shell import Place

BETWEEN = ": "
"""Between a command's group and its verb, in every language."""

WITH_KEY = {Place.INSPECTOR: "inspect"}
"""What a place's key is called where it is not called as the place."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do: its keys, `Group: Verb`, a sentence, and the action that does it."""

    keys: tuple[str, ...]
    title: str
    words: str
    action: str
    node: Any

    @property
    def group(self) -> str:
        """What it belongs to, such as `Deliver`."""
        return self.title.partition(BETWEEN)[0]

    @property
    def verb(self) -> str:
        """What it does."""
        return self.title.partition(BETWEEN)[2]


def commands_of(
    bindings: Iterable[ActiveBinding], key_name: Callable[[Binding], str]
) -> list[Command]:
    """Return each thing that can be done now, once, by groups; no widget's plumbing.

    The groups come in the order of the bindings, so the screen's own are first; what is the app's
    everywhere is last.
    """
    found: dict[str, Command] = {}
    for active in bindings:
        name, action = active.binding.description, active.binding.action
        if not has_text(f"command.{name}") or not active.enabled:
            continue  # a widget's own, such as moving the focus
        before = found.get(name)
        keys = (*(before.keys if before else ()), key_name(active.binding))
        title, words = text(f"command.{name}"), text(f"command_help.{name}")
        found[name] = Command(keys, title, words, action, active.node)
    return [each for group in by_group(found.values()).values() for each in group]


def by_group(commands: Iterable[Command]) -> dict[str, list[Command]]:
    """Sort commands under their groups, in the order given; the app's own group is last."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(command.group, []).append(command)
    everywhere = _group_of("command.help")
    if everywhere in groups:
        groups[everywhere] = groups.pop(everywhere)
    return groups


def system_commands(app: App[Any], screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Return what the palette offers of a screen's keys, each with a sentence."""
    for command in commands_of(screen.active_bindings.values(), app.get_key_display):
        yield SystemCommand(command.title, command.words, _runner(app, command))


def more_commands(
    screen: Screen[Any], places: Iterable[Place], go: Callable[[Place], object]
) -> Iterator[SystemCommand]:
    """Return what is behind M, but for what has a key on the screen."""
    with_key = {each.binding.description for each in screen.active_bindings.values()}
    for place in places:
        if WITH_KEY.get(place, place) not in with_key:
            title = text("more.title") + BETWEEN + text(f"more.{place}")
            yield SystemCommand(title, text(f"more.{place}_detail"), partial(go, place))


def _group_of(name: str) -> str:
    return text(name).partition(BETWEEN)[0]


def _runner(app: App[Any], command: Command) -> Callable[[], Coroutine[Any, Any, None]]:
    """Make the palette's callback, which does nothing once the screen it is for has closed."""

    async def run() -> None:
        node = command.node
        if node is app or (node.is_attached and node.screen in app.screen_stack):
            await app.run_action(command.action, node)

    return run
