"""A value that may be missing, in a test where it must not be."""

from typing import TypeVar

T = TypeVar("T")


def present(value: T | None) -> T:
    """Return the value; fail the test where there is none."""
    assert value is not None
    return value
