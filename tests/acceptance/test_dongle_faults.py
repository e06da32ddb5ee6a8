"""A whole visit with a dongle that misbehaves, as a scenario file asks for it."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
import warm_start

pytestmark = pytest.mark.whole_program

MAIN_JOB = (files("assets") / "scenarios" / "no-wan-install.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("version", "fault"),
    [
        (8, "assert-in-visit"),
        (9, "fixed-tables"),
        (11, "scan-busy-once"),
        (12, "raw-refused-once"),
        (13, "unicast-full-at-times"),
        (14, "overflow"),
        (16, "mfglib-refused"),
        (18, "raw-never-complete"),
        (19, "poll-refused"),
    ],
)
def test_the_main_job_is_done_all_the_same(version: int, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "job.toml"
    path.write_text(f'{MAIN_JOB}\n[dongle]\nezsp = {version}\nfaults = ["{fault}"]\n')
    arguments = ["--data-dir", str(tmp_path / "data"), "train", str(path), "--auto", "--json"]
    done = warm_start.run("hht", *arguments, "--seed", "1")
    summary = json.loads(done.stdout.splitlines()[-1])
    assert (summary["outcome"], summary["answered"]) == ("complete", 17)
