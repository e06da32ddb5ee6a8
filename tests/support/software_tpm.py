"""A TPM in software (swtpm) of a test's own, on a socket in a folder; gone with the test.

A shell waits at a pipe that only this process holds open: when the process is gone, killed too, the
shell ends the TPM.
"""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from patience import PATIENCE

PROGRAMS = ("swtpm", "tpm2_createprimary")
WATCH = '"$@" & read -r _; kill -KILL $!'


@dataclass(frozen=True)
class SoftwareTpm:
    """Where it is, as tpm2-tools have it (TPM2TOOLS_TCTI)."""

    address: str

    def tool(self, name: str, *arguments: str) -> None:
        """Do something to it as only root may."""
        subprocess.run(
            [f"tpm2_{name}", "--tcti", self.address, *arguments],
            capture_output=True,
            timeout=PATIENCE,
            check=True,
        )


@contextmanager
def software_tpm(folder: Path) -> Iterator[SoftwareTpm]:
    """Start one whose state is in the folder; the test is skipped where it is not installed."""
    for name in PROGRAMS:
        if not shutil.which(name):
            pytest.skip(f"{name} is not installed: packages swtpm and tpm2-tools")
    folder.mkdir(exist_ok=True)
    path = folder / "socket"
    # Both listen before it starts, so that nothing waits for it.
    with _listening(path) as server, _listening(folder / "socket.ctrl") as control:
        descriptors = (server.fileno(), control.fileno())
        command = ["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={folder}"]
        command += ["--server", f"type=unixio,fd={descriptors[0]}"]
        command += ["--ctrl", f"type=unixio,fd={descriptors[1]}", "--flags", "startup-clear"]
        watcher = subprocess.Popen(
            ["sh", "-c", WATCH, "watcher", *command],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=descriptors,
            start_new_session=True,
        )
    try:
        yield SoftwareTpm(f"swtpm:path={path}")
    finally:
        watcher.communicate(timeout=PATIENCE)


def _listening(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    return listener
