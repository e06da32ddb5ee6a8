"""GBZ payloads: ZigBee Cluster Library frames in GBCS components, as the GSME and GPF speak.

The GBZ headers are big-endian, the ZCL frames inside little-endian. Source: GBCS section 7.4, as
seen in the RTDS 4.5.0 messages; ZigBee Cluster Library, section 2.4.1 (frame header).
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from hht.gbcs.errors import MalformedMessage
from hht.gbcs.length import malformed

PROFILE = 0x0109
LAST = 0x01
ENCRYPTED = 0x02
FROM_DATE = 0x10
_MANUFACTURER_SPECIFIC = 0x04
_FROM_SERVER = 0x08
_FRAME_TYPE = 0x03


class ZclFrame(NamedTuple):
    """A ZCL frame: `control` its frame control octet, `payload` what follows the command."""

    control: int
    sequence: int
    command: int
    payload: bytes = b""
    manufacturer: int | None = None

    @property
    def is_foundation(self) -> bool:
        """Whether the command is one all clusters share (read attributes, default response)."""
        return self.control & _FRAME_TYPE == 0

    @property
    def from_server(self) -> bool:
        """Whether it goes from the cluster's server to its client."""
        return bool(self.control & _FROM_SERVER)


@dataclass(frozen=True, slots=True)
class Component:
    """One GBZ component.

    `control` has the bits LAST, ENCRYPTED and FROM_DATE; `from_date` is seconds since 2000 in UTC;
    `additional` is the two octets of additional header of an encrypted component, whose
    frame.payload is the two-octet length and the ciphered information.
    """

    control: int
    cluster: int
    frame: ZclFrame = field(repr=False)
    from_date: int | None = None
    additional: bytes = b""

    @property
    def is_encrypted(self) -> bool:
        """Whether the frame's payload is ciphered."""
        return bool(self.control & ENCRYPTED)


@dataclass(frozen=True, slots=True)
class GbzPayload:
    """A Command or a Response: what is asked of, or answered by, one cluster after another."""

    components: tuple[Component, ...]
    profile: int = PROFILE


@dataclass(frozen=True, slots=True)
class GbzAlert:
    """An Alert: its code, its time in seconds since 2000 UTC, and what the code calls for.

    `count` is the octet where other payloads count their components: 0, or 1 when there is content.
    """

    code: int
    time: int
    content: bytes = field(default=b"", repr=False)
    count: int = 0
    profile: int = PROFILE


def components_of(*parts: tuple[int, ZclFrame]) -> GbzPayload:
    """Return a plain payload of (cluster, frame) pairs, the last one marked as last."""
    last = len(parts) - 1
    made = (Component(LAST if at == last else 0, *part) for at, part in enumerate(parts))
    return GbzPayload(tuple(made))


def decode_gbz(raw: bytes) -> GbzPayload:
    """Read a whole Command or Response payload."""
    if len(raw) < 3:
        malformed("the GBZ payload ends inside its header")
    position = 3
    components = []
    for _ in range(raw[2]):
        component, position = decode_component(raw, position)
        components.append(component)
    if position != len(raw):
        malformed(f"{len(raw) - position} bytes follow the last GBZ component")
    return GbzPayload(tuple(components), raw[0] << 8 | raw[1])


def encode_gbz(payload: GbzPayload) -> bytes:
    """Return the octets of a Command or Response payload."""
    head = payload.profile.to_bytes(2, "big") + bytes([len(payload.components)])
    return head + b"".join(map(encode_component, payload.components))


def decode_gbz_alert(raw: bytes) -> GbzAlert:
    """Read a whole Alert payload."""
    if len(raw) < 9:
        malformed("the GBZ alert ends inside its header")
    profile, code = int.from_bytes(raw[:2], "big"), int.from_bytes(raw[3:5], "big")
    return GbzAlert(code, int.from_bytes(raw[5:9], "big"), raw[9:], raw[2], profile)


def encode_gbz_alert(alert: GbzAlert) -> bytes:
    head = alert.profile.to_bytes(2, "big") + bytes([alert.count])
    return head + alert.code.to_bytes(2, "big") + alert.time.to_bytes(4, "big") + alert.content


def alert_component(alert: GbzAlert) -> Component | None:
    """Return the component an Alert carries (GCS53, the billing data log).

    None for other content.
    """
    try:
        component, end = decode_component(alert.content, 0)
    except MalformedMessage:
        return None
    return component if end == len(alert.content) else None


def decode_component(raw: bytes, position: int) -> tuple[Component, int]:
    """Read one component: it, and the position after it."""
    start = position + 5
    if start > len(raw):
        malformed("the GBZ payload ends inside a component's header")
    control, cluster = raw[position], raw[position + 1] << 8 | raw[position + 2]
    end = start + (raw[position + 3] << 8 | raw[position + 4])
    body = raw[start:end]
    if end > len(raw):
        malformed("a GBZ component runs past the end of the payload")
    additional, body = _split(body, 2 if control & ENCRYPTED else 0)
    date, body = _split(body, 4 if control & FROM_DATE else 0)
    from_date = int.from_bytes(date, "big") if date else None
    return Component(control, cluster, decode_frame(body), from_date, additional), end


def encode_component(component: Component) -> bytes:
    date = b"" if component.from_date is None else component.from_date.to_bytes(4, "big")
    body = component.additional + date + encode_frame(component.frame)
    head = bytes([component.control]) + component.cluster.to_bytes(2, "big")
    return head + len(body).to_bytes(2, "big") + body


def decode_frame(raw: bytes) -> ZclFrame:
    """Read a ZCL frame that fills `raw`."""
    size = 5 if raw and raw[0] & _MANUFACTURER_SPECIFIC else 3
    if len(raw) < size:
        malformed("a ZCL frame ends inside its header")
    manufacturer = int.from_bytes(raw[1:3], "little") if size == 5 else None
    return ZclFrame(raw[0], raw[size - 2], raw[size - 1], raw[size:], manufacturer)


def encode_frame(frame: ZclFrame) -> bytes:
    manufacturer = b"" if frame.manufacturer is None else frame.manufacturer.to_bytes(2, "little")
    head = bytes([frame.control]) + manufacturer + bytes([frame.sequence, frame.command])
    return head + frame.payload


def _split(body: bytes, size: int) -> tuple[bytes, bytes]:
    if len(body) < size:
        malformed("a GBZ component ends inside its additional header")
    return body[:size], body[size:]
