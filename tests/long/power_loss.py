"""Cuts the power at many instants of a recorded visit, and counts what is missing afterwards.

What was not synced may be there, not be there, or be there in part, in any order: each unsynced
write is kept, dropped, or torn at a sector, by chance. A deletion is on the disk with the next sync
in its folder, as file systems with a journal have it. Run it: `python tests/long/power_loss.py
[--instants 1000] [--seed 1]`; exit 1 when anything that was promised is lost.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from crash_worker import numbered
from recorded_writes import Step, recording
from store_samples import (
    CCS01_COMMAND,
    CCS01_RESPONSE,
    CS14_ALERT,
    ECS70_COMMAND,
    GNCA_ALERT,
    bring,
    hear,
    open_store,
    pack,
)

from hht.errors import HhtError
from hht.store import CommandState
from hht.store.doctor import check_store

SECTOR = 512
MESSAGES = 120
_CHECKS = ("integrity", "captures", "references", "audit trail")


def record(folder: Path) -> list[Step]:
    """Play what a visit does to its store, message by message."""
    with recording(folder) as recorder, open_store(folder) as store:
        job = store.jobs.add(pack(CCS01_COMMAND, ECS70_COMMAND))
        recorder.promise("job")
        bring(store, store.commands.of_job(job.id)[0].id, CommandState.DELIVERED)
        for number in range(MESSAGES):
            sample = GNCA_ALERT if number % 2 else CS14_ALERT
            raw = CCS01_RESPONSE if number == MESSAGES // 3 else numbered(sample, number)
            capture = hear(store, raw, job.id)
            recorder.promise(f"capture {capture.id}")
        store.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        for number in range(MESSAGES, MESSAGES + 20):
            capture = hear(store, numbered(CS14_ALERT, number), job.id)
            recorder.promise(f"capture {capture.id}")
    return recorder.steps


def disk_after(steps: Sequence[Step], chance: random.Random) -> dict[str, bytearray]:
    """Build the files as a disk may have them that lost its power after these steps."""
    last_sync = {step.file: at for at, step in enumerate(steps) if step.kind == "sync"}
    durable: list[Step] = []
    floating: list[Step] = []
    for at, step in enumerate(steps):
        by = max(last_sync.values(), default=-1) if step.kind == "delete" else None
        is_synced = at <= (last_sync.get(step.file, -1) if by is None else by)
        (durable if is_synced else floating).append(step)
    chance.shuffle(floating)
    files: dict[str, bytearray] = {}
    for step in durable:
        _apply(files, step)
    for step in floating:
        fate = chance.choice(("kept", "dropped", "torn"))
        if fate == "torn" and step.kind == "write":
            end = SECTOR * chance.randint(0, max(1, len(step.data) // SECTOR))
            _apply(files, Step("write", step.file, step.offset, step.data[:end]))
        elif fate == "kept":
            _apply(files, step)
    return files


def _apply(files: dict[str, bytearray], step: Step) -> None:
    if step.kind == "delete":
        files.pop(step.file, None)
    if step.kind not in ("write", "truncate"):
        return
    content = files.setdefault(step.file, bytearray())
    if step.kind == "truncate":
        del content[step.offset :]
    else:
        content.extend(bytes(max(0, step.offset - len(content))))
        content[step.offset : step.offset + len(step.data)] = step.data


def judge(folder: Path, steps: Sequence[Step]) -> list[str]:
    """Open what is left of the store; say what was promised and is not there, or not whole."""
    promised = {step.file for step in steps if step.kind == "promise"}
    if "job" not in promised:
        return []
    try:
        with open_store(folder) as store:
            there = {f"capture {capture.id}" for capture in store.captures.all()} | {"job"}
            wrong = [each.check for each in check_store(store) if not each.holds]
    except HhtError as error:
        return [f"does not open: {error.what}"]
    found = [f"{each} is lost" for each in promised - there]
    return found + [f"{each} does not hold" for each in wrong if each in _CHECKS]


def run(instants: int, seed: int) -> Counter[str]:
    """Cut the power so many times; what was found wrong, by how often, and "instants"."""
    found: Counter[str] = Counter()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="hht-power-") as name:
        (base := Path(name) / "recorded").mkdir(mode=0o700)
        steps = record(base)
        found["steps"] = len(steps)
        found["unsynced kinds"] = len({s.kind for s in steps} & {"write", "truncate", "sync"})
        for number in range(instants):
            before = steps[: chance.randrange(1, len(steps) + 1)]
            (folder := Path(name) / str(number)).mkdir(mode=0o700)
            for file, content in disk_after(before, chance).items():
                (folder / file).write_bytes(content)
            found["instants"] += 1
            found.update(f"WRONG {each}" for each in judge(folder, before))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instants", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = run(options.instants, options.seed)
    print(json.dumps(found))
    return int(any(each.startswith("WRONG") for each in found))


if __name__ == "__main__":
    sys.exit(main())
