"""The hub's log: what happened at the premises, in order, for trainer and debrief."""

import json
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.gbcs.alerts import alert_name, read_alert_code
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra, Message
from hht.gbcs.use_cases import use_case

LOG_FILE = "hub-story.jsonl"
_KEPT = 200
"""Entries for a trainer who starts to watch late; the file keeps all."""

Entry = dict[str, Any]
"""{"at": ISO time of the premises, "what": a word, "text": one line, ...facts}."""


class HubLog:
    """Appends entries to a file in `run_dir`, one JSON object a line, and notifies `listeners`.

    `labels` are what the scenario calls the Devices.
    """

    def __init__(self, clock: Clock, run_dir: Path, labels: Mapping[EntityId, str]) -> None:
        self._clock = clock
        self._path = run_dir / LOG_FILE
        self._labels = labels
        self.entries: deque[Entry] = deque(read_log(run_dir), maxlen=_KEPT)
        self.listeners: list[Callable[[Entry], None]] = []

    def record(self, what: str, text: str, **facts: object) -> None:
        """Append an entry: `what` is one word, `text` one line for people, `facts` are JSON."""
        at = self._clock.now().isoformat(timespec="milliseconds")
        entry = {"at": at, "what": what, "text": text, **facts}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self.entries.append(entry)
        for listener in self.listeners:
            listener(entry)

    def record_command(self, raw: bytes, *, by: str) -> None:
        """Record a Command that reached the hub, by "HHT" or "WAN"."""
        try:
            message = Message.parse(raw)
        except MalformedMessage as error:
            self.record("command", f"By {by}: {error.what}", by=by)
            return
        name = use_case(message.message_code).name
        target = self._label(message.recipient)
        text = f"By {by}: {name} for {target}"
        self.record("command", text, by=by, device=target, counter=message.counter)

    def record_message(self, message: Message) -> None:
        """Record a Device's Response or Alert."""
        name, source = use_case(message.message_code).name, self._label(message.originator)
        if message.cra is Cra.RESPONSE:
            counter = message.counter
            self.record("response", f"{source} answers {name}", device=source, counter=counter)
            return
        code = read_alert_code(message.payload)
        told = f"{code:04X} {alert_name(code)}" if code is not None else name
        self.record("alert", f"{source}: {told}", device=source, code=code)

    def _label(self, entity: EntityId) -> str:
        return self._labels.get(entity, str(entity))


def read_log(run_dir: Path) -> list[Entry]:
    """Read the entries that a hub of this folder has kept; skip a line cut short by a kill."""
    path = run_dir / LOG_FILE
    if not path.exists():
        return []
    entries = []
    for line in path.read_text("utf-8", errors="replace").splitlines():
        try:
            entries.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return entries
