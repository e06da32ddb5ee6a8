"""A survey as a table for people and as CSV for a spreadsheet, in dBm."""

import csv
import io
from collections.abc import Collection, Sequence
from datetime import datetime

from hht.survey.figures import ChannelFigures
from hht.survey.survey_file import Network, Survey
from hht.texts import text

HEADING = ("channel", "median", "worst", "spread", "nets", "strongest", "age")


def table(
    figures: Sequence[ChannelFigures], now: datetime, plan: Collection[int] = ()
) -> list[tuple[str, ...]]:
    """Return one row a channel, the noise in dBm: median, worst, and from quietest to noisiest."""
    return [_row(each, now, each.channel in plan) for each in figures]


def network_lines(networks: Sequence[Network]) -> list[str]:
    """Return one row a network: its channel, its identifiers, how it was heard, and where.

    All but the spot is in its first 53 columns.
    """
    return [
        f"{network.channel} {network.extended_pan_id} PAN {network.pan_id:04X} "
        f"{network.rssi:>5g} dBm {_where(network)}"
        for network in networks
    ]


def _where(network: Network) -> str:
    spot = network.spot
    return text("survey_picture.our_hub", spot=spot) if network.ours else spot


def to_csv(survey: Survey) -> str:
    """Return every value that was measured, one a row."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(("spot", "at", "channel", "dbm"))
    for spot in survey.spots:
        for each in spot.passes:
            at = each.at.isoformat(timespec="seconds")
            writer.writerows(
                (_plain(spot.name), at, number, level) for number, level in sorted(each.dbm.items())
            )
    return written.getvalue()


def _row(each: ChannelFigures, now: datetime, planned: bool) -> tuple[str, ...]:
    marks = (" our hub" if each.is_ours else "") + (" in the plan" if planned else "")
    strongest = f"{each.others[0].rssi:.1f}" if each.others else ""
    levels = (f"{float(level):.1f}" for level in (each.noise, each.worst, each.spread))
    return (str(each.channel), *levels, str(each.hubs), strongest, _age(each, now) + marks)


def _age(each: ChannelFigures, now: datetime) -> str:
    minutes = max(0, int((now - each.newest).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def _plain(name: str) -> str:
    """Return a spot's name that no spreadsheet evaluates as a formula."""
    return f"'{name}" if name[:1] in "=+-@" else name
