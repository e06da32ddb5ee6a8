"""Hub profiles: what GBCS leaves unknown about Communications Hubs, read from assets as data."""

import tomllib
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from typing import Any, Self, get_args, get_type_hints

from hht.errors import HhtError

DEFAULT = "stand-in"
_UNSET = "none"
HUB_BEHAVIOUR = ("repeats_in_new_tunnel", "forgets_on_close", "late_seconds")
"""Guesses of how the hub behaves, of which a handheld cannot know before: no value of the wire."""


@dataclass(frozen=True)
class HubProfile:
    """One kind of hub; the files in assets/hub_profiles give the source of each value.

    None stands for a limit or field that is not there. Sizes are bytes, durations as named.
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
        """The profile of a hub that behaves as another, with what both sides share as it is."""
        return replace(self, **{name: getattr(other, name) for name in HUB_BEHAVIOUR})

    @property
    def channels(self) -> tuple[int, ...]:
        """List the 2.4 GHz channels to look for hubs on."""
        return tuple(channel for channel in range(11, 27) if self.channel_mask >> channel & 1)


def profile_names() -> tuple[str, ...]:
    """List the profiles that come with the tool."""
    entries = (files("assets") / "hub_profiles").iterdir()
    names = (entry.name for entry in entries)
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def load_profile(name: str = DEFAULT) -> HubProfile:
    """Load a profile by name; HhtError when there is none of that name or a value is wrong."""
    values = _read(name)
    _check(name, values)
    return HubProfile(**{key: _value(value) for key, value in values.items()})


def _read(name: str) -> dict[str, Any]:
    if name not in profile_names():
        raise HhtError(
            f"there is no hub profile {name!r}", remedy=f"Use one of {', '.join(profile_names())}."
        )
    text = (files("assets") / "hub_profiles" / f"{name}.toml").read_text("utf-8")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(name, f"the hub profile is not TOML ({error})") from error
    base = values.pop("extends", None)
    return {**_read(base), **values} if base else values


def _check(name: str, values: dict[str, Any]) -> None:
    hints = get_type_hints(HubProfile)
    names = {field.name for field in fields(HubProfile)}
    if odd := names ^ values.keys():
        raise _wrong(name, f"the hub profile lacks or does not know: {', '.join(sorted(odd))}")
    for key, value in values.items():
        if type(_value(value)) not in (get_args(hints[key]) or (hints[key],)):
            raise _wrong(name, f"the hub profile's {key} cannot be {value!r}")


def _value(value: Any) -> Any:
    return None if value == _UNSET else value


def _wrong(name: str, what: str) -> HhtError:
    return HhtError(what, where=f"{name}.toml", remedy="Correct the profile.")
