"""Hub profiles: what GBCS leaves unknown about Communications Hubs, read from assets as data."""

import tomllib
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Self, get_type_hints

from hht.allowed import (
    Between,
    Bits,
    Byte,
    Form,
    Hours,
    Line,
    Obis,
    Seconds,
    Word,
    allows,
    in_words,
    shown,
    some,
)
from hht.errors import HhtError, InputError
from hht.files import decode_text

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

ChannelMask = Annotated[int, Bits(0x07FF_F800, "a mask of channels from 11 to 26 (0x07FFF800)")]
Prefix = Annotated[str, Form("([0-9A-Fa-f]{2}){0,16}", "0 to 16 bytes as hexadecimal digits")]


@dataclass(frozen=True)
class HubProfile:
    """One kind of hub; the files in assets/hub_profiles give the source of each value.

    What each value may be is beside its field: identifiers are as wide as on the wire, an
    endpoint is one of ZigBee's for applications, a fragment of inter-PAN goes into one frame, a
    GBT window has six bits. Where the wire has no limit, ours is beyond what any hub may do.

    None stands for a limit or field that is not there. Sizes are bytes, durations as named.
    Fields with a default came later: a whole profile of one's own may be older than they are.
    """

    name: Line
    note: str
    window_minutes: Annotated[int, Between(1, 1440)] | None
    residency_hours: Hours
    channel_mask: ChannelMask
    admission_cluster: Word
    admission_profile_id: Word
    admission_command: Byte
    admission_answer_command: Byte
    admission_manufacturer: Word | None
    admission_prefix: Prefix
    admission_fragmentation: bool
    admission_fragment_bytes: Annotated[int, Between(1, 91)]
    admission_timeout_seconds: Seconds
    admission_extended_nonce: bool
    admission_mac: bool
    admission_join_seconds: Word
    install_code_with_crc: bool
    hht_device_type: Byte
    hht_limit: Annotated[int, Between(1, 255)]
    hht_endpoint: Annotated[int, Between(1, 240)]
    tunnel_protocol: Byte
    tunnel_manufacturer: Word
    tunnel_max_transfer: Annotated[int, Between(64, 0xFFFF)]
    tunnel_wait_seconds: Annotated[int, Between(0, 3600)]
    tunnel_hub_opens: bool
    tunnel_header: bool
    busy_retry_seconds: Seconds
    copies_to_hht: bool
    repeats_in_new_tunnel: bool
    forgets_on_close: bool
    late_seconds: Annotated[int, Between(0, 3600)]
    gbt_used: bool
    gbt_block_size: Annotated[int, Between(1, 0xFFFF)]
    gbt_window: Annotated[int, Between(1, 63)]
    gbt_retries: Annotated[int, Between(0, 100)]
    gbt_timeout_seconds: Seconds
    response_seconds: Seconds
    gsme_response_hours: Hours
    device_log_limit: Annotated[int, Between(1, 255)]
    updates_han_devices: bool = True
    image_buffer_bytes: Annotated[int, Between(1, 0xFFFF_FFFF)] = 1_500_000
    image_block_bytes: Annotated[int, Between(1, 63)] = 63
    image_block_ms: Annotated[int, Between(0, 60_000)] = 300
    image_patience_hours: Hours = 24
    unfit_certificate_taken: bool = False
    channel_mask_object: Obis = "0-0:94.44.11.0"
    channel_mask_keeps_key: bool = True
    hub_back_seconds: Seconds = 120

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
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in _stock()))


def own_files() -> tuple[Path, ...]:
    """List the files of profiles in the folder of one's own."""
    folder = _Shelf.folder
    return tuple(sorted(folder.glob("*.toml"))) if folder and folder.is_dir() else ()


def is_hidden(path: Path) -> bool:
    """Return whether a file there is not used because a profile of the tool has its name."""
    in_shelf = _Shelf.folder is not None and path.parent.resolve() == _Shelf.folder.resolve()
    return in_shelf and path.stem in stock_names()


def profile_names() -> tuple[str, ...]:
    """List every profile that has a name: those of the tool, then one's own."""
    stock = stock_names()
    return (*stock, *(path.stem for path in own_files() if path.stem not in stock))


def profile_fault(name: str) -> str:
    """Say why no profile of that name, or in the file of that path, can be loaded; "" if it can."""
    try:
        load_profile(name)
    except HhtError as error:
        return str(error)
    return ""


def settled_name(name: str) -> str:
    """Return the name, or the whole path of a file, that serves in whichever folder hht starts."""
    return name if name in profile_names() else str(Path(name).resolve())


