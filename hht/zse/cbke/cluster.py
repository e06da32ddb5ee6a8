"""Key Establishment cluster 0x0800: its four commands, the same numbers in both directions.

Layouts of ZigBee Smart Energy, Annex C.3.1; integers are little-endian, keys and
certificates are raw.
"""

from dataclasses import dataclass
from enum import IntEnum

from hht.zse.cbke.ecqv import SUITES
from hht.zse.errors import MalformedFrame
from hht.zse.zcl import ZclFrame, from_client, from_server

INITIATE, EPHEMERAL_DATA, CONFIRM_KEY, TERMINATE = 0x00, 0x01, 0x02, 0x03
SUITE_ATTRIBUTE = 0x0000
_MAC_LENGTH = 16  # octets of the MAC that confirms the key


class TerminateStatus(IntEnum):
    """Why a key establishment ended (ZSE C.3.1.2.3.4)."""

    UNKNOWN_ISSUER = 1
    BAD_KEY_CONFIRM = 2
    BAD_MESSAGE = 3
    NO_RESOURCES = 4
    UNSUPPORTED_SUITE = 5
    INVALID_CERTIFICATE = 6


@dataclass(frozen=True, slots=True)
class Initiate:
    """Request or response: the suite, how long each step may take (s), the certificate."""

    suite: int
    ephemeral_seconds: int
    confirm_seconds: int
    certificate: bytes

    command = INITIATE

    def payload(self) -> bytes:
        times = bytes((self.ephemeral_seconds, self.confirm_seconds))
        return _u16(self.suite) + times + self.certificate


@dataclass(frozen=True, slots=True)
class EphemeralData:
    """Request or response: the compressed ephemeral public key."""

    point: bytes

    command = EPHEMERAL_DATA

    def payload(self) -> bytes:
        return self.point


@dataclass(frozen=True, slots=True)
class ConfirmKey:
    """Request (MACU) or response (MACV)."""

    mac: bytes

    command = CONFIRM_KEY

    def payload(self) -> bytes:
        return self.mac


@dataclass(frozen=True, slots=True)
class Terminate:
    """Either side ends it: status, seconds to wait before the next try, suites supported."""

    status: int
    wait_seconds: int
    suites: int

    command = TERMINATE

    def payload(self) -> bytes:
        return bytes((self.status, self.wait_seconds)) + _u16(self.suites)


KeyCommand = Initiate | EphemeralData | ConfirmKey | Terminate


def key_frame(command: KeyCommand, sequence: int, *, to_server: bool) -> ZclFrame:
    """Build the ZCL frame of a Key Establishment command."""
    make = from_client if to_server else from_server
    return make(command.command, command.payload(), sequence)


def decode_key_command(frame: ZclFrame) -> KeyCommand:
    """Read a Key Establishment command; MalformedFrame when it is none or of a wrong length."""
    if not frame.cluster_specific or frame.manufacturer is not None:
        raise MalformedFrame("not a Key Establishment command")
    raw = frame.payload
    if frame.command == INITIATE and len(raw) >= 4:
        return Initiate(int.from_bytes(raw[:2], "little"), raw[2], raw[3], raw[4:])
    if frame.command == EPHEMERAL_DATA and len(raw) in _POINT_LENGTHS:
        return EphemeralData(raw)
    if frame.command == CONFIRM_KEY and len(raw) == _MAC_LENGTH:
        return ConfirmKey(raw)
    if frame.command == TERMINATE and len(raw) == 4:
        return Terminate(raw[0], raw[1], int.from_bytes(raw[2:], "little"))
    raise MalformedFrame(f"Key Establishment command {frame.command:02X} with {len(raw)} bytes")


_POINT_LENGTHS = tuple(suite.curve.point_length for suite in SUITES.values())


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "little")
