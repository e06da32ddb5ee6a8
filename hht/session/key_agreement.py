"""CBKE with a hub over any carrier: repeats, time limits, and the arithmetic off the event loop."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Protocol

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.session.errors import (
    CbkeFailed,
    CertificateUnfit,
    HubSilent,
    SessionError,
    WrongHub,
)
from hht.zse.cbke.cluster import Initiate, TerminateStatus, decode_key_command
from hht.zse.cbke.ecqv import SUITES, ImplicitCertificate
from hht.zse.cbke.exchange import CbkeError, CbkeIdentity, CbkeInitiator, terminate_frame
from hht.zse.errors import MalformedFrame
from hht.zse.zcl import ZclFrame

TRIES = 3
"""Sendings of one frame before the hub counts as silent."""
ANSWER_SECONDS = 3.0
"""Until a frame is sent again; an embedded hub takes 1 to 2 s over sect283k1, and may be busy."""


OnDoubt = Callable[[str], None]
"""Called with what speaks against a hub's certificate, as `is valid only from 2031-01-01`."""


class Carrier(Protocol):
    """A carrier of Key Establishment frames to and from one hub."""

    async def send(self, frame: ZclFrame) -> None:
        """Send one frame; it may be lost."""

    async def receive(self) -> ZclFrame:
        """Return the hub's next Key Establishment frame, waiting without limit."""


async def agree_key(
    carrier: Carrier,
    identity: CbkeIdentity,
    hub: EntityId,
    silence: SessionError,
    clock: Clock,
    on_doubt: OnDoubt | None = None,
) -> bytes:
    """Agree the 16-byte link key with the hub whose certificate names `hub`.

    Raises `silence` when the very first frame stays unanswered, HubSilent when a later one does,
    WrongHub when the certificate names another device, CertificateUnfit when it is out of its
    validity or for another use, CbkeFailed for the rest. `on_doubt` is called with an unfit
    certificate's fault instead, and the exchange goes on.
    """
    initiator = CbkeInitiator(identity, expect=hub)
    outgoing = await asyncio.to_thread(initiator.start)
    answer: ZclFrame | None = None
    while True:
        answer = await _answer_to(carrier, outgoing, answer, silence, clock)
        silence = HubSilent(hub, "key establishment")
        try:
            reply = await asyncio.to_thread(initiator.receive, answer)
        except CbkeError as error:
            await _say_why(carrier, error)
            raise _explained(error, answer, identity, hub) from error
        for doubt in _doubts(answer, identity, clock):
            if on_doubt is None:
                await carrier.send(_refusal_of_certificate(answer, identity))
                raise CertificateUnfit(hub, doubt)
            on_doubt(doubt)
        if initiator.done:
            return initiator.link_key
        outgoing = reply or outgoing


async def _answer_to(
    carrier: Carrier,
    outgoing: ZclFrame,
    previous: ZclFrame | None,
    silence: SessionError,
    clock: Clock,
) -> ZclFrame:
    """Send until a frame comes that is not the previous answer repeated, and return it."""
    for _ in range(TRIES):
        await carrier.send(outgoing)
        with contextlib.suppress(TimeoutError):
            async with clock.timeout(ANSWER_SECONDS):
                while (answer := await carrier.receive()) == previous:
                    pass
                return answer
    raise silence


async def _say_why(carrier: Carrier, error: CbkeError) -> None:
    """Send the hub this side's Terminate, so that it does not wait."""
    if error.answer is not None:
        await carrier.send(error.answer)


def _explained(
    error: CbkeError, answer: ZclFrame, identity: CbkeIdentity, hub: EntityId
) -> SessionError:
    if error.status == TerminateStatus.INVALID_CERTIFICATE and not error.by_peer:
        subject = _subject(answer, identity)
        if subject is not None and subject != hub:
            return WrongHub(hub)
    return CbkeFailed(hub, error.reason)


def _doubts(answer: ZclFrame, identity: CbkeIdentity, clock: Clock) -> list[str]:
    certificate = _certificate(answer, identity)
    return certificate.doubts(clock.time()) if certificate else []


def _refusal_of_certificate(answer: ZclFrame, identity: CbkeIdentity) -> ZclFrame:
    status = TerminateStatus.INVALID_CERTIFICATE
    return terminate_frame(status, identity.suite, answer.sequence, to_server=True)


def _subject(answer: ZclFrame, identity: CbkeIdentity) -> EntityId | None:
    """Return whom the hub's certificate names; None for no certificate of our suite."""
    certificate = _certificate(answer, identity)
    return certificate.subject if certificate else None


def _certificate(answer: ZclFrame, identity: CbkeIdentity) -> ImplicitCertificate | None:
    try:
        command = decode_key_command(answer)
        if not isinstance(command, Initiate):
            return None
        return ImplicitCertificate.parse(SUITES[identity.suite], command.certificate)
    except MalformedFrame:
        return None
