"""What the outbox's tests share."""

from collections.abc import Iterator

import pytest
from held_port import HeldPort


@pytest.fixture
def unused_port() -> Iterator[int]:
    """A loopback port on which nothing listens until the test does."""
    held = HeldPort()
    yield held.number
    held.let_go()
