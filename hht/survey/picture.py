"""A survey under way as a screen shows it: its chart, and what is advised by now."""

from collections.abc import Collection
from dataclasses import dataclass

from hht.survey.advice import advise
from hht.survey.chart import WIDTH, chart
from hht.survey.figures import figures_of, noise_at, our_channel
from hht.survey.listing import network_lines
from hht.survey.measuring import DURATION
from hht.survey.survey_file import Network, Spot, Survey
from hht.texts import text

_AXIS = "└"
_TWO = 2  # spots, from which on there is something to compare
EMPTY = Survey(DURATION, (), ())


@dataclass(frozen=True, slots=True)
class Picture:
    """The rows of the chart without legend and axis, none over 53 columns; the advice in words.

    With three lines of advice that is what a terminal of 20 rows has room for.

    `legend` and `networks` are for larger ones. `spots` compares the spots, one a row, where there
    are several.
    """

    chart: tuple[str, ...]
    advice: str
    legend: str
    networks: tuple[Network, ...]
    spots: tuple[str, ...] = ()

    def network_rows(self, width: int) -> tuple[str, ...]:
        """Return one row a network, none wider; in full where there is room for all of each."""
        whole = tuple(network_lines(self.networks))
        if max(map(len, whole), default=0) <= width:
            return whole
        return tuple(_short_row(each, width) for each in self.networks)


def picture_of(survey: Survey, plan: Collection[int] = ()) -> Picture:
    """Draw it; the survey has at least one pass."""
    found = advise(survey, tuple(plan))
    count = sum(len(spot.passes) for spot in survey.spots)
    said = text(f"channel_advice.{found.advice}", channel=found.channel, reason=found.reason)
    passes = text("survey_picture.passes", count=count)
    words = f"{' '.join((said, *found.warnings))}\n{passes}"
    rows = chart(figures_of(survey), plan)
    drawn = tuple(row for row in rows[:-1] if _AXIS not in row)
    return Picture(drawn, words, rows[-1], survey.networks, spot_rows(survey, found.channel))


def _short_row(network: Network, width: int) -> str:
    """Return its channel, the end of its identifier, how it was heard, a mark for our hub, and
    where that was as far as there is room."""
    mark = " ▲" if network.ours else "  "
    heard = f"{network.channel} …{str(network.extended_pan_id)[-8:]} {network.rssi:>4g} dBm{mark}"
    return f"{heard} {network.spot}"[: max(width, len(heard))].rstrip()


def spot_rows(survey: Survey, advised: int) -> tuple[str, ...]:
    """Return each spot with its passes and its noise on our hub's channel and the one advised,
    in dBm."""
    if len(survey.spots) < _TWO:
        return ()
    ours = our_channel(survey.networks)
    channels = [each for each in dict.fromkeys((ours, advised)) if each is not None]
    return tuple(_spot_row(survey, spot, channels) for spot in survey.spots)


def _spot_row(survey: Survey, spot: Spot, channels: Collection[int]) -> str:
    noise = {channel: noise_at(survey, spot, channel) for channel in channels}
    levels = (f"{c}: {'-' if n is None else f'{float(n):.1f}'}" for c, n in noise.items())
    return f"{spot.name:<22.22} {len(spot.passes):>3} x  {'  '.join(levels)}"[:WIDTH]
