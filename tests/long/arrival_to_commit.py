"""Measures how long a message in a single TransferData is in the handheld before it is on the disk.

Nothing can be held back for such a message: the dongle has acknowledged it. What a kill loses in
that time shows as UNKNOWN, is read back, and counts as uncaptured. Run it: `python
tests/long/arrival_to_commit.py [--messages 400]`.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from crash_worker import numbered
from store_samples import GNCA_ALERT
from visit_stage import scene

from hht.journeys import keeper
from hht.outbox.capture import capture_message
from hht.radio.inbox import Inbox
from hht.store import Capture


async def measure(messages: int, folder: Path) -> list[float]:
    """Milliseconds of each, from the last of it in the dongle's inbox to the end of the commit."""
    arrived = 0.0
    times: list[float] = []
    kept = asyncio.Event()
    put, capture = Inbox.put, capture_message

    def note_arrival(self: Inbox[Any], item: Any) -> None:
        nonlocal arrived
        arrived = time.perf_counter()
        put(self, item)

    def note_commit(*args: Any, **options: Any) -> Capture:
        found = capture(*args, **options)
        times.append(1000 * (time.perf_counter() - arrived))
        kept.set()
        return found

    Inbox.put = note_arrival  # type: ignore[method-assign]
    vars(keeper)["capture_message"] = note_commit
    async with scene(folder) as on:
        visit = await on.connect()
        for number in range(messages):
            on.hub.tunnels.outbox.append(numbered(GNCA_ALERT, number))
            on.hub.tunnels.flush()
            await kept.wait()
            kept.clear()
        await visit.close()
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hht-arrival-") as folder:
        times = sorted(asyncio.run(measure(options.messages, Path(folder))))
    figures = {
        "messages": len(times),
        "median_ms": round(statistics.median(times), 2),
        "p99_ms": round(times[int(len(times) * 0.99) - 1], 2),
        "worst_ms": round(times[-1], 2),
    }
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
