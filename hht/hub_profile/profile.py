"""A hub profile: what GBCS leaves unknown about Communications Hubs, and what each value may be."""

from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from typing import Annotated, Any, Self, get_type_hints

from hht.hub_profile.allowed import (
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
)

HUB_BEHAVIOUR = (
    "repeats_in_new_tunnel",
    "forgets_on_close",
    "late_seconds",
    "channel_mask_keeps_key",
    "copies_to_hht",
    "hht_limit",
    "device_log_limit",
    "gsme_response_hours",
    "updates_han_devices",
    "image_buffer_bytes",
    "image_block_bytes",
    "image_block_ms",
    "image_patience_hours",
)
"""How the hub alone behaves: no value of the wire, and no time that a handheld counts too."""

ChannelMask = Annotated[int, Bits(0x07FF_F800, "a mask of channels from 11 to 26 (0x07FFF800)")]
Prefix = Annotated[str, Form("([0-9A-Fa-f]{2}){0,16}", "0 to 16 bytes as hexadecimal digits")]


@dataclass(frozen=True)
class HubProfile:
    """One kind of hub; the files in assets/hub_profiles give the source of each value.

    What each value may be is beside its field: identifiers are as wide as on the wire, an
    endpoint is one of ZigBee's for applications, a fragment of inter-PAN goes into one frame, a
    GBT window has six bits. Where the wire has no limit, ours is beyond what any hub may do.

    None means that there is no such limit or field. Sizes are bytes, durations as named.
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
        """Return the profile for a handheld at premises where time passes `speed` times as fast.

        It waits at least a second of the machine's, which is more than its share from 60 times on.
        What comes later still counts: a busy machine leaves a Command UNKNOWN until then.
        """

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


@cache
def value_types() -> dict[str, Any]:
    """Return what each value of a profile may be, by its name."""
    return get_type_hints(HubProfile, include_extras=True)


def needed_values() -> set[str]:
    """Return the values that every whole profile has."""
    return {field.name for field in fields(HubProfile) if field.default is MISSING}


def fits(name: str, value: Any) -> bool:
    """Return whether a profile may have this value there."""
    return allows(value_types()[name], value)
