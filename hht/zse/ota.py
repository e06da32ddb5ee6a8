"""The OTA Upgrade cluster 0x0019: the commands by which a Device fetches an image from its hub.

Layouts of the ZigBee Cluster Library, chapter 11; integers are little-endian. The hub is the
server. A block carries at most 63 bytes on both sides of Silicon Labs' stack.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from hht.zse.errors import MalformedFrame
from hht.zse.zcl import ZclFrame, from_client, from_server

OTA_UPGRADE = 0x0019
MAX_BLOCK = 63  # octets that fit one secured APS frame with the block's header
_HARDWARE_PRESENT = 0x01
_NOTIFY_VERSION = 3
"""Payload type of an Image Notify that names manufacturer, image type and file version."""
_ALL = 100
"""Query jitter: every Device that hears the notice asks."""


class OtaStatus(IntEnum):
    """The statuses of the cluster (ZCL 2.6.3)."""

    SUCCESS = 0x00
    ABORT = 0x95
    INVALID_IMAGE = 0x96
    WAIT_FOR_DATA = 0x97
    NO_IMAGE_AVAILABLE = 0x98


@dataclass(frozen=True, slots=True)
class ImageId:
    """Which image: the maker's number, the type (the Device type of CCS01), the file version."""

    manufacturer: int
    image_type: int
    version: int

    def encode(self) -> bytes:
        return _u16(self.manufacturer) + _u16(self.image_type) + _u32(self.version)

    @classmethod
    def decode(cls, raw: bytes) -> "ImageId":
        return cls(_number(raw, 0, 2), _number(raw, 2, 2), _number(raw, 4, 4))


@dataclass(frozen=True, slots=True)
class ImageNotify:
    """The hub has an image for the receiver."""

    command: ClassVar[int] = 0x00
    image: ImageId

    def payload(self) -> bytes:
        return bytes([_NOTIFY_VERSION, _ALL]) + self.image.encode()

    @classmethod
    def read(cls, payload: bytes) -> "ImageNotify":
        return cls(ImageId.decode(payload[2:]))


@dataclass(frozen=True, slots=True)
class QueryNextImage:
    """A Device asks for a newer image; `image` has the version that it runs."""

    command: ClassVar[int] = 0x01
    image: ImageId
    hardware: int

    def payload(self) -> bytes:
        return bytes([_HARDWARE_PRESENT]) + self.image.encode() + _u16(self.hardware)

    @classmethod
    def read(cls, payload: bytes) -> "QueryNextImage":
        hardware = _number(payload, 9, 2) if _number(payload, 0, 1) & _HARDWARE_PRESENT else 0
        return cls(ImageId.decode(payload[1:]), hardware)


@dataclass(frozen=True, slots=True)
class QueryNextImageResponse:
    """The image to fetch and its size; without one only a status."""

    command: ClassVar[int] = 0x02
    status: int
    image: ImageId | None = None
    size: int = 0

    def payload(self) -> bytes:
        head = bytes([self.status])
        return head + self.image.encode() + _u32(self.size) if self.image else head

    @classmethod
    def read(cls, payload: bytes) -> "QueryNextImageResponse":
        status = _number(payload, 0, 1)
        if status != OtaStatus.SUCCESS:
            return cls(status)
        return cls(status, ImageId.decode(payload[1:]), _number(payload, 9, 4))


@dataclass(frozen=True, slots=True)
class ImageBlockRequest:
    """A Device asks for the bytes at `offset`."""

    command: ClassVar[int] = 0x03
    image: ImageId
    offset: int
    most: int = MAX_BLOCK

    def payload(self) -> bytes:
        return b"\x00" + self.image.encode() + _u32(self.offset) + bytes([self.most])

    @classmethod
    def read(cls, payload: bytes) -> "ImageBlockRequest":
        return cls(ImageId.decode(payload[1:]), _number(payload, 9, 4), _number(payload, 13, 1))


