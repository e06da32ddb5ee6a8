"""Upload: every item that is due goes to the gateway, again and again, until it has its receipt."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hht.duis.request_id import RequestId
from hht.outbox.compose813 import ReturnItem, return_item
from hht.outbox.errors import OutboxError, UploadRefused
from hht.outbox.gateway.answers import Judgement, Meaning, judge
from hht.outbox.gateway.client import Answer, Gateway, GatewayUnreachable
from hht.outbox.gateway.settings import UploadSettings
from hht.outbox.signing import RequestSigner
from hht.store import Mode, Store, StoreDamaged


@dataclass(frozen=True)
class UploadPlan:
    """How hard to try. Waits double with each try up to the longest, less a random share."""

    at_once: int = 4
    lease_seconds: float = 120.0
    first_wait: float = 2.0
    longest_wait: float = 900.0


@dataclass(frozen=True, slots=True)
class UploadEvent:
    """What became of one try of one item; without one, the gateway could not be reached."""

    return_id: int | None
    meaning: Meaning
    code: str
    note: str


@dataclass
class UploadSummary:
    """What one upload did; `stopped` says why it ended before the queue was empty."""

    received: int = 0
    refused: int = 0
    tried_again: int = 0
    stopped: str = ""


async def upload_outbox(
    store: Store,
    settings: UploadSettings,
    *,
    on_event: Callable[[UploadEvent], None] = lambda event: None,
) -> UploadSummary:
    """Send everything that is due, with these settings: for the command line, app and timer."""
    async with Gateway(settings.gateway) as gateway:
        plan = UploadPlan(at_once=settings.at_once)
        upload = Upload(store, gateway, plan=plan, signer=settings.signer, on_event=on_event)
        return await upload.run(give_up_after=settings.give_up_after)


class Upload:
    """One store's queue on its way to one gateway."""

    def __init__(
        self,
        store: Store,
        gateway: Gateway,
        *,
        plan: UploadPlan | None = None,
        signer: RequestSigner | None = None,
        on_event: Callable[[UploadEvent], None] = lambda event: None,
        chance: random.Random | None = None,
    ) -> None:
        self._store = store
        self._clock = store.clock
        self._gateway = gateway
        self._plan = plan or UploadPlan()
        self._signer = signer
        self._on_event = on_event
        self._chance = chance or random.Random()
        self._failed_calls = 0
        self.summary = UploadSummary()

    async def run(self, *, give_up_after: float | None = None) -> UploadSummary:
        """Drain the queue until it is empty, the batch must stop, or the time (s) is up.

        None never gives up: an item is tried until it is received or refused.
        """
        began = self._clock.now()
        end = None if give_up_after is None else began + timedelta(seconds=give_up_after)
        while not self.summary.stopped:
            reached = await self.drain()
            due = self._store.outbox.next_try() if reached else self._next_try(self._failed_calls)
            if due is None or self.summary.stopped:
                break
            if end is not None and due > end:
                self.summary.stopped = "The time is up; what is left is kept for the next try"
                break
            await self._clock.sleep(max(0.01, (due - self._clock.now()).total_seconds()))
        return self.summary

    async def drain(self) -> bool:
        """Send everything that is due now, several at once; False when nobody answers.

        Without a network no item is to blame, so none is tried.
        """
        try:
            await self._check_gateway()
        except GatewayUnreachable as error:
            self._failed_calls += 1
            note = f"The gateway does not answer: {error}"
            self._on_event(UploadEvent(None, Meaning.TRY_AGAIN, "", note))
            return False
        except UploadRefused as error:
            self.summary.stopped = str(error)
            return True
        self._failed_calls = 0
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._plan.at_once):
                    group.create_task(self._worker())
        except ExceptionGroup as errors:
            # One line for a person: the store that is locked or full says the same to each worker.
            raise errors.exceptions[0] from None
        return True

    async def _check_gateway(self) -> None:
        """Training data goes to gateway-sim only, and live data never does."""
        simulated = await self._gateway.is_simulator()
        if simulated == (self._store.mode is Mode.TRAINING):
            return
        if simulated:
            what = f"This is gateway-sim, and the data is {self._store.mode}"
        else:
            what = "This is training data, which goes nowhere but to gateway-sim"
        raise UploadRefused(
            what,
            where=self._gateway.settings.address,
            remedy="Give the address of the right gateway.",
        )

    async def _worker(self) -> None:
        while not self.summary.stopped:
            until = self._clock.now() + timedelta(seconds=self._plan.lease_seconds)
            leased = self._store.outbox.lease(1, at=self._clock.now(), until=until)
            if not leased:
                return
            try:
                item = return_item(self._store, leased[0])
            except (OutboxError, StoreDamaged) as error:
                self._settle(leased[0], Judgement(Meaning.REFUSED, "", error.what))
            else:
                await self._send(item)

    async def _send(self, item: ReturnItem) -> None:
        xml = self._signer.sign(item.xml) if self._signer else item.xml
        answer = Answer(0, b"")
        try:
            answer = await self._gateway.post(xml, item.row.idempotency_key or "")
            judgement = judge(
                answer.status,
                answer.body,
                RequestId.parse(item.row.request_id),
                renumbers=self._gateway.settings.renumbers,
            )
        except GatewayUnreachable as error:
            judgement = Judgement(Meaning.TRY_AGAIN, "", f"No answer: {error}")
        except UploadRefused as error:
            judgement = Judgement(Meaning.STOP, "", str(error))
        self._settle(item.row.id, judgement, answer.body, item.row.tries)

    def _settle(
        self, number: int, judgement: Judgement, document: bytes = b"", tries: int = 1
    ) -> None:
        """Write down what came of it before anything else is done."""
        note = judgement.note
        match judgement.meaning:
            case Meaning.RECEIVED:
                self._store.outbox.record_receipt(
                    number, judgement.code, document, note=note, at=self._clock.now()
                )
                self.summary.received += 1
            case Meaning.REFUSED:
                self._store.outbox.record_refusal(number, note)
                self.summary.refused += 1
            case Meaning.TRY_AGAIN:
                self._store.outbox.try_later(number, self._next_try(tries), note)
                self.summary.tried_again += 1
            case Meaning.STOP:
                self._store.outbox.try_later(number, self._clock.now(), note)
                self.summary.stopped = note
        self._on_event(UploadEvent(number, judgement.meaning, judgement.code, note))

    def _next_try(self, tries: int) -> datetime:
        longest = min(self._plan.longest_wait, self._plan.first_wait * 2 ** min(tries - 1, 20))
        return self._clock.now() + timedelta(seconds=longest * self._chance.uniform(0.5, 1.0))
