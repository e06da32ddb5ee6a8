"""What every test of the dongle promises besides its own: nothing fails unseen in the loop."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_fails_unseen(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No exception that was not retrieved, no task that was not awaited."""
    # What was there before is left out of the collection, which else needs a tenth of a second.
    gc.freeze()
    yield
    gc.collect()
    gc.unfreeze()
    complaints = [
        record.getMessage()
        for when in ("call", "teardown")
        for record in caplog.get_records(when)
        if record.name == "asyncio"
    ]
    assert not complaints
