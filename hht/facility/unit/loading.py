"""The unit's side of the protocol, without any line: a request in, an answer out.

This is the reference for a maker's firmware (docs/unit-protocol.md). A package is written to the
inactive half, checked there as a whole, and becomes the active one in a single step; the power may
fail at any moment.
"""

from collections.abc import Callable
from hashlib import sha256

from hht.clock import SYSTEM_CLOCK, Clock
from hht.facility.package.header import LARGEST_BODY, parse_header
from hht.facility.package.reader import check_header, open_package
from hht.facility.package.refusals import PackageRefused
from hht.facility.unit.memory import UnitMemory
from hht.facility.wire.frames import Frame, decode_fields, encode_fields
from hht.facility.wire.messages import (
    ANSWER,
    BLOCK_BYTES,
    PROTOCOL,
    REFUSED,
    Held,
    Kind,
    WireRefusal,
)
from hht.facility.wire.proofs import identity_bytes, sign_receipt, unit_mac

_LARGEST_PACKAGE = LARGEST_BODY + 512  # the header with the longest batch's name has 272 bytes


class Refused(Exception):
    """A message that the unit does not obey, with its code."""


class LoadingUnit:
    """One unit that is being loaded; `save` keeps its memory and must be durable on return."""

    def __init__(
        self, memory: UnitMemory, save: Callable[[], None], clock: Clock = SYSTEM_CLOCK
    ) -> None:
        self.memory = memory
        self._save = save
        self._clock = clock
        self._agreement, self._signing = memory.agreement, memory.signing
        self._batch: str | None = None
        self._announced = 0
        self._written = bytearray()
        self._verified = b""
        self._last: tuple[Frame, Frame] | None = None

    def answer(self, request: Frame) -> Frame:
        """Answer a request; one that is repeated, because its answer was lost, gets the same."""
        if self._last and self._last[0] == request:
            return self._last[1]
        try:
            kind, payload = request.kind | ANSWER, self._obey(request)
        except PackageRefused as error:
            kind, payload = REFUSED, encode_fields(error.refusal.encode(), error.what.encode())
        except Refused as error:
            kind, payload = REFUSED, encode_fields(str(error).encode(), b"")
        except ValueError:
            kind, payload = REFUSED, encode_fields(WireRefusal.MALFORMED.encode(), b"")
        answer = Frame(kind, request.sequence, payload)
        self._last = request, answer
        return answer

    def _obey(self, request: Frame) -> bytes:
        doing: dict[int, Callable[[bytes], bytes]] = {
            Kind.PING: self._ping,
            Kind.IDENTIFY: self._identify,
            Kind.SLOT: self._slot,
            Kind.OPEN: self._open,
            Kind.BLOCK: self._block,
            Kind.VERIFY: self._verify,
            Kind.COMMIT: self._commit,
            Kind.RECEIPT: self._receipt,
            Kind.WIPE: self._wipe,
            Kind.CAPTURES: self._captures,
            Kind.CAPTURE: self._capture,
            Kind.TAKEN: self._taken,
        }
        if request.kind not in doing:
            raise Refused(WireRefusal.UNKNOWN_KIND)
        return doing[request.kind](request.payload)

    def _ping(self, payload: bytes) -> bytes:
        return encode_fields(self.memory.unit_id)

    def _identify(self, payload: bytes) -> bytes:
        nonce, point = decode_fields(payload, 2)
        eui, certificate = self.memory.unit_id, self.memory.signing_certificate
        proven = identity_bytes(nonce, point, eui, certificate)
        mac = unit_mac(self._agreement, point, proven)
        return encode_fields(eui, PROTOCOL, self.memory.firmware.encode(), certificate, mac)

    def _slot(self, payload: bytes) -> bytes:
        """Say what is held: a half that was begun and not committed is torn."""
        active, inactive = self.memory.active, self.memory.inactive
        state = Held.WHOLE if active else Held.TORN if inactive is not None else Held.EMPTY
        digest = sha256(active).digest() if active else b""
        batch = parse_header(active).header.batch if active else ""
        waiting = len(self.memory.captures)
        return encode_fields(state.encode(), digest, batch.encode(), self.memory.counter, waiting)

    def _open(self, payload: bytes) -> bytes:
        """Judge the header before a byte of the package is written."""
        batch, header, length = decode_fields(payload, 3)
        if self.memory.active:
            raise Refused(WireRefusal.OCCUPIED)
        if (announced := int.from_bytes(length, "big")) > _LARGEST_PACKAGE:
            raise Refused(WireRefusal.NO_ROOM)
        trust = self.memory.trust(batch.decode("ascii"))
        check_header(parse_header(header), trust, self._clock.now())
        self.memory.inactive = b""
        self._save()
        self._batch, self._announced = trust.batch, announced
        self._written, self._verified = bytearray(), b""
        return b""

    def _block(self, payload: bytes) -> bytes:
        """Take the next block; one that was taken already is taken again without harm."""
        offset_field, data = decode_fields(payload, 2)
        offset = int.from_bytes(offset_field, "big")
        if self._batch is None or self.memory.inactive is None or offset > len(self._written):
            raise Refused(WireRefusal.OUT_OF_ORDER)
        if offset + len(data) > self._announced:
            raise Refused(WireRefusal.NO_ROOM)
        self._written[offset : offset + len(data)] = data
        self._verified = b""
        return encode_fields(len(self._written))

    def _verify(self, payload: bytes) -> bytes:
        """Check the whole package as it is in the inactive half, and open it."""
        if self._batch is None:
            raise Refused(WireRefusal.OUT_OF_ORDER)
        package = bytes(self._written)
        trust = self.memory.trust(self._batch)
        open_package(package, self._agreement, trust, self._clock.now())
        self._verified = package
        return encode_fields(sha256(package).digest(), self.memory.unit_id)

    def _commit(self, payload: bytes) -> bytes:
        if not self._verified:
            raise Refused(WireRefusal.OUT_OF_ORDER)
        header = parse_header(self._verified).header
        memory = self.memory
        memory.active, memory.inactive = self._verified, None
        memory.newest, memory.newest_digest = header.issued, header.digest
        memory.counter += 1
        self._save()
        self._batch, self._verified = None, b""
        return self._receipt(payload)

    def _receipt(self, payload: bytes) -> bytes:
        (nonce,) = decode_fields(payload, 1)
        if not self.memory.active:
            raise Refused(WireRefusal.OUT_OF_ORDER)
        digest, counter = sha256(self.memory.active).digest(), self.memory.counter
        signature = sign_receipt(self._signing, self.memory.unit_id, nonce, digest, counter)
        return encode_fields(digest, counter, signature)

    def _wipe(self, payload: bytes) -> bytes:
        """Empty the inactive half; the active one stays, whatever a bench wants."""
        self.memory.inactive = None
        self._save()
        self._batch, self._written, self._verified = None, bytearray(), b""
        return b""

    def _captures(self, payload: bytes) -> bytes:
        return encode_fields(len(self.memory.captures))

    def _capture(self, payload: bytes) -> bytes:
        """Hand over a piece of one capture: its whole length, and the bytes from an offset on."""
        index, offset = (int.from_bytes(each, "big") for each in decode_fields(payload, 2))
        if index >= len(self.memory.captures):
            raise Refused(WireRefusal.OUT_OF_ORDER)
        capture = self.memory.captures[index]
        return encode_fields(len(capture), capture[offset : offset + BLOCK_BYTES])

    def _taken(self, payload: bytes) -> bytes:
        """Forget a capture that somebody has durably, by its digest; one that is gone is."""
        (digest,) = decode_fields(payload, 1)
        self.memory.collected(digest)
        self._save()
        return b""
