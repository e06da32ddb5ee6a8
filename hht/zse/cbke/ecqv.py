"""ECQV implicit certificates (SEC 4) in the two forms of ZigBee Smart Energy, and their issue.

Byte strings inside a certificate are most significant byte first. Suite 1 is 48 bytes on
sect163k1, suite 2 is 74 bytes on sect283k1 (ZSE 1.2, Annex C).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from hht.entity_id import EntityId
from hht.zse import aes_mmo
from hht.zse.cbke.binary_curve import SECT163K1, SECT283K1, BinaryCurve, InvalidPoint, Point
from hht.zse.errors import MalformedFrame

_TYPE, _CURVE, _HASH, _KEY_AGREEMENT = 0x00, 0x0D, 0x08, 0x88
_MAY_AGREE = 0x08  # the bit of _KEY_AGREEMENT; the other says that the usage is critical
_VALID_FROM, _VALID_FOR, _KEY_USAGE = slice(19, 24), slice(24, 28), 36
_FOREVER = b"\xff\xff\xff\xff"
_TOLERANCE = 86_400  # s: a handheld's clock may be a time zone off, or a battery behind
_FAR = 253_402_300_799  # the last second of the year 9999, which is the last that has a name
_SUITE_1_PROFILE = bytes.fromhex("01090006000000000000")
Random = Callable[[int], bytes]


@dataclass(frozen=True)
class CbkeSuite:
    """A cryptographic suite: its curve, lengths, and where its certificates keep what."""

    number: int
    curve: BinaryCurve
    certificate_length: int
    point: slice
    subject: slice
    issuer: slice
    fixed: tuple[tuple[int, int], ...]

    @property
    def private_length(self) -> int:
        return self.curve.point_length - 1


SUITE_1 = CbkeSuite(1, SECT163K1, 48, slice(0, 22), slice(22, 30), slice(30, 38), ())
SUITE_2 = CbkeSuite(
    2,
    SECT283K1,
    74,
    slice(37, 74),
    slice(28, 36),
    slice(11, 19),
    ((0, _TYPE), (9, _CURVE), (10, _HASH)),
)
SUITES = {suite.number: suite for suite in (SUITE_1, SUITE_2)}


@dataclass(frozen=True)
class ImplicitCertificate:
    """A certificate of one suite; who it names and who issued it."""

    suite: CbkeSuite
    raw: bytes

    @classmethod
    def parse(cls, suite: CbkeSuite, raw: bytes) -> "ImplicitCertificate":
        """Check length and fixed octets; MalformedFrame when they are another form's."""
        if len(raw) != suite.certificate_length:
            raise MalformedFrame(f"{len(raw)} bytes are no suite {suite.number} certificate")
        if any(raw[at] != value for at, value in suite.fixed):
            raise MalformedFrame(f"not a suite {suite.number} certificate of key agreement")
        return cls(suite, raw)

    @property
    def subject(self) -> EntityId:
        return EntityId(self.raw[self.suite.subject])

    @property
    def issuer(self) -> EntityId:
        return EntityId(self.raw[self.suite.issuer])

    def doubts(self, now: float) -> list[str]:
        """Say what speaks against its use at `now`, in seconds since 1970; nothing in suite 1.

        Validity and key usage are SEC 4's: when it begins, for how long, and a bit for agreement.
        """
        if self.suite is not SUITE_2:
            return []
        begins = int.from_bytes(self.raw[_VALID_FROM], "big")
        lasts = self.raw[_VALID_FOR]
        found = []
        if now + _TOLERANCE < begins:
            found.append(f"is valid only from {_day(begins)}")
        elif lasts != _FOREVER and now - _TOLERANCE > begins + int.from_bytes(lasts, "big"):
            found.append(f"was valid until {_day(begins + int.from_bytes(lasts, 'big'))}")
        if not self.raw[_KEY_USAGE] & _MAY_AGREE:
            found.append(f"is not for key agreement (key usage {self.raw[_KEY_USAGE]:02X})")
        return found

    @property
    def hash(self) -> int:
        return int.from_bytes(aes_mmo.digest(self.raw), "big")

    def public_key(self, ca_public_key: bytes) -> Point:
        """Compute hash * reconstruction point + CA's key; InvalidPoint for no valid key."""
        curve = self.suite.curve
        base = curve.decode(self.raw[self.suite.point])
        key = curve.add(curve.multiply(self.hash, base), curve.decode(ca_public_key))
        if key is None or curve.times_cofactor(key) is None:
            raise InvalidPoint("the certificate yields no usable public key")
        return key


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(min(seconds, _FAR), UTC):%Y-%m-%d}"


def new_private_key(suite: CbkeSuite, random: Random) -> int:
    """Draw a uniform number from 1 to order - 1, from eight bytes more than the order has."""
    drawn = int.from_bytes(random(suite.private_length + 8), "big")
    return drawn % (suite.curve.order - 1) + 1


def public_key_of(suite: CbkeSuite, private_key: bytes) -> bytes:
    """Compute the compressed public key of a private key given as big-endian bytes."""
    point = suite.curve.multiply(int.from_bytes(private_key, "big"), suite.curve.generator)
    if point is None:
        raise InvalidPoint("the private key is a multiple of the curve's order")
    return suite.curve.encode(point)


def issue_certificate(
    suite: CbkeSuite,
    ca_private_key: bytes,
    issuer: EntityId,
    subject: EntityId,
    random: Random,
    valid_from: int = 0,
    valid_for: int | None = None,
    key_usage: int = _KEY_AGREEMENT,
) -> tuple[bytes, bytes]:
    """Issue `(certificate, private key)` for a subject, as an ECQV authority does.

    Suite 2 only: `valid_from` in seconds since 1970, `valid_for` in seconds (None: for ever), and
    the key usage.

    The authority draws the subject's secret itself, as the published Certicom test sets do,
    so that the private key it hands over is complete.
    """
    curve = suite.curve
    secret = new_private_key(suite, random)
    point = curve.multiply(secret, curve.generator)
    assert point is not None
    if suite is SUITE_1:
        raw = curve.encode(point) + subject + issuer + _SUITE_1_PROFILE
    else:
        head = bytes((_TYPE,)) + random(8) + bytes((_CURVE, _HASH)) + issuer
        lasts = _FOREVER if valid_for is None else valid_for.to_bytes(4, "big")
        validity = valid_from.to_bytes(5, "big") + lasts
        raw = head + validity + subject + bytes((key_usage,)) + curve.encode(point)
    digest = ImplicitCertificate(suite, raw).hash
    private = (digest * secret + int.from_bytes(ca_private_key, "big")) % curve.order
    return raw, private.to_bytes(suite.private_length, "big")
