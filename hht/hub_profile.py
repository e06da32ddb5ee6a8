"""Hub profiles: what GBCS leaves unknown about Communications Hubs, read from assets as data."""

import tomllib
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Self, get_args, get_type_hints

from hht.errors import HhtError

DEFAULT = "stand-in"
OWN_FOLDER = "profiles"  # in the data folder
_UNSET = "none"
HUB_BEHAVIOUR = (
    "repeats_in_new_tunnel",
    "forgets_on_close",
    "late_seconds",
    "channel_mask_keeps_key",
)
"""Guesses of how the hub behaves, of which a handheld cannot know before: no value of the wire."""


@dataclass(frozen=True)
class HubProfile:
    """One kind of hub; the files in assets/hub_profiles give the source of each value.

    None stands for a limit or field that is not there. Sizes are bytes, durations as named.
    Fields with a default came later: a whole profile of one's own may be older than they are.
    """

    name: str
    note: str
    window_minutes: int | None
    residency_hours: int
    channel_mask: int
    admission_cluster: int
    admission_profile_id: int
    admission_command: int
    admission_answer_command: int
    admission_manufacturer: int | None
    admission_prefix: str
    admission_fragmentation: bool
    admission_fragment_bytes: int
    admission_timeout_seconds: int
    admission_extended_nonce: bool
    admission_mac: bool
    admission_join_seconds: int
    install_code_with_crc: bool
    hht_device_type: int
    hht_limit: int
    hht_endpoint: int
    tunnel_protocol: int
    tunnel_manufacturer: int
    tunnel_max_transfer: int
    tunnel_wait_seconds: int
    tunnel_hub_opens: bool
    tunnel_header: bool
    busy_retry_seconds: int
    copies_to_hht: bool
    repeats_in_new_tunnel: bool
    forgets_on_close: bool
    late_seconds: int
    gbt_used: bool
    gbt_block_size: int
    gbt_window: int
    gbt_retries: int
    gbt_timeout_seconds: int
    response_seconds: int
    gsme_response_hours: int
    device_log_limit: int
    updates_han_devices: bool = True
    image_buffer_bytes: int = 1_500_000
    image_block_bytes: int = 63
    image_block_ms: int = 300
    image_patience_hours: int = 24
    unfit_certificate_taken: bool = False
    channel_mask_object: str = "0-0:94.44.11.0"
    channel_mask_keeps_key: bool = True
    hub_back_seconds: int = 120

    def at_speed(self, speed: float) -> Self:
        """Return the profile for a handheld at premises where time passes `speed` times as fast."""

        def seconds(value: int) -> int:
            return max(1, round(value / speed))

        return replace(
            self,
            response_seconds=seconds(self.response_seconds),
            busy_retry_seconds=seconds(self.busy_retry_seconds),
        )

    def behaving_as(self, other: Self) -> Self:
        """Return the profile of a hub that behaves as another, with what both sides share as it
        is."""
        return replace(self, **{name: getattr(other, name) for name in HUB_BEHAVIOUR})

    @property
    def channels(self) -> tuple[int, ...]:
        """List the 2.4 GHz channels to look for hubs on."""
        return tuple(channel for channel in range(11, 27) if self.channel_mask >> channel & 1)


class _Shelf:
    """Where profiles of one's own are: DATA/profiles, once the data folder is settled."""

    folder: Path | None = None


def use_own_profiles(folder: Path | None) -> None:
    """Have the profiles in this folder serve by their names, beside the tool's; None ends it."""
    _Shelf.folder = folder


def stock_names() -> tuple[str, ...]:
    """List the profiles that come with the tool."""
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in _stock() if _is_toml(entry)))


def own_files() -> tuple[Path, ...]:
    """List the files of profiles in the folder of one's own."""
    folder = _Shelf.folder
    return tuple(sorted(folder.glob("*.toml"))) if folder and folder.is_dir() else ()


def profile_names() -> tuple[str, ...]:
    """List every profile that has a name: those of the tool, then one's own."""
    stock = stock_names()
    return (*stock, *(path.stem for path in own_files() if path.stem not in stock))


def is_profile(name: str) -> bool:
    """Return whether a profile of that name, or in the file of that path, can be loaded."""
    try:
        load_profile(name)
    except HhtError:
        return False
    return True


def load_profile(name: str = DEFAULT) -> HubProfile:
    """Load a profile by its name, or by the path of its file.

    HhtError when there is none or a value is wrong.
    """
    return _load_stock(name) if name in stock_names() else _made_of(name)


@cache
def _load_stock(name: str) -> HubProfile:
    return _made_of(name)


def _made_of(name: str) -> HubProfile:
    values = {key: value for each in reversed(profile_files(name)) for key, value in each.values}
    _check(name, values)
    return HubProfile(**{key: _value(value) for key, value in values.items()})


@dataclass(frozen=True)
class ProfileFile:
    """One file that a profile is made of: where it is, and its text."""

    where: str
    text: str

    @cached_property
    def _table(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise _wrong(self.where, f"the hub profile is not TOML ({error})") from error

    @property
    def base(self) -> str | None:
        """The profile whose values stand where this file has none."""
        return self._table.get("extends")

    @property
    def values(self) -> tuple[tuple[str, Any], ...]:
        """The values that stand in this file."""
        return tuple((key, value) for key, value in self._table.items() if key != "extends")


def profile_files(name: str) -> tuple[ProfileFile, ...]:
    """Read the file of a profile and those it extends, the most general last."""
    found: list[ProfileFile] = []
    wanted: str | None = name
    while wanted is not None:
        file = _file(wanted)
        if file.where in [each.where for each in found]:
            raise _wrong(file.where, "the hub profile extends itself")
        found.append(file)
        wanted = file.base
    return tuple(found)


def _file(name: str) -> ProfileFile:
    if name in stock_names():
        path = files("assets") / "hub_profiles" / f"{name}.toml"
        return ProfileFile(f"{name}.toml", path.read_text("utf-8"))
    own = {path.stem: path for path in own_files()}
    path = own.get(name) or Path(name)
    if name not in own and not (path.suffix == ".toml" and path.is_file()):
        remedy = f"Use one of {', '.join(profile_names())}, or the path of a .toml file."
        raise HhtError(f"there is no hub profile {name!r}", remedy=remedy)
    try:
        return ProfileFile(str(path), path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(str(path), "the hub profile cannot be read as text") from error


def _stock() -> Iterable[Any]:
    return (files("assets") / "hub_profiles").iterdir()


def _is_toml(entry: Any) -> bool:
    return str(entry.name).endswith(".toml")


def _check(name: str, values: dict[str, Any]) -> None:
    hints = get_type_hints(HubProfile)
    names = {field.name for field in fields(HubProfile)}
    later = {field.name for field in fields(HubProfile) if field.default is not MISSING}
    if odd := (names ^ values.keys()) - (later - values.keys()):
        raise _wrong(name, f"the hub profile lacks or does not know: {', '.join(sorted(odd))}")
    for key, value in values.items():
        if type(_value(value)) not in (get_args(hints[key]) or (hints[key],)):
            raise _wrong(name, f"the hub profile's {key} cannot be {value!r}")


def _value(value: Any) -> Any:
    return None if value == _UNSET else value


def _wrong(where: str, what: str) -> HhtError:
    return HhtError(what, where=where, remedy="Correct the profile.")
