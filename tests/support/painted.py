"""What a screen has painted: each run of characters with its two colours, and their contrast."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual._context import visible_screen_stack
from textual.app import App
from textual.color import Color
from textual.strip import Strip


@dataclass(frozen=True)
class Painted:
    """A run of characters in one pair of colours."""

    text: str
    colour: str
    ground: str

    @property
    def least_ratio(self) -> float:
        """Their contrast, in true colour or on a terminal of 256 colours, whichever is less."""
        of_256_colours = contrast(of_256(self.colour), of_256(self.ground))
        return min(contrast(self.colour, self.ground), of_256_colours)


def strips_of(app: App[Any]) -> list[Strip]:
    """What is painted, line by line; Textual has no public way to read it."""
    return app.screen._compositor.render_strips()


def show_behind(app: App[Any]) -> None:
    """Let what is behind a panel be painted too, as it is on a terminal."""
    visible_screen_stack.set(app._background_screens)


def farewell_of(app: App[Any]) -> str:
    """What the app has printed after its screen was gone."""
    return "".join(str(line) for line in app._exit_renderables)


def painted_by(app: App[Any]) -> Iterator[Painted]:
    """Everything on show that is not blank."""
    for strip in strips_of(app):
        for segment in strip:
            style = segment.style
            if segment.text.strip() and style and style.color and style.bgcolor:
                pair = (style.color.get_truecolor().hex, style.bgcolor.get_truecolor().hex)
                yield Painted(segment.text, *(reversed(pair) if style.reverse else pair))


def contrast(one: str, other: str) -> float:
    """Work out the WCAG 2 contrast ratio of two colours."""
    dark, light = sorted(luminance(Color.parse(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Color) -> float:
    """Work out the WCAG 2 relative luminance."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part / 255) for part in colour.rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def of_256(colour: str) -> str:
    """What a terminal of 256 colours shows in its place."""
    shown = RichColor.from_rgb(*Color.parse(colour).rgb).downgrade(ColorSystem.EIGHT_BIT)
    return shown.get_truecolor().hex
