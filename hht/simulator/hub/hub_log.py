"""The hub's log: what happened at the premises, in order, for trainer and debrief."""

import contextlib
import json
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.events import VERSION, Record, Source, facts_of
from hht.gbcs.alerts import name_beside_code, read_alert_code
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra, Message
from hht.gbcs.use_cases import use_case
from hht.simulator.hub.events import CommandArrived, DeviceAlerted, DeviceAnswered, HubEvent

LOG_FILE = "hub-story.jsonl"
_VERSION = "v"
"""Of the schema, in each line of the file; the first hubs wrote none."""
_KEPT = 200
"""Entries for a trainer who starts to watch late; the file keeps all."""

Entry = dict[str, Any]
"""{"at": ISO time of the premises, "what": a word, "text": one line, ...facts}."""


class HubLog:
    """A log in `run_dir`, one JSON object a line, which notifies `listeners`.

    `labels` are what the scenario calls the Devices.
    """

    def __init__(self, clock: Clock, run_dir: Path, labels: Mapping[EntityId, str]) -> None:
        self._clock = clock
        self._path = run_dir / LOG_FILE
        self._labels = labels
        self.entries: deque[Entry] = deque(read_log(run_dir), maxlen=_KEPT)
        self.listeners: list[Callable[[Entry], None]] = []
        self._unwritten = b""

    def record(self, event: HubEvent) -> None:
        """Append the entry of an event; it outlives the process.

        On a full disk it is written with one that comes later: the hub goes on, as a real one does.
        """
        at = self._clock.now().isoformat(timespec="milliseconds")
        entry = {"at": at, "what": event.name, **facts_of(event)}
        line = json.dumps({_VERSION: VERSION, **entry}, ensure_ascii=False) + "\n"
        self._unwritten += line.encode()
        with contextlib.suppress(OSError):
            self._write()
        self.entries.append(entry)
        for listener in self.listeners:
            listener(entry)

    def _write(self) -> None:
        """Append what is not in the file yet, all of it or nothing: no line is torn."""
        with self._path.open("ab", buffering=0) as file:
            end = file.tell()
            if file.write(self._unwritten) == len(self._unwritten):
                self._unwritten = b""
            else:
                file.truncate(end)

    def record_command(self, raw: bytes, *, by: str) -> None:
        """Record a Command that reached the hub, by "HHT" or "WAN"."""
        try:
            message = Message.parse(raw)
        except MalformedMessage as error:
            self.record(CommandArrived(f"By {by}: {error.what}", by))
            return
        name = use_case(message.message_code).name
        target = self.label(message.recipient)
        text = f"By {by}: {name} for {target}"
        self.record(CommandArrived(text, by, target, message.counter))

    def record_message(self, message: Message) -> None:
        """Record a Device's Response or Alert."""
        name, source = use_case(message.message_code).name, self.label(message.originator)
        if message.cra is Cra.RESPONSE:
            self.record(DeviceAnswered(f"{source} answers {name}", source, message.counter))
            return
        code = read_alert_code(message.payload)
        said = f"{code:04X} {name_beside_code(code)}" if code is not None else name
        self.record(DeviceAlerted(f"{source}: {said}", source, code))

    def label(self, entity: EntityId) -> str:
        """Return what the scenario calls a Device, or its identifier."""
        return self._labels.get(entity, str(entity))


def read_log(run_dir: Path) -> list[Entry]:
    """Read the entries that a hub of this folder has kept; skip a line cut short by a kill."""
    return [{name: row[name] for name in row if name != _VERSION} for row in _rows(run_dir)]


def read_records(run_dir: Path) -> list[Record]:
    """Read the same entries as records of the common schema."""
    return [_record(row) for row in _rows(run_dir)]


def _record(row: Entry) -> Record:
    facts = {name: row[name] for name in row if name not in (_VERSION, "at", "what")}
    at, version = datetime.fromisoformat(row["at"]), row.get(_VERSION, 0)
    return Record(Source.HUB, at, row["what"], facts, version)


def _rows(run_dir: Path) -> list[Entry]:
    path = run_dir / LOG_FILE
    if not path.exists():
        return []
    rows = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return rows
