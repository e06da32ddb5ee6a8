"""Control client of a simulated hub: watch its log and its status, inject faults."""

import contextlib
import json
import socket
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from hht.errors import HhtError, InputError
from hht.simulator.control_server import CONTROL_FILE

_CONNECT_SECONDS = 2.0
"""On loopback a running hub answers at once, unless the machine is overloaded."""
_ANSWER_SECONDS = 10.0
"""A status comes every second; a hub that sends nothing for so long has hung."""


class NoHub(HhtError):
    """No simulated hub runs there."""


def served_run(data_dir: Path, name: str = "") -> Path:
    """Find the folder of the run whose hub is served now: the one named, else the newest."""
    runs = data_dir / "training" / "runs"
    files = sorted(runs.glob(f"{name or '*'}/{CONTROL_FILE}"), key=lambda p: p.stat().st_mtime)
    for file in reversed(files):
        if _answers(file.parent):
            return file.parent
    raise NoHub(
        "No simulated hub is being served",
        where=str(runs / name),
        remedy="Start 'hht train' or 'hht hub serve' first, with the same --data-dir.",
    )


def inject_fault(run_dir: Path, fault: str, **request: Any) -> str:
    """Inject a fault, or end it (see `read_fault_request`); say what was done.

    InputError when it cannot be.
    """
    with contextlib.closing(_rows(run_dir, {"ask": "fault", "fault": fault, **request})) as rows:
        answer = next(rows, {"error": "The hub has ended"})
    if "error" in answer:
        raise InputError(answer["error"], where=fault, remedy=answer.get("remedy", ""))
    return str(answer["done"])


def watch(run_dir: Path) -> Iterator[dict[str, Any]]:
    """Yield {"story": entry} and {"status": ...} rows until the hub ends."""
    return _rows(run_dir, {"ask": "watch"})


def _answers(run_dir: Path) -> bool:
    """Return whether the hub answers; one that was killed leaves its file behind."""
    try:
        _, line = _open(run_dir)
    except HhtError:
        return False
    line.close()
    return True


def _rows(run_dir: Path, request: dict[str, Any]) -> Generator[dict[str, Any], None, None]:
    token, line = _open(run_dir)
    with line:
        line.sendall(json.dumps({"token": token, **request}).encode() + b"\n")
        with line.makefile("r", encoding="utf-8") as answers, contextlib.suppress(OSError):
            for answer in answers:
                yield json.loads(answer)


def _open(run_dir: Path) -> tuple[str, socket.socket]:
    try:
        control = json.loads((run_dir / CONTROL_FILE).read_text())
        line = socket.create_connection(("127.0.0.1", control["port"]), _CONNECT_SECONDS)
    except (OSError, json.JSONDecodeError):
        raise NoHub(
            "The simulated hub does not answer",
            where=str(run_dir),
            remedy="Start 'hht train' or 'hht hub serve' first.",
        ) from None
    line.settimeout(_ANSWER_SECONDS)
    return control["token"], line
