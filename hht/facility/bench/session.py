"""One unit in one slot, from its first answer to the receipt in the books."""

import base64
import os
from collections.abc import Callable
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.facility.batches.claiming import ClaimUnit
from hht.facility.batches.operation import LEASE_SECONDS, Operation
from hht.facility.batches.operations import Begin, Complete, Note, Reject, Release, Renew, Settle
from hht.facility.batches.records import IDENTITY_UNPROVEN, Claim, ClaimResult
from hht.facility.bench.line import LineLost, NoAnswer, UnitLine, UnitRefused
from hht.facility.bench.outcomes import DAMAGED_ON_THE_WAY, Look, Outcome
from hht.facility.bench.station import Station, Stop, Unit
from hht.facility.collecting.collect import collect_from
from hht.facility.package.header import parse_header
from hht.facility.package.keys import point_of
from hht.facility.package.refusals import PackageRefused, Refusal
from hht.facility.wire.messages import BLOCK_BYTES, NONCE_BYTES, PROTOCOL, Held, Kind
from hht.facility.wire.proofs import Receipt, identity_bytes, identity_mac
from hht.gbcs.certificates import device_of

# A unit that fails so often has a fault that another try does not cure. One that may hold its
# package is asked again all the same: it would go back to its maker with a site's secrets.
MOST_TRIES = 5


