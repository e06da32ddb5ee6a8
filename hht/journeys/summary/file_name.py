"""The name of a visit's page: the job's reference, its address and the day."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

from hht.store import JobRow

_LONGEST = 40  # characters of the address: the name is read in a row of 53
_UNSAFE = re.compile("[^A-Za-z0-9]+")
"""What a USB stick's file system, a mail or a shell may take amiss."""


def unused_page(folder: Path, job: JobRow, now: datetime) -> Path:
    """Return a path for the page where neither it nor its text twin replaces anything."""
    return next(
        folder / f"{name}.html"
        for name in _names(job, now)
        if not any((folder / f"{name}{end}").exists() for end in (".html", ".txt"))
    )


def _names(job: JobRow, now: datetime) -> Iterator[str]:
    parts = ("visit", _safe(job.reference), _safe(job.premises)[:_LONGEST].rstrip("-"))
    name = "-".join(filter(None, (*parts, f"{now.astimezone():%Y-%m-%d}")))
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _safe(words: str) -> str:
    """Return the words with their letters and digits alone, accents taken off."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", plain).strip("-")
