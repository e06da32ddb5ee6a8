"""Every screen and form there is, whichever module it is in."""

import importlib
import pkgutil

from textual.screen import Screen

import screens


def all_screens() -> set[type]:
    """Every class of ours that can be on show."""
    for module in pkgutil.walk_packages(screens.__path__, "screens."):
        importlib.import_module(module.name)
    return {each for each in _every(Screen) if each.__module__.startswith("screens.")}


def _every(kind: type) -> set[type]:
    children: list[type] = kind.__subclasses__()
    return {kind}.union(*map(_every, children))
