"""What the outbox's tests share."""

import socket

import pytest


@pytest.fixture
def unused_tcp_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
