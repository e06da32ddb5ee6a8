"""What every test of the dongle promises besides its own: nothing fails unseen in the loop."""

import gc
from collections.abc import Iterator

import bellows.ezsp
import pytest


@pytest.fixture(scope="session")
def settled() -> None:
    """Leave what imports made out of every later collection: they take a tenth of a second else."""
    assert bellows.ezsp
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_fails_unseen(settled: None, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No exception that nobody retrieved, no task that nobody awaited."""
    yield
    gc.collect()
    complaints = [
        record.getMessage()
        for when in ("call", "teardown")
        for record in caplog.get_records(when)
        if record.name == "asyncio"
    ]
    assert not complaints
