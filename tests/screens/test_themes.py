"""Both themes are readable in sun and in the dark: every pair of colours in use is at 7:1."""

from collections.abc import Callable

import pytest
from painted import contrast, of_256
from textual.theme import Theme

from screens.themes import load_themes

GROUNDS = ("background", "surface", "panel")
ON_ANY_GROUND = (
    *("foreground", "primary", "secondary", "success", "warning", "error", "accent"),
    *("text", "text-muted", "text-disabled", "text-primary", "text-success", "text-warning"),
    *("text-error", "text-accent", "foreground-muted", "foreground-disabled"),
    *("footer-key-foreground", "footer-description-foreground"),
)
PAIRS = (
    *((text, "cursor") for text in ON_ANY_GROUND),
    ("cursor-text", "cursor"),
    ("action-text", "action"),
    ("mode-live-text", "mode-live"),
    ("mode-training-text", "mode-training"),
    ("mode-facility-text", "mode-facility"),
    ("block-cursor-foreground", "block-cursor-background"),
    ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
    ("input-selection-foreground", "input-selection-background"),
)


def pairs_in_use() -> list[tuple[str, str]]:
    """Every pair of text and ground that the screens draw."""
    return [(text, ground) for text in ON_ANY_GROUND for ground in GROUNDS] + list(PAIRS)


def in_use() -> set[str]:
    """The names of all those colours."""
    return {name for pair in pairs_in_use() for name in pair}


def colours_in_use(theme: Theme) -> dict[str, str]:
    """Resolve the theme as the app does: what Textual mixes, then the theme's own variables."""
    return theme.to_color_system().generate() | theme.variables


@pytest.mark.parametrize("shown", [str, of_256], ids=["true colour", "256 colours"])
@pytest.mark.parametrize("theme", load_themes(), ids=lambda theme: theme.name)
def test_every_text_colour_is_at_least_7_to_1_on_every_ground(
    theme: Theme, shown: Callable[[str], str]
) -> None:
    colours = {name: shown(colours_in_use(theme)[name]) for name in in_use()}
    faint = {
        f"{text} on {ground}": round(ratio, 1)
        for text, ground in pairs_in_use()
        if (ratio := contrast(colours[text], colours[ground])) < 7
    }
    assert not faint


@pytest.mark.parametrize("theme", load_themes(), ids=lambda theme: theme.name)
def test_no_two_modes_share_a_colour(theme: Theme) -> None:
    colours = colours_in_use(theme)
    modes = {of_256(colours[f"mode-{mode}"]) for mode in ("live", "training", "facility")}
    assert len(modes | {of_256(colours["background"])}) == 4


def test_the_contrast_measure_knows_black_on_white() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
