"""Recognises the description of a job by what is in it, whatever its file is called."""

import re
from typing import IO

_FORMAT = re.compile(rb"""["']?format["']?\s*[:=]\s*["']hht-job/""")
_TRAINING = re.compile(rb"""["']?mode["']?\s*[:=]\s*["']training["']""")
_ZIP = b"PK\x03\x04"
# The header of a file in a ZIP has 26 more bytes, three times as many where text was made of it.
_IN_ZIP = re.compile(_ZIP + rb"[\s\S]{20,300}?job\.(?:json|toml)", re.IGNORECASE)
_HEAD = 64  # bytes in which a picture or a PDF has shown that it is no text
_NO_TEXT = re.compile(rb"[\x01-\x08\x0b\x0e-\x1f]")


def describes_job(content: bytes) -> bool:
    """Return whether JSON or TOML in it has the format of a job, or a ZIP in it has job.json."""
    without_nul = content.replace(b"\0", b"")  # as UTF-16 has them
    return bool(_FORMAT.search(without_nul) or _IN_ZIP.search(content))


def describes_training(content: bytes) -> bool:
    """Return whether what describes a job there is one for training."""
    return describes_job(content) and bool(_TRAINING.search(content.replace(b"\0", b"")))


def description_in(file: IO[bytes], limit: int) -> bytes:
    """Return what a file holds, at most so many bytes, where that describes a job; else nothing."""
    head = file.read(_HEAD)
    if _NO_TEXT.search(head) and not head.startswith(_ZIP):
        return b""
    content = head + file.read(limit - len(head))
    return content if describes_job(content) else b""