@dataclass(frozen=True, slots=True)
class ImageBlockResponse:
    """The bytes at `offset`; with another status than SUCCESS none."""

    command: ClassVar[int] = 0x05
    status: int
    image: ImageId | None = None
    offset: int = 0
    data: bytes = b""

    def payload(self) -> bytes:
        if self.image is None:
            return bytes([self.status])
        head = bytes([self.status]) + self.image.encode() + _u32(self.offset)
        return head + bytes([len(self.data)]) + self.data

    @classmethod
    def read(cls, payload: bytes) -> "ImageBlockResponse":
        status = _number(payload, 0, 1)
        if status != OtaStatus.SUCCESS:
            return cls(status)
        data = payload[14:]
        if len(data) != _number(payload, 13, 1):
            raise MalformedFrame("an image block has another length than it says")
        return cls(status, ImageId.decode(payload[1:]), _number(payload, 9, 4), data)


@dataclass(frozen=True, slots=True)
class UpgradeEndRequest:
    """A Device has the whole image, or found it to be none."""

    command: ClassVar[int] = 0x06
    status: int
    image: ImageId

    def payload(self) -> bytes:
        return bytes([self.status]) + self.image.encode()

    @classmethod
    def read(cls, payload: bytes) -> "UpgradeEndRequest":
        return cls(_number(payload, 0, 1), ImageId.decode(payload[1:]))


@dataclass(frozen=True, slots=True)
class UpgradeEndResponse:
    """When to run it: `at` equal to `now` is at once (UTC seconds of ZigBee, or 0)."""

    command: ClassVar[int] = 0x07
    image: ImageId
    now: int = 0
    at: int = 0

    def payload(self) -> bytes:
        return self.image.encode() + _u32(self.now) + _u32(self.at)

    @classmethod
    def read(cls, payload: bytes) -> "UpgradeEndResponse":
        return cls(ImageId.decode(payload), _number(payload, 8, 4), _number(payload, 12, 4))


FromServer = ImageNotify | QueryNextImageResponse | ImageBlockResponse | UpgradeEndResponse
FromClient = QueryNextImage | ImageBlockRequest | UpgradeEndRequest
_FROM_SERVER: dict[int, type[FromServer]] = {
    0x00: ImageNotify,
    0x02: QueryNextImageResponse,
    0x05: ImageBlockResponse,
    0x07: UpgradeEndResponse,
}
_FROM_CLIENT: dict[int, type[FromClient]] = {
    0x01: QueryNextImage,
    0x03: ImageBlockRequest,
    0x06: UpgradeEndRequest,
}


def server_frame(command: FromServer, sequence: int) -> ZclFrame:
    """Build the hub's frame."""
    return from_server(command.command, command.payload(), sequence)


def client_frame(command: FromClient, sequence: int) -> ZclFrame:
    """Build a Device's frame; its answer is a command, never a Default Response."""
    return from_client(command.command, command.payload(), sequence, default_response=False)


def read_from_server(frame: ZclFrame) -> FromServer:
    """Read a frame of the hub's; MalformedFrame where it is none of the cluster's commands."""
    kind = _FROM_SERVER.get(frame.command)
    if kind is None or not frame.from_server:
        raise MalformedFrame(f"OTA command {frame.command:02X} is none of a server")
    return kind.read(frame.payload)


def read_from_client(frame: ZclFrame) -> FromClient:
    """Read a frame of a Device's; MalformedFrame where it is none of the cluster's commands."""
    kind = _FROM_CLIENT.get(frame.command)
    if kind is None or frame.from_server:
        raise MalformedFrame(f"OTA command {frame.command:02X} is none of a client")
    return kind.read(frame.payload)


def _number(raw: bytes, at: int, size: int) -> int:
    if len(raw) < at + size:
        raise MalformedFrame("an OTA command is cut short")
    return int.from_bytes(raw[at : at + size], "little")


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "little")


def _u32(value: int) -> bytes:
    return value.to_bytes(4, "little")
