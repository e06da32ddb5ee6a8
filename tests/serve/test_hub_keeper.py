"""A seat's hubs are forks of a keeper: their arguments, pipes, end, and their end with the seat."""

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from patience import PATIENCE

pytestmark = pytest.mark.real_time("the hubs are processes of their own")
ROOT = Path(__file__).parents[2]
HUB = """
import sys, os, signal
if sys.argv[1] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("socket://" + sys.argv[1], os.getpgid(0), flush=True)
if sys.argv[1] == "fails":
    print("cannot", file=sys.stderr)
    sys.exit(3)
sys.stdin.read()
sys.exit(5)
"""
SEAT = """
import json, os, subprocess, sys
from hht.serve.hub_keeper import HubKeeper

os.setpgid(0, 0)
keeper, said = HubKeeper.fork(), {}
log = open("hub.log", "ab")
for name in ("first", "fails", "stubborn"):
    hub = keeper.spawn([sys.executable, "-m", "small_hub", name], stderr=log, stdin=-1, text=True)
    line = hub.stdout.readline().split()
    said[name] = [line[0], int(line[1]) == os.getpgid(0)]
    if name == "first":
        hub.stdin.close()
        said[name].append(hub.wait(60))
    elif name == "fails":
        said[name].append(hub.wait(60))
    else:
        hub.terminate()
        try:
            hub.wait(0.2)
        except subprocess.TimeoutExpired:
            said[name].append("still there")
        said[name].append(hub.poll())
        hub.kill()
        said[name].append(hub.wait(60))
    said[name].append(hub.poll())
last = keeper.spawn([sys.executable, "-m", "small_hub", "last"], stderr=log)
said["last"] = last.pid
print(json.dumps(said), flush=True)
sys.stdin.read()
"""


def test_hubs_are_started_ended_and_killed_as_by_subprocess_and_end_with_the_seat(
    tmp_path: Path,
) -> None:
    (tmp_path / "small_hub.py").write_text(HUB)
    (tmp_path / "seat.py").write_text(SEAT)
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    seat = subprocess.Popen(
        [sys.executable, "seat.py"],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert seat.stdout is not None
        said = json.loads(seat.stdout.readline())
        last = os.pidfd_open(said.pop("last"))
        killed = -signal.SIGKILL
        assert said == {
            "first": ["socket://first", True, 5, 5],
            "fails": ["socket://fails", True, 3, 3],
            "stubborn": ["socket://stubborn", True, "still there", None, killed, killed],
        }
        assert (tmp_path / "hub.log").read_text() == "cannot\n"
    finally:
        seat.kill()
        seat.communicate(timeout=PATIENCE)
    assert select.select([last], [], [], PATIENCE)[0], "the hub outlived its seat"
    os.close(last)
