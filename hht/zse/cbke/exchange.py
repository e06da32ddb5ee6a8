"""Certificate-Based Key Establishment: both sides of the exchange, sans-I/O.

ZigBee Smart Energy, Annex C.4.2. The initiator (HHT) sends what `start` and `receive` return;
the responder (hub) returns an answer to each frame. Each side's arithmetic takes some 10 ms.
"""

import hmac
import os
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.zse.cbke.binary_curve import InvalidPoint, Point
from hht.zse.cbke.cluster import (
    ConfirmKey,
    EphemeralData,
    Initiate,
    KeyCommand,
    Terminate,
    TerminateStatus,
    decode_key_command,
    key_frame,
)
from hht.zse.cbke.ecmqv import AgreedKeys, Transcript, shared_secret
from hht.zse.cbke.ecqv import SUITES, CbkeSuite, ImplicitCertificate, Random, new_private_key
from hht.zse.errors import MalformedFrame
from hht.zse.zcl import ZclFrame

EPHEMERAL_SECONDS = 10  # as CONFIRM_SECONDS
CONFIRM_SECONDS = 10
"""What this side says it needs to make ephemeral data and its confirmation: an embedded
implementation takes 1 to 2 s over sect283k1, and may be busy."""

_REASONS = {
    TerminateStatus.UNKNOWN_ISSUER: "the certificate comes from another authority",
    TerminateStatus.BAD_KEY_CONFIRM: "the key confirmation is wrong",
    TerminateStatus.BAD_MESSAGE: "a message was out of order or malformed",
    TerminateStatus.NO_RESOURCES: "the other side is busy",
    TerminateStatus.UNSUPPORTED_SUITE: "the cryptographic suite is not supported",
    TerminateStatus.INVALID_CERTIFICATE: "the certificate is not valid",
}


class CbkeError(HhtError):
    """A key establishment that ended without a key.

    `status` is the Terminate status (a number when the peer sent an unknown one),
    `by_peer`: the peer ended it, `answer` is the Terminate frame still to be sent to the
    peer (None when the peer ended it), `wait_seconds` how long the peer asks to wait,
    `reason` the status in words.
    """

    code = "RAD-12"

    def __init__(
        self, status: int, *, answer: ZclFrame | None = None, wait_seconds: int = 0
    ) -> None:
        known = status in TerminateStatus.__members__.values()
        self.reason = _REASONS[TerminateStatus(status)] if known else f"status {status:02X}"
        super().__init__(f"Key establishment failed: {self.reason}")
        self.status = TerminateStatus(status) if known else status
        self.answer = answer
        self.by_peer = answer is None
        self.wait_seconds = wait_seconds


@dataclass(frozen=True)
class CbkeIdentity:
    """A Device's ECQV credentials: what it shows, what it keeps, and whom it trusts."""

    entity_id: EntityId
    certificate: bytes
    private_key: bytes = field(repr=False)
    ca_public_key: bytes
    suite: int = 2


def terminate_frame(
    status: TerminateStatus, suites: int, sequence: int, *, to_server: bool, wait_seconds: int = 0
) -> ZclFrame:
    """Build a Terminate command with the suites its sender supports as a bit map."""
    return key_frame(Terminate(status, wait_seconds, suites), sequence, to_server=to_server)


class _Refusal(Exception):
    def __init__(self, status: TerminateStatus) -> None:
        self.status = status


