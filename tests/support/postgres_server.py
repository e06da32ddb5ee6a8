"""A PostgreSQL server of our own: loopback only, an unprivileged user's, gone with the test run.

A shell waits at a pipe that only this process holds open: when the process is gone, killed too, the
shell stops the server and removes its folder.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from held_port import HeldPort
from patience import PATIENCE

USER = "postgres"
WATCH = 'read -r _; "$1" -D "$2/data" -m immediate -w stop >"$2/stopped" 2>&1; rm -rf "$2"'


def programs() -> Path:
    """The newest server that is installed; the test is skipped where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if not found:
        pytest.skip("no PostgreSQL server is installed (/usr/lib/postgresql/*/bin)")
    pytest.importorskip("psycopg", reason="psycopg is not installed: the extra [benches]")
    return found[-1].parent


def unprivileged() -> list[str]:
    """initdb refuses root; then the packages' own user runs the server."""
    if os.getuid():
        return []
    if not shutil.which("runuser"):
        pytest.skip("initdb refuses root, and runuser is missing")
    return ["runuser", "-u", "postgres", "--"]


@dataclass
class Server:
    folder: Path
    bin: Path
    port: HeldPort = field(default_factory=HeldPort)
    watcher: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        program = str(self.bin / "pg_ctl")
        command = [*unprivileged(), "sh", "-c", WATCH, "watcher", program, str(self.folder)]
        # A session of its own: what ends this process and its group leaves the watcher its work.
        self.watcher = subprocess.Popen(
            command, stdin=subprocess.PIPE, start_new_session=True, cwd="/"
        )

    @classmethod
    def make(cls) -> "Server":
        bin_folder, prefix = programs(), unprivileged()
        folder = Path(tempfile.mkdtemp(prefix="hht-pg-"))
        if prefix:
            shutil.chown(folder, "postgres")
        server = cls(folder, bin_folder)
        server._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", USER, "--no-sync")
        server.start()
        return server

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port.number}/postgres"

    def new_database(self, name: str) -> str:
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port.number), "-U", USER, name)
        return f"postgresql://{USER}@127.0.0.1:{self.port.number}/{name}"

    def start(self) -> None:
        options = f"-p {self.port.number} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", self._data, "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-m", mode, "stop")

    def dump(self, url: str) -> bytes:
        return self._run("pg_dump", url)

    def remove(self) -> None:
        self.watcher.communicate(timeout=PATIENCE)
        self.port.let_go()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> bytes:
        command = [*unprivileged(), str(self.bin / program), *arguments]
        # pg_ctl's server keeps what it is given open: a pipe would be waited on for ever.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                command,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd="/",
                stdin=subprocess.DEVNULL,
                timeout=PATIENCE,
            )
            said.seek(0)
            text = said.read()
        assert done.returncode == 0, text.decode()
        return text
