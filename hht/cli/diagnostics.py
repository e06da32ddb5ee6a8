"""What went wrong, on stderr: a line for each fault, each beginning with the program's name."""

import sys

from hht.errors import HhtError


def print_error(error: HhtError) -> None:
    """Print an error's line, or its lines where it has several faults."""
    for line in str(error).splitlines():
        print(f"hht: {line}", file=sys.stderr)