class _Party(ABC):
    """What the two sides share: own keys, the peer's, and the agreed ones."""

    _to_server: bool

    def __init__(self, identity: CbkeIdentity, expect: EntityId | None, random: Random) -> None:
        self._identity = identity
        self._expect = expect
        self._random = random
        self._suite: CbkeSuite = SUITES[identity.suite]
        self._peer_key: Point | None = None
        self._keys: AgreedKeys | None = None
        self._last: tuple[ZclFrame, ZclFrame | None] | None = None
        self._awaited: type[KeyCommand] | None = Initiate
        self.peer: EntityId | None = None
        self.done = False

    @property
    def link_key(self) -> bytes:
        """Return the 16-byte APS link key, once `done`."""
        if self._keys is None or not self.done:
            raise ValueError("the key establishment is not done")
        return self._keys.link_key

    def receive(self, frame: ZclFrame) -> ZclFrame | None:
        """Handle the peer's frame and return what to send back; CbkeError ends the exchange.

        A frame that comes a second time is answered as the first time; frames that are no
        Key Establishment commands from the other side are ignored.
        """
        if not frame.cluster_specific or frame.from_server != self._to_server:
            return None
        if self._last and self._last[0] == frame:
            return self._last[1]
        try:
            answer = self._step(decode_key_command(frame), frame.sequence)
        except (_Refusal, InvalidPoint, MalformedFrame) as error:
            raise self._failure(error, frame.sequence) from error
        self._last = frame, answer
        return answer

    def _step(self, command: KeyCommand, sequence: int) -> ZclFrame | None:
        if isinstance(command, Terminate):
            raise CbkeError(command.status, wait_seconds=command.wait_seconds)
        if self._awaited is not type(command):
            raise _Refusal(TerminateStatus.BAD_MESSAGE)
        if isinstance(command, Initiate):
            self._take_certificate(command)
            self._awaited = EphemeralData
            return self._after_certificate(sequence)
        if isinstance(command, EphemeralData):
            self._agree(command.point)
            self._awaited = ConfirmKey
            return self._after_agreement(sequence)
        self._confirm(command.mac)
        return self._after_confirmation(sequence)

    @abstractmethod
    def _after_certificate(self, sequence: int) -> ZclFrame:
        """Build what this side sends after the peer's certificate."""

    @abstractmethod
    def _after_agreement(self, sequence: int) -> ZclFrame:
        """Build what this side sends after the ephemeral keys."""

    @abstractmethod
    def _after_confirmation(self, sequence: int) -> ZclFrame | None:
        """Build what this side sends after the peer's confirmation."""

    @abstractmethod
    def _transcript(self) -> Transcript:
        """Return what the confirmation MACs cover, in the order of the roles."""

    def _confirm(self, mac: bytes) -> None:
        assert self._keys is not None
        transcript = self._transcript()
        expected = (
            self._keys.responders_mac(transcript)
            if self._to_server
            else self._keys.initiators_mac(transcript)
        )
        if not hmac.compare_digest(mac, expected):
            raise _Refusal(TerminateStatus.BAD_KEY_CONFIRM)
        self._awaited = None
        self.done = True

    def _failure(self, error: Exception, sequence: int) -> CbkeError:
        status = error.status if isinstance(error, _Refusal) else TerminateStatus.BAD_MESSAGE
        suites = self._identity.suite
        answer = terminate_frame(status, suites, sequence, to_server=self._to_server)
        return CbkeError(status, answer=answer)

    def _frame(self, command: KeyCommand, sequence: int) -> ZclFrame:
        return key_frame(command, sequence, to_server=self._to_server)

    def _own_initiate(self) -> Initiate:
        identity = self._identity
        return Initiate(identity.suite, EPHEMERAL_SECONDS, CONFIRM_SECONDS, identity.certificate)

    def _draw_ephemeral(self) -> None:
        curve = self._suite.curve
        self._ephemeral_private = new_private_key(self._suite, self._random)
        point = curve.multiply(self._ephemeral_private, curve.generator)
        assert point is not None
        self._ephemeral_point = point
        self._ephemeral = curve.encode(point)

    def _take_certificate(self, command: Initiate) -> None:
        if command.suite != self._identity.suite:
            raise _Refusal(TerminateStatus.UNSUPPORTED_SUITE)
        try:
            certificate = ImplicitCertificate.parse(self._suite, command.certificate)
            self._check_names(certificate)
            self._peer_key = certificate.public_key(self._identity.ca_public_key)
        except (InvalidPoint, MalformedFrame) as error:
            raise _Refusal(TerminateStatus.INVALID_CERTIFICATE) from error
        self.peer = certificate.subject

    def _check_names(self, certificate: ImplicitCertificate) -> None:
        own = ImplicitCertificate.parse(self._suite, self._identity.certificate)
        if certificate.issuer != own.issuer:
            raise _Refusal(TerminateStatus.UNKNOWN_ISSUER)
        if self._expect is not None and certificate.subject != self._expect:
            raise _Refusal(TerminateStatus.INVALID_CERTIFICATE)

    def _agree(self, peer_ephemeral: bytes) -> None:
        assert self._peer_key is not None
        secret = shared_secret(
            self._suite,
            int.from_bytes(self._identity.private_key, "big"),
            self._ephemeral_private,
            self._ephemeral_point,
            self._peer_key,
            self._suite.curve.decode(peer_ephemeral),
        )
        self._peer_ephemeral = peer_ephemeral
        self._keys = AgreedKeys.derive(secret)


class CbkeInitiator(_Party):
    """The side that begins: an HHT. `expect` is whose certificate it accepts (None: any)."""

    _to_server = True

    def __init__(
        self, identity: CbkeIdentity, expect: EntityId | None, random: Random = os.urandom
    ) -> None:
        super().__init__(identity, expect, random)

    def start(self, sequence: int = 0) -> ZclFrame:
        """Build the Initiate Key Establishment Request."""
        self._draw_ephemeral()
        return self._frame(self._own_initiate(), sequence)

    def _after_certificate(self, sequence: int) -> ZclFrame:
        return self._frame(EphemeralData(self._ephemeral), _after(sequence))

    def _after_agreement(self, sequence: int) -> ZclFrame:
        assert self._keys is not None
        mac = self._keys.initiators_mac(self._transcript())
        return self._frame(ConfirmKey(mac), _after(sequence))

    def _after_confirmation(self, sequence: int) -> None:
        return None

    def _transcript(self) -> Transcript:
        assert self.peer is not None
        own = self._identity.entity_id
        return Transcript(own, self.peer, self._ephemeral, self._peer_ephemeral)


class CbkeResponder(_Party):
    """The side that answers: a Communications Hub. `expect` is who sent the frames."""

    _to_server = False

    def __init__(
        self, identity: CbkeIdentity, expect: EntityId | None = None, random: Random = os.urandom
    ) -> None:
        super().__init__(identity, expect, random)

    def _after_certificate(self, sequence: int) -> ZclFrame:
        self._draw_ephemeral()
        return self._frame(self._own_initiate(), sequence)

    def _after_agreement(self, sequence: int) -> ZclFrame:
        return self._frame(EphemeralData(self._ephemeral), sequence)

    def _after_confirmation(self, sequence: int) -> ZclFrame:
        assert self._keys is not None
        mac = self._keys.responders_mac(self._transcript())
        return self._frame(ConfirmKey(mac), sequence)

    def _transcript(self) -> Transcript:
        assert self.peer is not None
        own = self._identity.entity_id
        return Transcript(self.peer, own, self._peer_ephemeral, self._ephemeral)


def _after(sequence: int) -> int:
    return (sequence + 1) % 256
