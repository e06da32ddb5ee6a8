"""The names of a visit's files: the job's reference, its address and the day."""

import re
import unicodedata
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from hht.store import JobRow

_LONGEST = 40  # characters of the address: the name is read in a row of 53
_UNSAFE = re.compile("[^A-Za-z0-9]+")
"""What a USB stick's file system, a mail or a shell may take amiss."""


def visit_name(job: JobRow, now: datetime) -> str:
    """Return what is in the name of each file of a visit."""
    parts = _safe(job.reference), _safe(job.premises)[:_LONGEST].rstrip("-")
    return "-".join(filter(None, (*parts, f"{now.astimezone():%Y-%m-%d}")))


def unused_page(folder: Path, name: str) -> Path:
    """Return a path for a page where neither it nor its text twin replaces anything."""
    return next(
        folder / f"{each}.html"
        for each in chain((name,), (f"{name}-{number}" for number in count(2)))
        if not any((folder / f"{each}{end}").exists() for end in (".html", ".txt"))
    )


def _safe(words: str) -> str:
    """Return the words with their letters and digits alone, accents taken off."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return _UNSAFE.sub("-", plain).strip("-")
