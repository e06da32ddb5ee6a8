"""Which line worked with which stick, so that it is tried first the next time."""

import contextlib
import json
from pathlib import Path

from hht.files import read_plain, write_whole
from hht.radio.opening.lines import FASTEST, Flow, Line
from hht.radio.ports import stick_name

FILE = "dongles.json"


class LineMemory:
    """A small file in the data folder; one that is lost or damaged costs only time."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE

    def recall(self, path: str) -> Line | None:
        """Return the line that worked last with the stick at this serial port."""
        match self._read().get(stick_name(path)):
            case [int(baud), str(flow)] if 0 < baud <= FASTEST and flow in list(Flow):
                return Line(baud, Flow(flow))
        return None

    def keep(self, path: str, line: Line) -> None:
        """Remember a line; a disk that refuses the file stops nothing."""
        known = self._read()
        entry = [line.baud, line.flow.value]
        if known.get(stick_name(path)) == entry:
            return
        known[stick_name(path)] = entry
        with contextlib.suppress(OSError):
            write_whole(self._path, json.dumps(known, indent=1).encode())

    def _read(self) -> dict[str, object]:
        try:
            known = json.loads(read_plain(self._path))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}
