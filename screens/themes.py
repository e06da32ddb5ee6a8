"""The two themes, for sun and for night, read from assets/themes."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from textual.app import App
from textual.theme import Theme

from screens.remembered import Remembered

NAMES = ("hht-night", "hht-sun")
REMEMBERED = "theme"  # a one-line file in the data folder

# Textual's own names for colours it would otherwise mix, and mix below 7:1.
_STANDS_FOR = {
    "text-primary": "primary",
    "text-secondary": "secondary",
    "text-success": "success",
    "text-warning": "warning",
    "text-error": "error",
    "text-accent": "accent",
    "foreground-muted": "text-muted",
    "foreground-disabled": "text-disabled",
    "border-blurred": "track",
    "block-cursor-background": "cursor",
    "block-cursor-foreground": "cursor-text",
    "block-cursor-blurred-background": "panel",
    "block-hover-background": "panel",
    "block-cursor-blurred-foreground": "foreground",
    "footer-background": "panel",
    "footer-foreground": "foreground",
    "footer-key-foreground": "accent",
    "footer-description-foreground": "foreground",
    "input-selection-background": "cursor",
    "input-selection-foreground": "cursor-text",
    "scrollbar": "primary",
    "scrollbar-background": "panel",
}


def load_themes() -> list[Theme]:
    """Read both themes; the first is the one to start with."""
    folder = files("assets") / "themes"
    return [_theme(tomllib.loads((folder / f"{name}.toml").read_text())) for name in NAMES]


def put_on(app: App[Any], name: str) -> None:
    """Give an app both themes, and put on one of them."""
    for theme in load_themes():
        app.register_theme(theme)
    app.theme = name


def change(app: App[Any]) -> str:
    """Change between sun and night; the name of the one that is now on."""
    app.theme = NAMES[1 - NAMES.index(app.theme)]
    return app.theme


def remembered(data_dir: Path) -> str:
    """Return the theme this handheld was last used with; the night one at first."""
    return Remembered(data_dir, REMEMBERED, NAMES).value


def remember(data_dir: Path, name: str) -> None:
    """Start with this theme from now on."""
    Remembered(data_dir, REMEMBERED, NAMES).keep(name)


def _theme(data: dict[str, Any]) -> Theme:
    """Make Textual's Theme of one file: its colours, its variables and what stands for them."""
    colours: dict[str, str] = data["colours"]
    variables: dict[str, str] = data["variables"]
    named = colours | variables
    stand_ins = {name: named[source] for name, source in _STANDS_FOR.items()}
    return Theme(
        name=data["name"],
        dark=data["dark"],
        variables=stand_ins | variables,
        primary=colours["primary"],
        secondary=colours["secondary"],
        success=colours["success"],
        warning=colours["warning"],
        error=colours["error"],
        accent=colours["accent"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
    )
