"""Kills app, hub or both at every protocol moment, on the forgiving hub and on the strict one.

Afterwards the visit is played to its end, and judged: nothing captured is lost, nothing is doubled,
and every answered Local Command without a kept Response is counted as `uncaptured`. Long messages
go in blocks here, so that there are acknowledgements. Run it: `python tests/long/crash_matrix.py
[--each 3] [--jobs 2]`; it prints the matrix, and exits with 1 when a cell is wrong.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from journey_stage import Stage, sent

from hht.duis.job_pack import read_job_pack
from hht.simulator.site.preparation import prepare_site
from hht.training.scenario.load import load_scenario

PLAYER = Path(__file__).parent / "matrix_player.py"
PROFILE = """extends = "stand-in"
name = "blocks"
note = "As the stand-in; whatever is longer than a short Response goes in blocks."
tunnel_max_transfer = 150        # [guess]
gbt_block_size = 120             # [guess]
gbt_window = 2                   # [guess]
response_seconds = 3             # [guess] what a killed hub has lost is not waited for long
"""
HUBS = ("stand-in", "strict")
VICTIMS = ("app", "hub", "both")
MOMENTS = tuple(
    f"{when} {what}"
    for what, when in product(("ack", "capture", "commit", "close", "leave"), ("before", "after"))
)
Place = tuple[str, str, str]
"""Which hub, which moment, who dies."""
PLAY_SECONDS = 150  # a hub that was killed is sought for 30 s, and again after each loss
KILLED = -9


@dataclass
class Cell:
    """One moment, hub and victim: how it ended in each of its plays, and what was wrong."""

    ends: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class MatrixStage(Stage):
    """A stage whose hub and handheld use the profile with blocks; the hub may be the strict one."""

    hub_kind = HUBS[0]

    @classmethod
    def prepared(cls, folder: Path, hub_kind: str) -> "MatrixStage":
        stage = cls(folder)
        stage.hub_kind = hub_kind
        stage.run_dir.mkdir(parents=True)
        stage.profile.write_text(PROFILE)
        site = replace(load_scenario(stage.scenario).site, profile=str(stage.profile))
        prepare_site(site, stage.run_dir, 1)
        with stage.open_store() as store:
            store.jobs.add(read_job_pack(stage.run_dir / "job"))
        return stage

    @property
    def profile(self) -> Path:
        return self.folder / "blocks.toml"

    def begin_hub(self) -> None:
        self.start_hub("--profile", self.hub_kind)

    def play_to_the_moment(self, wanted: str) -> tuple[int, list[dict[str, Any]]]:
        """Run the app; whenever the hub dies meanwhile it is started again."""
        command = [sys.executable, PLAYER, self.folder, self.run_dir, self.address, self.profile]
        with subprocess.Popen(
            list(map(str, command)),
            env=os.environ | {"HHT_MATRIX": wanted},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as app:
            ended = threading.Event()
            reviver = threading.Thread(target=self._revive, args=(ended,))
            reviver.start()
            try:
                out, errors = app.communicate(timeout=PLAY_SECONDS)
            except subprocess.TimeoutExpired:
                app.kill()
                out, errors = app.communicate()
                errors += "TIMEOUT"
            finally:  # a test that is broken off here leaves neither app nor hub behind
                app.kill()
                ended.set()
                reviver.join()
        events = [json.loads(line) for line in out.splitlines() if line.endswith("}")]
        if "Traceback" in errors or "TIMEOUT" in errors:
            events.append({"event": "trouble", "what": errors[-300:]})
        return app.returncode, events

    def _revive(self, ended: threading.Event) -> None:
        while not ended.wait(0.05):
            self.revive_if_dead()

    def revive_if_dead(self) -> None:
        """Start the hub again where it was killed."""
        if self.hub is not None and self.hub.process.poll() is not None:
            self.hub.stop()
            self.begin_hub()


def judge(stage: MatrixStage, before: set[bytes], plays: Sequence[list[dict[str, Any]]]) -> Cell:
    """What became of the job, and what of it must not be."""
    cell, events = Cell(), [event for play in plays for event in play]
    cell.wrong += [event["what"] for event in events if event["event"] == "trouble"]
    summary = next((e for e in reversed(events) if e["event"] == "summary"), None)
    if summary is None:
        cell.wrong.append("no summary")
        return cell
    with stage.open_store() as store:
        rows, captures = store.commands.of_job(1), store.captures.of_job(1)
        items = store.returns.all()
    kept = {capture.command_id for capture in captures}
    lost = [row for row in rows if row.state in ("answered", "refused") and row.id not in kept]
    checks = {
        "a capture is lost": before - {capture.raw for capture in captures},
        "uncaptured is not true": summary["uncaptured"] != len(lost),
        "complete, and a Response is missing": summary["outcome"] == "complete"
        and any(row.id not in kept or row.state != "answered" for row in rows),
        "a message is captured twice": len({c.raw for c in captures}) != len(captures),
        "an item is made twice": len({item.idempotency_key for item in items}) != len(items),
        "sent again after its Response": sent_after_response(events),
    }
    cell.wrong += [name for name, is_wrong in checks.items() if is_wrong]
    cell.ends[_end(summary)] += 1
    return cell


def _end(summary: dict[str, Any]) -> str:
    short = {"uncaptured": "u", "unknown": "?", "failed": "x"}
    marks = [f"{summary[name]}{mark}" for name, mark in short.items() if summary[name]]
    return " ".join(("ok" if summary["outcome"] == "complete" else summary["outcome"], *marks))


def sent_after_response(events: Sequence[dict[str, Any]]) -> set[int]:
    """The Local Commands that left once more although they had been answered."""
    answered: set[int] = set()
    again: set[int] = set()
    for event in events:
        if event["event"] == "command_changed" and event["state"] == "answered":
            answered.add(event["command_id"])
        if event["event"] == "command_sent" and event["command_id"] in answered:
            again |= sent([event])
    return again


def play_cell(folder: Path, hub_kind: str, moment: str, number: int, victim: str) -> Cell:
    """Play until the moment and the death, then to the end.

    How often a moment comes differs a little from play to play: where it came less often than
    wanted, its last time is taken in another play.
    """
    stage = MatrixStage.prepared(folder, hub_kind)
    try:
        stage.begin_hub()
        assert stage.hub is not None
        first_hub = stage.hub.process
        wanted = f"{moment}:{number}:{victim}:{first_hub.pid}"
        code, first = stage.play_to_the_moment(wanted)
        if code == KILLED and victim == "both":
            first_hub.wait(PLAY_SECONDS)
        stage.revive_if_dead()  # an app that finds no dongle at all gives up at once
        before = stage.captured()
        if (first_hub.poll() is None) if victim == "hub" else (code != KILLED):
            came = json.loads((stage.folder / "moments.json").read_text()).get(moment, 0)
            if not 0 < came < number:
                return Cell(wrong=[f"the moment never came ({code})"])
            return play_cell(folder / "again", hub_kind, moment, came, victim)
        plays = [first] if victim == "hub" else [first, stage.play_to_the_moment("")[1]]
        return judge(stage, before, plays)
    finally:
        stage.stop()


def moments_of(folder: Path, hub_kind: str) -> Counter[str]:
    """How often each moment comes in an undisturbed visit."""
    stage = MatrixStage.prepared(folder, hub_kind)
    try:
        stage.begin_hub()
        code, events = stage.play_to_the_moment("")
        assert code == 0, events[-1:]
        assert events[-1]["outcome"] == "complete", events[-1]
        return Counter(json.loads((stage.folder / "moments.json").read_text()))
    finally:
        stage.stop()


def numbers(count: int, each: int) -> list[int]:
    """So many of 1 to `count`, the first and the last among them."""
    if count == 0:
        return []
    if each == 1 or count == 1:
        return [(count + 1) // 2]
    return sorted({1 + round(at * (count - 1) / (each - 1)) for at in range(each)})


def run(each: int, jobs: int, moments: Sequence[str] = MOMENTS) -> dict[Place, Cell]:
    """Play every cell, `each` times at different occurrences of its moment."""
    cells = {place: Cell() for place in product(HUBS, moments, VICTIMS)}
    with tempfile.TemporaryDirectory(prefix="hht-matrix-") as name:
        counts = {hub: moments_of(Path(name) / f"count-{hub}", hub) for hub in HUBS}
        plays = [
            (place, number)
            for place in cells
            for number in numbers(counts[place[0]][place[1]], each)
        ]

        def play_one(play: tuple[Place, int]) -> Cell:
            (hub, moment, victim), number = play
            folder = Path(name) / f"{hub}-{moment}-{number}-{victim}".replace(" ", "-")
            return play_cell(folder, hub, moment, number, victim)

        with ThreadPoolExecutor(jobs) as pool:
            for (place, number), found in zip(plays, pool.map(play_one, plays), strict=True):
                cells[place].ends += found.ends
                cells[place].wrong += [f"at no. {number}: {wrong}" for wrong in found.wrong]
    for cell in cells.values():
        if not cell.ends and not cell.wrong:
            cell.wrong.append("the moment never comes")
    return cells


def show(cells: dict[Place, Cell]) -> None:
    """Print how the plays of each cell ended; `u` counts uncaptured, `?` unknown, `x` failed."""
    for hub in HUBS:
        print(f"\n{hub:<16}" + "".join(f"{victim + ' killed':<34}" for victim in VICTIMS))
        for moment in dict.fromkeys(moment for _, moment, _ in cells):
            line = ""
            for victim in VICTIMS:
                cell = cells[hub, moment, victim]
                ends = ", ".join(f"{count} {end}" for end, count in cell.ends.items())
                line += f"{ends + (' WRONG' if cell.wrong else ''):<34}"
            print(f"{moment:<16}{line}")
    wrong = [" ".join((*place, each)) for place, cell in cells.items() for each in cell.wrong]
    for each in wrong:
        print("WRONG", each)
    plays = sum(sum(cell.ends.values()) for cell in cells.values())
    print(f"{len(cells)} cells, {plays} plays, {len(wrong)} wrong")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--moments", default=",".join(MOMENTS))
    options = parser.parse_args()
    cells = run(options.each, options.jobs, options.moments.split(","))
    show(cells)
    return int(any(cell.wrong for cell in cells.values()))


if __name__ == "__main__":
    sys.exit(main())