def load_profile(name: str = DEFAULT) -> HubProfile:
    """Load a profile by its name, or by the path of its file.

    InputError when there is none or a value is wrong.
    """
    return _load_stock(name) if name in stock_names() else _made_of(name)


@cache
def _load_stock(name: str) -> HubProfile:
    return _made_of(name)


def _made_of(name: str) -> HubProfile:
    files_of_it = profile_files(name)
    for file in files_of_it:
        file.check()
    values = {key: value for each in reversed(files_of_it) for key, value in each.values}
    if lacking := sorted(_needed() - values.keys()):
        what = f"the hub profile lacks {some(lacking)}"
        raise _wrong(files_of_it[0].where, what, f'Begin it with extends = "{DEFAULT}".')
    return HubProfile(**values)


@dataclass(frozen=True)
class ProfileFile:
    """One file that a profile is made of; `path` is the whole one of a file of one's own."""

    where: str
    text: str
    path: Path | None = None

    @cached_property
    def _table(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:  # numbers and nesting beyond Python's limits
            raise _wrong(self.where, f"the hub profile is not TOML ({error})") from error

    @property
    def base(self) -> str | None:
        """The profile whose values hold where this file has none."""
        base = self._table.get("extends")
        if base is not None and not isinstance(base, str):
            what = f"the hub profile's extends cannot be {shown(base)}"
            raise _wrong(self.where, what, "It may be the name of a profile, or a path.")
        return base

    @property
    def values(self) -> tuple[tuple[str, Any], ...]:
        """The values of this file."""
        table = self._table.items()
        return tuple((key, _value(value)) for key, value in table if key != "extends")

    def check(self) -> None:
        """InputError at the first value that no profile may have, or no one knows."""
        hints = _hints()
        for key, value in self.values:
            if key not in hints:
                what = f"the hub profile does not know: {shown(key)}"
                raise _wrong(self.where, what, "Correct its name, or take it out.")
            if not allows(hints[key], value):
                what = f"the hub profile's {key} cannot be {shown(value)}"
                raise _wrong(self.where, what, f"It may be {in_words(hints[key])}.")


def fits(name: str, value: Any) -> bool:
    """Return whether a profile may have this value there."""
    return allows(_hints()[name], value)


def profile_files(name: str) -> tuple[ProfileFile, ...]:
    """Read the file of a profile and those it extends, the most general last."""
    found: list[ProfileFile] = []
    wanted: str | None = name
    while wanted is not None:
        file = _file(wanted, found[-1] if found else None)
        if file.path and file.path in [each.path for each in found]:
            raise _wrong(file.where, "the hub profile extends itself")
        found.append(file)
        wanted = file.base
    return tuple(found)


def _file(name: str, derived: ProfileFile | None) -> ProfileFile:
    """Read the file of a name or path; a path in another profile begins at that one's folder."""
    if name in stock_names():
        stock = files("assets") / "hub_profiles" / f"{name}.toml"
        return ProfileFile(stock.name, stock.read_text("utf-8"))
    own = {path.stem: path for path in own_files()}
    path = own.get(name) or _existing(name, derived)
    if path is None:
        remedy = f"Use one of {some(profile_names())}, or the path of a .toml file."
        where = derived.where if derived else ""
        raise InputError(f"there is no hub profile {shown(name)}", where=where, remedy=remedy)
    try:
        text = decode_text(path.read_bytes()) if path.is_file() else None
    except (OSError, ValueError):
        text = None
    if text is None:
        raise _wrong(str(path), "the hub profile cannot be read as text")
    return ProfileFile(str(path), text, path.resolve())


def _existing(name: str, derived: ProfileFile | None) -> Path | None:
    beside = [derived.path.parent / name] if derived and derived.path else []
    for path in (*beside, Path(name)):
        try:
            if path.suffix == ".toml" and path.is_file():
                return path
        except (OSError, ValueError):  # a name that no file can have
            return None
    return None


def _stock() -> list[Any]:
    folder = files("assets") / "hub_profiles"
    return [entry for entry in folder.iterdir() if entry.name.endswith(".toml")]


@cache
def _hints() -> dict[str, Any]:
    return get_type_hints(HubProfile, include_extras=True)


def _needed() -> set[str]:
    return {field.name for field in fields(HubProfile) if field.default is MISSING}


def _value(value: Any) -> Any:
    return None if value == _UNSET else value


def _wrong(where: str, what: str, remedy: str = "Correct the profile.") -> InputError:
    return InputError(what, where=where, remedy=remedy)
