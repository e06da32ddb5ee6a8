"""The settings of an upload, from gateway.toml or from options, all checked when they are read."""

import difflib
import ssl
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from hht.errors import InputError, InputFaults
from hht.files import decode_text, read_plain
from hht.outbox.gateway.client import GatewaySettings
from hht.outbox.gateway.credentials import KeyFiles, client_tls, read_key_pair, read_secret
from hht.outbox.gateway.proxy import LOOPBACK, proxy_for, split_address
from hht.outbox.signing import RequestSigner
from hht.toml_lines import decode_error_line, line_index

_T = TypeVar("_T")

# Where DCC Boxed accepts services that are for no Device (command variants 2, 6 and 8).
DEFAULT_PATH = "/api/v1/serviceD"
JOBS_PATH = "/jobs"

# The kind of each setting; a Path in the file is relative to it.
SETTINGS: Mapping[str, type] = {
    "url": str,
    "jobs_url": str,
    "token_file": Path,
    "certificate": Path,
    "key": Path,
    "key_password_file": Path,
    "authority": Path,
    "proxy": str,
    "renumbers": bool,
    "allow_http": bool,
    "sign_key": Path,
    "sign_certificate": Path,
    "sign_key_password_file": Path,
    "at_once": int,
    "timeout": float,
    "give_up_after": float,
}
_TLS_SETTINGS = ("certificate", "key", "key_password_file", "authority")
_SIGN_SETTINGS = ("sign_key", "sign_certificate", "sign_key_password_file")
_KINDS = {str: "a text", Path: "the name of a file", bool: "true or false"}
_RANGES: Mapping[str, tuple[float, float]] = {
    "at_once": (1, 8),  # a supplier's gateway is not to be flooded by a handheld
    "timeout": (1, 600),  # s for one answer
    "give_up_after": (0, 7 * 24 * 3600.0),  # s; 0 never gives up
}


@dataclass(frozen=True, slots=True)
class Given:
    """The value of one setting, and its line or option."""

    value: object
    where: str


@dataclass(frozen=True)
class UploadSettings:
    """What an upload needs to know; `give_up_after` is in seconds, None for never."""

    gateway: GatewaySettings
    signer: RequestSigner | None = None
    at_once: int = 4
    give_up_after: float | None = 60.0


def read_gateway_file(path: Path, options: Mapping[str, Given] | None = None) -> UploadSettings:
    """Read gateway.toml; `options` come before what it says.

    InputError for a fault, InputFaults for several, each with its line; no value is repeated.
    """
    return read_settings({**_in_file(path), **(options or {})}, str(path))


def read_jobs_settings(path: Path) -> GatewaySettings:
    """Read from gateway.toml where job packs are fetched; InputError where it does not say."""
    given = _in_file(path)
    if "jobs_url" not in given:
        raise InputError(
            "Nothing says where job packs are fetched",
            where=str(path),
            remedy='Write jobs_url = "https://HOST[:PORT]/jobs".',
        )
    moved = {name: each for name, each in given.items() if name not in ("url", "jobs_url")}
    checks = _Checks({**moved, "url": given["jobs_url"]}, str(path))
    settings = _gateway(checks, JOBS_PATH)
    checks.finish()
    return settings


def read_settings(given: Mapping[str, Given], where: str = "") -> UploadSettings:
    """Check the settings by their names in SETTINGS and read the files that they name."""
    checks = _Checks(given, where)
    gateway = _gateway(checks)
    signer = checks.attempt(lambda: _signer(checks), *_SIGN_SETTINGS)
    checks.finish()
    return UploadSettings(
        gateway,
        signer,
        at_once=checks.value("at_once", UploadSettings.at_once),
        give_up_after=checks.value("give_up_after", UploadSettings.give_up_after) or None,
    )


class _Checks:
    """The settings as they were given, with the faults found so far."""

    def __init__(self, given: Mapping[str, Given], where: str) -> None:
        self._given = given
        self._where = where
        self._faults: list[InputError] = []
        self._bad: set[str] = set()
        for name, setting in given.items():
            if fault := _fault_of(name, setting.value):
                self._note(*fault, name)

    def value(self, name: str, default: _T) -> _T:
        """Return the setting; the default where it is not given or has a fault."""
        if name not in self._given or name in self._bad:
            return default
        value: _T = self._given[name].value  # type: ignore[assignment]  # of its kind in SETTINGS
        return value

    def attempt(self, make: Callable[[], _T], *names: str) -> _T | None:
        """Make something of settings; a fault is kept, at the setting that names its file."""
        if self._bad.intersection(names):
            return None
        try:
            return make()
        except InputError as error:
            named = [name for name in names if str(self.value(name, "")) == error.where]
            self._note(error.what, error.remedy, *named, *names, elsewhere=error.where)
            return None

    def finish(self) -> None:
        """Raise what was found."""
        if len(self._faults) > 1:
            raise InputFaults(self._faults)
        if self._faults:
            raise self._faults[0]

    def _note(self, what: str, remedy: str, *names: str, elsewhere: str = "") -> None:
        """Keep a fault at the first of the settings that is given; `elsewhere` where none is."""
        self._bad.update(names)
        places = [self._given[name].where for name in names if name in self._given]
        where = places[0] if places else elsewhere or self._where
        self._faults.append(InputError(what, where=where, remedy=remedy))


