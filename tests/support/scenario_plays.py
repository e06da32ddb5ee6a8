"""Play scenarios with many seeds and count their outcomes.

Run it: `python tests/support/scenario_plays.py [--seeds 20] [--jobs 2] [--profile NAME]...
[--in-turn] [SCENARIO...]`. Every play is `hht train SCENARIO --auto --json`, in a data folder of
its own. Exit 1 when one of them ended otherwise than its scenario expects.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import warm_start

from hht.training.scenario.load import load_scenario, scenario_names

LONGEST = 120.0  # twice what the longest takes on an idle machine: a sleeping meter, a minute


@dataclass(frozen=True)
class Play:
    """One play: its exit code, its last two events, and how long it took."""

    scenario: str
    seed: int
    code: int
    summary: dict[str, Any]
    debrief: dict[str, Any]
    seconds: float
    said: str

    @property
    def as_expected(self) -> bool:
        checks = self.debrief.get("checks", [])
        return self.code == 0 and all(each["met"] for each in checks)


def play(scenario: str, seed: int, *options: str) -> Play:
    """Play it once; what it printed otherwise than JSON events is a failure of its own."""
    # A play that is ended may still write for a moment.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        command = ["train", scenario, "--auto", "--json", "--seed", str(seed)]
        command += ["--data-dir", str(Path(folder) / "data"), *options]
        started = time.monotonic()
        try:
            done = warm_start.run("hht", *command, timeout=LONGEST)
        except subprocess.TimeoutExpired:
            said = f"still played after {LONGEST:g} s"
            return Play(scenario, seed, -1, {}, {}, LONGEST, said)
        seconds = time.monotonic() - started
    events = [json.loads(line) for line in done.stdout.splitlines()]
    last = {event["event"]: event for event in events[-2:]}
    return Play(
        scenario,
        seed,
        done.returncode,
        last.get("summary", {}),
        last.get("debrief", {}),
        seconds,
        done.stderr.strip(),
    )


SLOWER = 3
"""A play without a person runs up to 120 times as fast as people work, in two processes: a pause of
1.5 s that a busy machine makes is 45 s without an answer to the other one, and a Command may stay
unanswered, as it would on site. What radio-noise destroys depends on the moment of each frame."""


def play_fairly(name: str, seed: int, *options: str) -> Play:
    """Play a scenario; once more and slower where Commands of the first play stayed unanswered."""
    first = play(name, seed, *options)
    if first.summary.get("outcome") != "incomplete" or first.as_expected:
        return first
    slower = load_scenario(name).auto_speed / SLOWER
    return play(name, seed, "--speed", f"{slower:g}", *options)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", default=scenario_names())
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--profile", action="append", help="a hub profile; may come again")
    parser.add_argument("--in-turn", action="store_true", help="each seed on one of the profiles")
    options = parser.parse_args()
    all_good, count = True, 0
    profiles = options.profile or [""]
    for at, profile in enumerate(profiles):
        first, step = (at + 1, len(profiles)) if options.in_turn else (1, 1)
        seeds = range(first, options.seeds + 1, step)
        pairs = [(name, seed) for name in options.scenarios for seed in seeds]
        chosen = ("--profile", profile) if profile else ()
        with ThreadPoolExecutor(options.jobs) as pool:
            plays = list(pool.map(lambda pair, chosen=chosen: play(*pair, *chosen), pairs))
        for name in options.scenarios:
            _show(name, [each for each in plays if each.scenario == name])
        all_good = all_good and all(each.as_expected for each in plays)
        count += len(plays)
    print(f"{count} plays, {'all' if all_good else 'NOT all'} as expected")
    return 0 if all_good else 1


def _show(name: str, plays: list[Play]) -> None:
    outcomes = Counter(str(each.summary.get("outcome", "none")) for each in plays)
    slowest = max(each.seconds for each in plays)
    good = sum(each.as_expected for each in plays)
    print(f"{name:<24} {good}/{len(plays)} as expected, {dict(outcomes)}, slowest {slowest:.1f} s")
    for each in plays:
        if not each.as_expected:
            print(f"    seed {each.seed}: {each.summary} {each.debrief.get('checks')} {each.said}")


if __name__ == "__main__":
    sys.exit(main())
