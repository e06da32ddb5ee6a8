"""What can be done on a screen, in the engineer's verbs: one list for the palette and for F1."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from textual.binding import ActiveBinding, Binding

from screens.catalogue import has_text, text


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do: its keys, `Group: Verb`, a sentence, and the action that does it."""

    keys: tuple[str, ...]
    title: str
    words: str
    action: str
    node: Any


def commands_of(
    bindings: Iterable[ActiveBinding], key_name: Callable[[Binding], str]
) -> list[Command]:
    """Each thing that can be done now, once, in the order of the bindings; no widget's plumbing."""
    found: dict[str, Command] = {}
    for active in bindings:
        name, action = active.binding.description, active.binding.action
        if not has_text(f"command.{name}") or not active.enabled:
            continue  # a widget's own, such as moving the focus
        before = found.get(name)
        keys = (*(before.keys if before else ()), key_name(active.binding))
        title, words = text(f"command.{name}"), text(f"command_help.{name}")
        found[name] = Command(keys, title, words, action, active.node)
    return list(found.values())