def _fault_of(name: str, value: object) -> tuple[str, str] | None:
    """Return what is wrong with a setting by itself, and what to do; None where nothing is."""
    if name not in SETTINGS:
        close = difflib.get_close_matches(name, SETTINGS, 1)
        remedy = f"Write {close[0]}." if close else f"There are {', '.join(SETTINGS)}."
        return f"There is no setting {name!r}", remedy
    kind = SETTINGS[name]
    if name in _RANGES:
        low, high = _RANGES[name]
        numbers = int if kind is int else (int, float)
        if isinstance(value, bool) or not isinstance(value, numbers) or not low <= value <= high:
            whole = "whole number" if kind is int else "number"
            return f"{name} is not a {whole} from {low:g} to {high:g}", "Correct it."
    elif not isinstance(value, kind) or value in ("", Path()):
        return f"{name} is not {_KINDS[kind]}", "Correct it."
    return None


def _gateway(checks: _Checks, default_path: str = DEFAULT_PATH) -> GatewaySettings:
    address = checks.attempt(lambda: _address(checks, default_path), "url") or ""
    is_https = urlsplit(address).scheme == "https"
    return GatewaySettings(
        address,
        token=checks.attempt(lambda: _token(checks), "token_file") or "",
        tls=checks.attempt(lambda: _tls(checks), *_TLS_SETTINGS) if is_https else None,
        proxy=checks.attempt(lambda: proxy_for(address, checks.value("proxy", "")), "proxy"),
        renumbers=checks.value("renumbers", False),
        timeout=checks.value("timeout", GatewaySettings.timeout),
    )


def _address(checks: _Checks, default_path: str) -> str:
    url = checks.value("url", "")
    if not url:
        raise InputError(
            "The address of the gateway is missing",
            remedy='Write url = "https://HOST[:PORT]", or give --to.',
        )
    allow_http = checks.value("allow_http", False)
    return checked_address(url, allow_http=allow_http, default_path=default_path)


def _tls(checks: _Checks) -> ssl.SSLContext:
    return client_tls(checks.value("authority", None), _key_files(checks, "certificate", "key"))


def _token(checks: _Checks) -> str:
    path: Path | None = checks.value("token_file", None)
    return read_secret(path) if path else ""


def checked_address(url: str, *, allow_http: bool = False, default_path: str = DEFAULT_PATH) -> str:
    """Return the gateway's URL with the default path.

    InputError when it is none, or gives data away.

    The URL is not repeated, for it may hold a password in an unexpected place.
    """
    parts = split_address(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(
            "This is not a gateway's address", remedy="Give it as https://HOST[:PORT]."
        )
    # A password with a / ends the host's part early: the rest of it is in the path.
    if "@" in f"{parts.netloc}{parts.path}{parts.query}{parts.fragment}":
        raise InputError(
            "The address holds a user name or a password",
            remedy="Put the token into a file and name that as token_file.",
        )
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not allow_http:
        raise InputError(
            "Over http anybody on the way can read what is sent",
            remedy="Use https, or allow http on a network of your own.",
        )
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") or default_path))


def _key_files(checks: _Checks, certificate: str, key: str) -> KeyFiles | None:
    """Return the files of a key pair; the key may be in the certificate's file."""
    cert_path: Path | None = checks.value(certificate, None)
    key_path = checks.value(key, cert_path)
    password: Path | None = checks.value(f"{key}_password_file", None)
    if cert_path and key_path:
        return KeyFiles(key_path, cert_path, password)
    if key_path or password:
        alone = key if key_path else f"{key}_password_file"
        raise InputError(f"{alone} needs {certificate}", remedy="Give both or neither.")
    return None


def _signer(checks: _Checks) -> RequestSigner | None:
    files = _key_files(checks, "sign_certificate", "sign_key")
    return RequestSigner.of(read_key_pair(files)) if files else None


_RIGHTS = "Check its rights."


def _in_file(path: Path) -> dict[str, Given]:
    try:
        text = decode_text(read_plain(path))
        content = tomllib.loads(text)
    except OSError as error:
        is_missing = isinstance(error, FileNotFoundError)
        raise InputError(
            f"The file cannot be read ({error.strerror})",
            where=str(path),
            remedy="Write it: docs/gateway.md has its settings." if is_missing else _RIGHTS,
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, decode_error_line(error, text)) from None
    except UnicodeDecodeError as error:
        raise _not_toml(path, error.object.count(b"\n", 0, error.start) + 1) from None
    except (ValueError, RecursionError):  # numbers and nesting beyond Python's limits
        raise _not_toml(path, 1) from None
    lines = line_index(text)
    return {
        name: Given(_relative(name, value, path.parent), f"{path}, line {lines.get((name,), 1)}")
        for name, value in content.items()
    }


def _relative(name: str, value: object, folder: Path) -> object:
    """Return what names a file, as a path from the folder of gateway.toml."""
    names_a_file = SETTINGS.get(name) is Path and isinstance(value, str) and value
    return folder / str(value) if names_a_file else value


def _not_toml(path: Path, line: int) -> InputError:
    return InputError(
        "This is not TOML",
        where=f"{path}, line {line}",
        remedy='Each line is a setting, as url = "https://HOST[:PORT]".',
    )
