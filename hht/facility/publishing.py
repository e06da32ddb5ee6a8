"""What a process of the facility reports to the one that started it: a JSON object a line."""

import contextlib
import sys

import msgspec


def publish(row: object) -> None:
    """Write a row to stdout; where the reader has gone, the work goes on without it."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
        sys.stdout.buffer.flush()
