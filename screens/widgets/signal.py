"""How well a radio is heard: bars for a glance, numbers for the report."""

from textual.content import Content

BARS = "▂▄▆█"
FULL_LQI = 255

# dBm at which each further bar is earned; a 2.4 GHz ZigBee radio stops hearing near -100.
STEPS_DBM = (-90, -80, -70, -60)
WORDS = ("very weak", "weak", "fair", "good", "strong")
STYLES = ("$error", "$warning", "$warning", "$success", "$success")


def strength(rssi: int) -> int:
    """How many of the four bars a signal of `rssi` dBm fills, 0 to 4."""
    return sum(rssi >= step for step in STEPS_DBM)


def signal_bars(rssi: int) -> Content:
    """Four bars: filled ones in the colour of their meaning, the rest as a track."""
    filled = strength(rssi)
    return Content.assemble((BARS[:filled], STYLES[filled]), ("▁" * (4 - filled), "$text-muted"))


def signal_text(rssi: int, lqi: int) -> Content:
    """Bars, word and numbers: `▂▄▆█ strong -52 dBm LQI 212`."""
    word = WORDS[strength(rssi)]
    return Content.assemble(
        signal_bars(rssi), " ", (word, STYLES[strength(rssi)]), f" {rssi} dBm LQI {lqi}"
    )
