"""The gateway's settings in a file, for an app that nobody gives options to."""

import tomllib
from pathlib import Path
from typing import Any

from hht.errors import InputError
from hht.outbox.gateway import GatewaySettings

_FILES = ("certificate", "key", "authority")
_PLAIN = {"url": str, "proxy": str, "renumbers": bool, "allow_http": bool}


def read_gateway_file(path: Path) -> GatewaySettings:
    """The settings by their names in GatewaySettings; InputError for a file that is none.

    `token_file`, `certificate`, `key` and `authority` name files, relative to this one.
    """
    content = _content(path)
    unknown = set(content) - {*_FILES, *_PLAIN, "token_file"}
    if unknown or not all(isinstance(content[name], _kind(name)) for name in content):
        raise _refused(path, "has a line that is not a gateway's setting")
    if "url" not in content:
        raise _refused(path, "does not say where the gateway is")
    files = {name: path.parent / content.pop(name) for name in _FILES if name in content}
    token = content.pop("token_file", "")
    return GatewaySettings(**content, **files, token=_token(path.parent / token) if token else "")


def _kind(name: str) -> type:
    return _PLAIN.get(name, str)


def _content(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _refused(path, "cannot be read") from None


def _token(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise _refused(path, "cannot be read") from None


def _refused(path: Path, why: str) -> InputError:
    return InputError(
        f"The file {why}", where=str(path), remedy='Write it as: url = "https://HOST[:PORT]".'
    )
