"""Sets a gateway up from inside the app: by its address, or by a depot's file and all it names."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

from hht.errors import HhtError
from hht.files import decode_text, read_plain, write_whole
from hht.outbox.auto_upload import GATEWAY_FILE
from hht.outbox.gateway.settings import SETTINGS, checked_address, read_gateway_file

Content = Mapping[str, object]


def gateway_place(data_dir: Path) -> str:
    """Return where the gateway is; empty where none is set up, InputError for a faulty file."""
    path = data_dir / GATEWAY_FILE
    return read_gateway_file(path).gateway.place if path.exists() else ""


def use_address(data_dir: Path, url: str) -> str:
    """Upload to this address from now on, with the other settings there are; where that is.

    InputError for what is no gateway's address, or a file with faults.
    """
    path = data_dir / GATEWAY_FILE
    before = _content(path) if path.exists() else {}
    checked_address(url, allow_http=bool(before.get("allow_http", False)))
    _keep(path, {**before, "url": url})
    return gateway_place(data_dir)


def take_over(data_dir: Path, source: Path) -> str:
    """Take over a depot's gateway.toml and every file that it names; where the gateway is.

    InputError, and nothing changed, for any fault in it.
    """
    content = dict(_content(source))
    for name, kind in SETTINGS.items():
        if kind is Path and name in content:
            kept = data_dir / f"gateway-{name}"
            _write(kept, read_plain(source.parent / str(content[name])))
            content[name] = kept.name
    _keep(data_dir / GATEWAY_FILE, content)
    return gateway_place(data_dir)


def _content(path: Path) -> Content:
    """Return the settings of a file in which nothing is wrong."""
    read_gateway_file(path)
    return tomllib.loads(decode_text(read_plain(path)))


def _keep(path: Path, content: Content) -> None:
    """Write the settings; the file that was there before is kept beside it."""
    if path.exists():
        _write(path.with_name(f"{path.name}.before"), read_plain(path))
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in content.items()]
    _write(path, "".join(lines).encode())


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
    except OSError as error:
        raise HhtError(
            f"The gateway's settings cannot be written ({error.strerror})",
            where=str(path),
            remedy="Look whether the disk is full and who owns the folder.",
        ) from None
