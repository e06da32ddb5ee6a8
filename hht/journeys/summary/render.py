"""The summary of a visit as one HTML page to print, and as text; neither names anything outside."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path

from hht.errors import InputError
from hht.files import check_own, write_own
from hht.journeys.summary.content import MOST_ROWS, Section, VisitSummary, summarise_visit
from hht.journeys.summary.surveyed import Surveyed, surveyed
from hht.store import Store

MOST_BYTES = 200_000
"""Of one page: it goes by mail over a mobile network."""
_FEWEST_ROWS = 10  # below this a section says too little: the page grows instead
_STYLE = """body{font:11pt sans-serif;margin:2em;color:#000;background:#fff}
h1{font-size:15pt}h2{font-size:12pt;margin:1em 0 .3em}
table{border-collapse:collapse;width:100%}
td{border-bottom:1px solid #999;padding:.2em .5em .2em 0;vertical-align:top}
td:first-child{width:45%}tr{page-break-inside:avoid}
@media print{body{margin:0}}"""
_WIDTH = 46  # columns of names, so that values begin in one line below each other


@dataclass(frozen=True, slots=True)
class Written:
    """The two files of a summary, the page's bytes, and how much of the visit is still open."""

    page_path: Path
    text_path: Path
    page_bytes: int
    open: int


def write_summary(
    store: Store, job_id: int, now: datetime, page_path: Path, survey: Path | None = None
) -> Written:
    """Write the page and, beside it, its text twin; InputError where a file cannot be written.

    `survey` is the file of a survey that was made on the visit, to be drawn on the page.
    """
    if page_path.suffix.lower() not in (".html", ".htm"):
        raise InputError(
            "The file's name does not end in .html", where=str(page_path), remedy="Name it."
        )
    job = store.jobs.get(job_id)
    seen = surveyed(survey, job.brief.channels) if survey else None
    page, text, summary = page_and_text(lambda most: summarise_visit(store, job, now, most), seen)
    text_path = page_path.with_suffix(".txt")
    outputs = (page_path, page, b"<p>Made "), (text_path, text, b"\nMade ")
    for path, _, mark in outputs:  # neither is written where the other may not be
        check_own(path, mark)
    for path, content, mark in outputs:
        write_own(path, content, mark)
    return Written(page_path, text_path, len(page), summary.open)


def page_and_text(
    summarise: Callable[[int], VisitSummary], seen: Surveyed | None = None
) -> tuple[bytes, bytes, VisitSummary]:
    """Return the page, its text twin and what both show.

    `summarise` is given the rows of a section.

    A page of more than MOST_BYTES is made again with fewer rows, which says how many it leaves out.
    """
    most = MOST_ROWS
    while True:
        summary = summarise(most)
        if seen:
            summary = replace(summary, sections=(*summary.sections, seen.section))
        page = to_html(summary, seen.svg if seen else "").encode()
        if len(page) <= MOST_BYTES or most <= _FEWEST_ROWS:
            return page, to_text(summary).encode(), summary
        most //= 2


def to_html(summary: VisitSummary, drawing: str = "") -> str:
    """Return one page without script, link or anything that is fetched.

    `drawing` is SVG of our own.
    """
    parts = "".join(map(_html_section, summary.sections))
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{_html(summary.title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>{_html(summary.title)}</h1><p>{_made(summary)}</p>\n{parts}{drawing}</body></html>\n"
    )


def to_text(summary: VisitSummary) -> str:
    """Return the same as lines of text."""
    lines = [_plain(summary.title), _made(summary)]
    for section in summary.sections:
        lines += ["", section.title, "-" * len(section.title)]
        lines += [f"{_plain(name):<{_WIDTH}} {_plain(value)}" for name, value in section.rows]
        lines += [_more(section)] if section.left_out else []
    return "\n".join(lines) + "\n"


def _html_section(section: Section) -> str:
    rows = "".join(
        f"<tr><td>{_html(name)}</td><td>{_html(value)}</td></tr>\n" for name, value in section.rows
    )
    more = f"<p>{_more(section)}</p>" if section.left_out else ""
    return f"<h2>{_html(section.title)}</h2><table>\n{rows}</table>{more}\n"


def _made(summary: VisitSummary) -> str:
    state = f"{summary.open} still open" if summary.open else "nothing open"
    return f"Made {summary.made_at:%Y-%m-%d %H:%M} UTC; {state}."


def _more(section: Section) -> str:
    return f"and {section.left_out} more"


def _html(text: str) -> str:
    return escape(_plain(text))


def _plain(text: str) -> str:
    """Remove control characters: the text goes to printers and terminals."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
