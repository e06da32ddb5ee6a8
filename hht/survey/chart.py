"""The chart of a survey: 16 channels in exactly 53 columns, and the same as SVG.

A bar is a channel's noise, a dashed line above it the worst value; below are the hub's channel, the
channels of the building's plan, and how many other networks there are.
"""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from xml.sax.saxutils import escape

from hht.spans import counted
from hht.survey.figures import ChannelFigures
from hht.survey.survey_file import CHANNELS
from hht.texts import text

WIDTH = 53
"""Columns: 5 for the axis and 3 for each channel; a hand-held terminal has no more."""

_LOWEST, _HIGHEST, _ROWS = -100, -30, 9  # dBm at both ends of the axis, and its rows
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LABELLED = 3  # every third row says its dBm
_DRAWN_LEGEND = "▲ our hub, ● in the plan, dashed: worst, nets: other networks; dBm by channel"


def chart(figures: Sequence[ChannelFigures], plan: Collection[int] = ()) -> list[str]:
    """Return the rows of the chart, none wider than 53 columns.

    A channel without a value has no bar.
    """
    known = {each.channel: each for each in figures}
    rows = [_row(known, row) for row in range(_ROWS, 0, -1)]
    rows.append("    └" + "─" * (WIDTH - 5))
    rows.append(_under("", {channel: str(channel) for channel in CHANNELS}))
    ours = {channel: "▲" for channel, each in known.items() if each.is_ours}
    others = {channel: str(each.hubs) for channel, each in known.items() if each.hubs}
    for label, marks in (("hub", ours), ("plan", dict.fromkeys(plan, "●")), ("nets", others)):
        rows.append(_under(text(f"chart.{label}"), marks))
    return [*rows, text("survey_picture.legend")]


def _row(known: Mapping[int, ChannelFigures], row: int) -> str:
    label = f"{round(_LOWEST + (_HIGHEST - _LOWEST) * row / _ROWS):>4}"
    cells = (_cell(known.get(channel), row) for channel in CHANNELS)
    return f"{label if row % _LABELLED == 0 else '    '}┤{' '.join(cells)} "


def _cell(each: ChannelFigures | None, row: int) -> str:
    """Return two columns of one row: the part of the bar that is in it, or the mark of the worst
    value."""
    if each is None:
        return "  "
    filled = _height(each.noise) - (row - 1) * 8
    if filled <= 0 and (_height(each.worst) - 1) // 8 == row - 1:
        return "╌╌"
    return _EIGHTHS[max(0, min(8, filled))] * 2


def _height(level: Fraction) -> int:
    """Return the eighths of rows that a level fills; the lowest is seen as one."""
    share = (float(level) - _LOWEST) / (_HIGHEST - _LOWEST)
    return max(1, min(_ROWS * 8, round(share * _ROWS * 8)))


def _under(label: str, marks: Mapping[int, str]) -> str:
    cells = "".join(f"{marks.get(channel, ''):<3}" for channel in CHANNELS)
    return f"{label:<5}{cells}"


def drawing(figures: Sequence[ChannelFigures], plan: Collection[int] = ()) -> str:
    """Return the same as SVG, for a page or a report."""
    known = {each.channel: each for each in figures}
    bars = "".join(_bar(channel, known.get(channel), channel in plan) for channel in CHANNELS)
    levels = "".join(_level(dbm) for dbm in range(_LOWEST, _HIGHEST + 1, 10))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 330" role="img" '
        'font-family="sans-serif" font-size="12">'
        f"<title>{escape(_described(figures))}</title>"
        f'<rect width="640" height="330" fill="#fff"/>{levels}{bars}'
        '<text x="4" y="288">nets</text>'
        f'<text x="40" y="318">{_DRAWN_LEGEND}</text></svg>'
    )


def _described(figures: Sequence[ChannelFigures]) -> str:
    """Describe the drawing to a reader who does not see it."""
    said = (f"{each.channel}: {float(each.noise):.1f} dBm{_heard(each)}" for each in figures)
    return f"Noise of the 2.4 GHz channels. {', '.join(said)}"


def _heard(each: ChannelFigures) -> str:
    return f" and {counted(each.hubs, 'other network')}" if each.hubs else ""


def _level(dbm: int) -> str:
    y = _y(dbm)
    line = f'<line x1="40" x2="620" y1="{y}" y2="{y}" stroke="#ddd"/>'
    return f'{line}<text x="34" y="{y + 4}" text-anchor="end">{dbm}</text>'


def _bar(channel: int, each: ChannelFigures | None, planned: bool) -> str:
    x = 44 + (channel - CHANNELS[0]) * 36
    marks = ("▲" if each and each.is_ours else "") + ("●" if planned else "")
    label = _below(x, 272, f"{channel}{marks}") + _below(x, 288, each.hubs if each else 0)
    if each is None:
        return label
    top, worst = _y(each.noise), _y(each.worst)
    bar = f'<rect x="{x}" y="{top}" width="24" height="{_y(_LOWEST) - top}" fill="#1b4f72"/>'
    line = f'<line x1="{x}" x2="{x + 24}" y1="{worst}" y2="{worst}" stroke="#000"'
    return f'{bar}{line} stroke-dasharray="3"/>{label}'


def _below(x: int, y: int, words: str | int) -> str:
    """Write this in the middle below a bar, where there is something to say."""
    return f'<text x="{x + 12}" y="{y}" text-anchor="middle">{words}</text>' if words else ""


def _y(dbm: Fraction | int) -> int:
    """Return the height of a level in the drawing; what is beyond the axis is at its end."""
    return round(254 - (min(max(float(dbm), _LOWEST), _HIGHEST) - _LOWEST) * 3.4)
