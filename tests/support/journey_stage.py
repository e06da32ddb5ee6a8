"""A training site, its hub and its app as processes of their own, to be killed and restarted."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import Any

import warm_start
from held_port import HeldPort
from patience import PATIENCE

from hht.duis.job_pack import read_job_pack
from hht.simulator.launcher import HubProcess
from hht.simulator.site.preparation import prepare_site
from hht.store import CommandState, Mode, Store
from hht.training.scenario.load import load_scenario

PLAY = Path(__file__).parent / "play_visit.py"


@dataclass
class Stage:
    """One run of a scenario; the hub keeps its port over its restarts."""

    folder: Path
    scenario: str = "no-wan-install"
    hub: HubProcess | None = None
    port: HeldPort = field(default_factory=HeldPort)

    @classmethod
    def make(cls, folder: Path, scenario: str = "no-wan-install") -> "Stage":
        stage = cls(folder, scenario)
        stage.run_dir.mkdir(parents=True)
        prepare_site(load_scenario(scenario).site, stage.run_dir, 1)
        with stage.open_store() as store:
            store.jobs.add(read_job_pack(stage.run_dir / "job"))
        return stage

    @property
    def run_dir(self) -> Path:
        return self.folder / "site"

    @property
    def address(self) -> str:
        return f"socket://127.0.0.1:{self.port.number}"

    def open_store(self) -> Store:
        return Store.open(self.folder / "training.db", Mode.TRAINING)

    def start_hub(self, *options: str) -> str:
        where = () if "--pty" in options else ("--port", str(self.port.number))
        self.hub = HubProcess.start(self.run_dir, (*where, *options))
        return self.hub.address

    def kill_hub(self) -> None:
        """Kill -9: nothing of the hub gets a chance to say or save anything."""
        assert self.hub is not None
        self.hub.process.send_signal(signal.SIGKILL)
        self.hub.stop()
        self.hub = None

    def play(self, address: str = "", **environment: str) -> tuple[int, list[dict[str, Any]]]:
        """Run the app to its end or its death; its exit code and the events it printed."""
        given = (self.folder, self.run_dir, address or self.address)
        done = warm_start.run(PLAY, *given, env=os.environ | environment, timeout=PATIENCE)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def start_play(self, address: str) -> warm_start.Popen:
        """Start the app, and leave it to the caller; what it prints can be read."""
        command = [sys.executable, PLAY, self.folder, self.run_dir, address]
        return warm_start.Popen(command, stdin=DEVNULL, stdout=PIPE)

    def answered(self) -> set[int]:
        """The Local Commands that have their positive Response."""
        with self.open_store() as store:
            rows = store.commands.of_job(1)
        return {row.id for row in rows if row.state is CommandState.ANSWERED}

    def captured(self) -> set[bytes]:
        """Every message in the store."""
        with self.open_store() as store:
            return {capture.raw for capture in store.captures.of_job(1)}

    def stop(self) -> None:
        if self.hub is not None:
            self.hub.stop()
        self.port.let_go()


def sent(events: Sequence[dict[str, Any]]) -> set[int]:
    """The Local Commands that were sent, by what the app printed."""
    return {event["command_id"] for event in events if event["event"] == "command_sent"}
