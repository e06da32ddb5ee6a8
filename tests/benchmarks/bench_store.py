"""What durability costs: captures against raw SQLite, export, and a queue of 100,000 items.

Run it: `python tests/benchmarks/bench_store.py [--small]`. Captures and raw WAL+FULL inserts of the
same bytes take turns in the same run, so their ratio travels between machines; the microseconds do
not. Where a commit takes long (a real disk's flush), the ratio nears 1.
"""

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from store_samples import (
    CCS01_COMMAND,
    CS14_ALERT,
    ECS70_RESPONSE,
    GNCA_ALERT,
    hear,
    open_store,
    pack,
)

from hht.gbcs.message import Message
from hht.outbox.compose813 import return_item
from hht.outbox.export import export_outbox
from hht.store import Mode, ReturnState, Store

BLOCK, SHORT_BLOCK = 200, 40
ROUNDS = 3


def numbered(raw: bytes, count: int, start: int = 1_000_000) -> list[bytes]:
    """So many messages that differ in their counter."""
    old = Message.parse(raw).counter.to_bytes(8, "big")
    return [
        raw.replace(old, number.to_bytes(8, "big"), 1) for number in range(start, start + count)
    ]


def hear_all(store: Store, messages: Sequence[bytes], job_id: int | None = None) -> None:
    for message in messages:
        hear(store, message, job_id)


def seconds(task: Callable[[], object]) -> float:
    began = time.perf_counter()
    task()
    return time.perf_counter() - began


def captures(folder: Path, name: str, sample: bytes, count: int) -> None:
    """Alternate blocks of raw inserts and of captures; print the ratio of their medians."""
    raw = sqlite3.connect(folder / "raw.db", isolation_level=None)
    raw.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
    raw.execute("CREATE TABLE raw (id INTEGER PRIMARY KEY, message BLOB)")

    def insert(messages: list[bytes]) -> None:
        for message in messages:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("INSERT INTO raw (message) VALUES (?)", (message,))
            raw.execute("COMMIT")

    with open_store(folder) as store:
        job = store.jobs.add(pack(CCS01_COMMAND))
        messages = numbered(sample, count)
        plain, kept = [], []
        for at in range(0, count, BLOCK):
            block = messages[at : at + BLOCK]
            plain.append(seconds(partial(insert, block)) / BLOCK)
            kept.append(seconds(partial(hear_all, store, block, job.id)) / BLOCK)
    a, b = statistics.median(plain), statistics.median(kept)
    print(
        f"captures, {name}: {1 / b:,.0f} a second, raw inserts {1 / a:,.0f};"
        f" share {a / b:.2f}, {1e6 * (b - a):.0f} us more"
    )
    raw.close()


def anchored(folder: Path, sample: bytes, count: int) -> None:
    """Alternate blocks of captures without and with an anchor; print the ratio of their medians.

    A block is short, so that both kinds meet the same load of the machine.
    """
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    blocks: dict[Mode, list[float]] = {Mode.TRAINING: [], Mode.LIVE: []}
    with (
        open_store(folder / "plain", Mode.TRAINING) as plain,
        open_store(folder / "live", Mode.LIVE) as live,
    ):
        messages = numbered(sample, count)
        for at in range(0, count, SHORT_BLOCK):
            for store in (plain, live):
                part = messages[at : at + SHORT_BLOCK]
                took = seconds(partial(hear_all, store, part))
                blocks[store.mode].append(took / len(part))
    without, with_anchor = (statistics.median(each) for each in blocks.values())
    print(f"captures, anchored: {with_anchor / without:.2f} x the time of those without an anchor")


def fill(store: Store, count: int) -> None:
    """A queue of that many items, without a commit each."""
    job = store.jobs.add(pack(CCS01_COMMAND))
    hear(store, CS14_ALERT, job.id)
    store.database.connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
        " INSERT INTO returns (id, service, state, idempotency_key, request_id, request_counter,"
        "  note, created_at, message_sha256) SELECT i, service,"
        "  CASE i % 3 WHEN 0 THEN 'sent' ELSE 'ready' END,"
        "  printf('%064x', i), request_id, i, '', created_at,"
        "  randomblob(32) FROM n, returns WHERE id = 1",
        (count,),
    )
    store.database.connection.execute(
        "INSERT INTO captures (hub, received_at, sha256, raw, return_id)"
        " SELECT c.hub, c.received_at, r.message_sha256, c.raw, r.id"
        " FROM returns r, captures c WHERE r.id > 1 AND c.id = 1"
    )


def queue(folder: Path, count: int) -> None:
    with open_store(folder) as store:
        fill(store, count)
        tasks: dict[str, Callable[[], object]] = {
            "first page": lambda: store.returns.all(limit=100),
            "last page": lambda: store.returns.all(offset=count - 100, limit=100),
            "one state, middle page": lambda: store.returns.all(
                ReturnState.SENT, offset=count // 6, limit=100
            ),
            "counts by state": store.returns.counts,
            "not yet returned": store.returns.waiting_count,
            "one item": lambda: return_item(store, count // 2),
        }
        for name, task in tasks.items():
            best = min(seconds(task) for _ in range(5))
            print(f"queue of {count:,}, {name}: {1e3 * best:.1f} ms")


def plain_files(folder: Path, count: int) -> None:
    """What the file system alone needs for as many files of that size."""
    folder.mkdir()
    for number in range(count):
        (folder / str(number)).write_bytes(bytes(1000))


def export(folder: Path, count: int) -> None:
    with open_store(folder) as store:
        fill(store, count)
        for name in ("folder", "out.zip"):
            outs = [folder / str(number) / name for number in range(ROUNDS)]
            took = min(seconds(partial(export_outbox, store, out)) for out in outs)
            print(f"export of {count:,} to a {name}: {count / took:,.0f} items a second")
    took = min(
        seconds(partial(plain_files, folder / f"plain-{number}", count)) for number in range(ROUNDS)
    )
    print(f"as many plain files: {count / took:,.0f} a second")


def main() -> None:
    small = "--small" in sys.argv
    with tempfile.TemporaryDirectory(prefix="hht-bench-") as name:
        root = Path(name)
        samples = {"held Response": ECS70_RESPONSE, "held Alert": GNCA_ALERT}
        for title, sample in (samples | {"returned Alert": CS14_ALERT}).items():
            folder = root / title
            folder.mkdir()
            captures(folder, title, sample, 600 if small else 6000)
        anchored(root, CS14_ALERT, 600 if small else 6000)
        queue(root / "queue", 1000 if small else 100_000)
        export(root / "export", 500 if small else 10_000)


if __name__ == "__main__":
    main()