class Session:
    """The loading of the unit that is in a slot now."""

    def __init__(
        self,
        station: Station,
        slot: str,
        line: UnitLine,
        *,
        progress: Callable[[str, str], None] = lambda state, eui: None,
    ) -> None:
        self._station = station
        self._slot = slot
        self._line = line
        self._progress = progress
        self._token = os.urandom(8).hex()
        self._step = "identify"
        self._is_rejected = False
        self._may_hold = False
        """Whether the unit may hold its package committed, for all that is known now."""
        self._renewed = station.clock.elapsed()
        self.eui: EntityId | None = None
        self.collected = 0

    async def run(self) -> Outcome:
        """Load it; every way to fail has an outcome, and the books say the same."""
        unit: Unit | None = None
        try:
            unit = await self._identify()
            self._progress("identified", str(unit.eui))
            stop = await self._loaded(unit)
        except Stop as error:
            stop = error
        except LineLost:
            stop = Stop("unplugged", f"at {self._step}")
        except NoAnswer:
            stop = Stop("no-answer" if self.eui else "silent", f"at {self._step}")
        except UnitRefused as error:
            stop = Stop(str(error), f"at {self._step}")
        except PackageRefused as error:
            stop = Stop(error.refusal, "in the books")
        except (HhtError, OSError) as error:  # the line's own are LineLost
            return self._away(error)
        except (ValueError, IndexError):
            stop = Stop("malformed", f"at {self._step}")
        try:
            return self._outcome(await self._book(stop, unit))
        except HhtError as error:
            return self._away(error)

    def _away(self, error: HhtError | OSError) -> Outcome:
        """Wait with the unit where it is, for nothing can be kept now."""
        reason = error.what if isinstance(error, HhtError) else error.strerror
        return self._outcome(Stop("books-away", reason or ""))

    def _outcome(self, stop: Stop) -> Outcome:
        return Outcome(stop.code, str(self.eui or ""), stop.detail, self._is_rejected)

    async def _identify(self) -> Unit:
        """Have the unit prove its identity, and claim it."""
        nonce, ephemeral = os.urandom(NONCE_BYTES), ec.generate_private_key(ec.SECP256R1())
        point = point_of(ephemeral.public_key())
        eui_field, protocol, _, certificate, mac = await self._line.ask(
            Kind.IDENTIFY, nonce, point, answer=5
        )
        eui = self.eui = EntityId(eui_field)
        if int.from_bytes(protocol, "big") > PROTOCOL:
            raise Stop("newer-protocol")
        scanned = self._station.expected
        if scanned and eui != scanned:
            raise Stop("not-changed", f"scanned {scanned}")
        self._station.expected = None
        claim = await self._claim(eui)
        unit = Unit(eui, certificate, claim.package, claim)
        proven = identity_bytes(nonce, point, eui, certificate)
        is_proven = _is_proven(claim.certificate, ephemeral, proven, mac)
        if not unit.claim.is_given:
            raise await self._not_given(unit, is_proven)
        if not is_proven or device_of(certificate) != eui:
            raise await self._reject(unit, IDENTITY_UNPROVEN)
        return unit

    async def _claim(self, eui: EntityId) -> Claim:
        station = self._station
        place = station.bench, self._slot, station.operator
        return await station.do(ClaimUnit(station.batch, str(eui), self._token, *place))

    async def _not_given(self, unit: Unit, is_proven: bool) -> Stop:
        """Say why the books do not give it; one that was loaded shows whether it still is."""
        claim, unit_is_known = unit.claim, is_proven and unit.claim.digest
        if claim.result is not ClaimResult.LOADED or not unit_is_known:
            self._is_rejected = claim.result is ClaimResult.REJECTED
            code = "rejected-before" if self._is_rejected else claim.result.value
            if claim.result is ClaimResult.LOADED:
                code = IDENTITY_UNPROVEN
            return Stop(code, claim.reason)
        self._step = "slot"
        held, digest, _ = await self._slot_of_unit()
        if held is not Held.WHOLE or digest != unit.digest:
            await self._check_identity(unit)
            return Stop("lost-package")
        await self._receipt(unit, Kind.RECEIPT)
        return Stop("already-loaded", f"on {claim.bench}, {claim.slot}")

    async def _loaded(self, unit: Unit) -> Stop:
        """Write the package, unless the unit holds it already."""
        self._step = "slot"
        self._may_hold = unit.claim.result is ClaimResult.UNKNOWN
        held, digest, batch = await self._slot_of_unit()
        self._may_hold = held is Held.WHOLE
        if held is Held.WHOLE:
            if digest != unit.digest:
                await self._check_identity(unit)
                named = batch.decode("ascii", "replace")[:64]
                raise await self._reject(unit, "carries-other", f"of batch {named}")
            return await self._settle(unit)
        if held is Held.TORN:
            await self._line.ask(Kind.WIPE)
        await self._move(Begin(*self._place(unit)))
        self._progress("writing", str(unit.eui))
        await self._write(unit)
        self._step, self._may_hold = "commit", True
        receipt = await self._receipt(unit, Kind.COMMIT)
        self._step = "books"
        await self._move(Complete(*self._place(unit), receipt=receipt.text()))
        return Stop("loaded")

    async def _slot_of_unit(self) -> tuple[Held, bytes, bytes]:
        """Ask what the unit holds: state, digest, batch; and collect what it has captured."""
        state, digest, batch, _, *later = await self._line.ask(Kind.SLOT, answer=4, optional=1)
        if later and int.from_bytes(later[0], "big"):
            self._step = "captures"
            self.collected = await collect_from(self._line, self._station.keep)
            self._step = "slot"
        return Held(state.decode()), digest, batch

    async def _settle(self, unit: Unit) -> Stop:
        """Book a unit that holds its package from its own receipt: the answer was lost before."""
        self._step = "receipt"
        receipt = (await self._receipt(unit, Kind.RECEIPT)).text()
        if unit.claim.result is ClaimResult.CLAIMED:
            await self._move(Begin(*self._place(unit)))
            await self._move(Complete(*self._place(unit), receipt=receipt))
        else:
            await self._move(Settle(*self._place(unit), receipt=receipt))
        return Stop("loaded", "found loaded")

    async def _write(self, unit: Unit) -> None:
        """Write and have it checked; what the line has damaged is written a second time."""
        try:
            await self._write_once(unit)
        except UnitRefused as error:
            await self._check_identity(unit)
            if str(error) not in DAMAGED_ON_THE_WAY:
                raise
            await self._line.ask(Kind.WIPE)
            await self._write_once(unit)

    async def _write_once(self, unit: Unit) -> None:
        package = unit.package
        read = parse_header(package)
        if len(package) > read.size + read.header.length:
            raise PackageRefused(Refusal.ALTERED)
        header = package[: read.size]
        self._step = "open"
        await self._line.ask(Kind.OPEN, self._station.batch.encode(), header, len(package))
        self._step = "block"
        for offset in range(0, len(package), BLOCK_BYTES):
            await self._line.ask(Kind.BLOCK, offset, package[offset : offset + BLOCK_BYTES])
            await self._renew(unit)
        self._step = "verify"
        digest, eui = await self._line.ask(Kind.VERIFY, answer=2)
        if eui != unit.eui:
            raise Stop("swapped", f"now {EntityId(eui)}")
        if digest != sha256(package).digest() or digest != unit.digest:
            raise await self._reject(unit, "other-digest")

    async def _check_identity(self, unit: Unit) -> None:
        """Make sure that the unit is the one that proved itself, before it is blamed."""
        (eui,) = await self._line.ask(Kind.PING, answer=1)
        if eui != unit.eui:
            raise Stop("swapped", f"now {EntityId(eui)}")

    async def _receipt(self, unit: Unit, kind: Kind) -> Receipt:
        """Have the unit commit, or say again what it holds, with its signature."""
        nonce = os.urandom(NONCE_BYTES)
        digest, counter, signature = await self._line.ask(kind, nonce, answer=3)
        receipt = Receipt(
            eui=str(unit.eui),
            digest=digest.hex(),
            counter=int.from_bytes(counter, "big"),
            nonce=nonce.hex(),
            signature=signature.hex(),
            certificate=base64.b64encode(unit.certificate).decode(),
        )
        if digest == unit.digest and receipt.is_valid:
            return receipt
        await self._check_identity(unit)
        raise await self._reject(unit, "bad-receipt" if digest == unit.digest else "other-digest")

    async def _renew(self, unit: Unit) -> None:
        """Keep the unit while a slow one is written: three times in each lease."""
        if self._station.clock.elapsed() - self._renewed > LEASE_SECONDS / 3:
            self._renewed = self._station.clock.elapsed()
            await self._move(Renew(*self._place(unit)))

    async def _move(self, move: Operation[bool]) -> None:
        if not await self._station.do(move):
            raise Stop("lost-claim")

    async def _reject(self, unit: Unit, code: str, detail: str = "") -> Stop:
        if unit.claim.is_given:
            if not await self._station.do(Reject(*self._place(unit), reason=code, detail=detail)):
                return Stop("lost-claim")
            self._is_rejected = True
            unit.claim = Claim(ClaimResult.REJECTED)
        return Stop(code, detail)

    async def _book(self, stop: Stop, unit: Unit | None) -> Stop:
        """Write into the books what came of it, where that was not done on the way."""
        look = self._outcome(stop).words.look
        if unit is None or not unit.claim.is_given:
            await self._note(stop)
            return stop
        if look in (Look.GOOD, Look.DONE) or stop.code == "lost-claim":
            return stop
        if look is Look.AGAIN or stop.code in ("swapped", "out-of-order"):
            if unit.claim.tries >= MOST_TRIES and not self._may_hold:
                return await self._reject(unit, "failed-often", stop.code)
            await self._station.do(Release(*self._place(unit), reason=stop.code))
            return stop
        return await self._reject(unit, stop.code, stop.detail)

    async def note(self, stop: Stop) -> bool:
        """Book what was seen in the slot after the session; False while the books are away."""
        try:
            await self._note(stop)
        except HhtError:
            return False
        return True

    async def _note(self, stop: Stop) -> None:
        """Keep what happened to a unit that the books did not give, once for each presentation."""
        if stop.code in ("silent", "busy", "not-open"):
            return
        station, eui = self._station, str(self.eui or "")
        place = station.batch, eui, station.bench, self._slot
        await station.do(Note(*place, stop.code, station.operator, stop.detail))

    def _place(self, unit: Unit) -> tuple[str, str, int, str, str, str]:
        station = self._station
        place = station.bench, self._slot, station.operator
        return (station.batch, str(unit.eui), unit.claim.fence, *place)


def _is_proven(
    certificate: bytes, ephemeral: ec.EllipticCurvePrivateKey, proven: bytes, mac: bytes
) -> bool:
    """Return whether the MAC is that of the certificate's key; not without a certificate."""
    if not certificate:
        return False
    key = x509.load_der_x509_certificate(certificate).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    return identity_mac(ephemeral, key, proven) == mac
