"""The job packs that gateway-sim serves from a folder, and how it misbehaves over them."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

from hht.files import read_plain
from hht.outbox.simulated.misbehaviour import Misbehaviour

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can have: the same bytes every time
CHANGING = Misbehaviour.WRONG_REQUEST


def packs_in(folder: Path) -> Mapping[str, bytes]:
    """Return every ZIP of a folder, and every folder in it as a ZIP, by name."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            found[f"{path.name}.zip"] = _zipped(path)
        elif path.suffix.lower() == ".zip":
            found[path.name] = read_plain(path)
    return found


def pack_list(packs: Mapping[str, bytes]) -> bytes:
    """Return the list as a depot gives it."""
    rows = [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        for name, content in packs.items()
    ]
    return json.dumps({"packs": rows}).encode()


def _zipped(folder: Path) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _MOMENT)
            archive.writestr(info, read_plain(path), zipfile.ZIP_DEFLATED)
    return made.getvalue()
