"""Upload: every item that is due goes to the gateway, again and again, until it has its receipt."""

import asyncio
import functools
import logging
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from hht.duis.request_id import RequestId
from hht.events import Event, Source
from hht.outbox.compose813 import ReturnItem, return_item, unfit_items
from hht.outbox.errors import OutboxError, UploadRefused
from hht.outbox.gateway.answers import Disposition, Judgement, duis_answer, judge
from hht.outbox.gateway.client import Answer, Gateway, GatewayUnreachable
from hht.outbox.gateway.settings import UploadSettings
from hht.outbox.gateway.shown_words import without
from hht.outbox.pace import Pace, UploadPlan
from hht.outbox.receipts import spoken_for
from hht.outbox.signing import RequestSigner
from hht.store import Mode, Store, StoreDamaged
from hht.store.errors import StoreFull

_LOG = logging.getLogger(__name__)

TIME_IS_UP = "The time is up; what is left is kept for the next try"


@dataclass(frozen=True, slots=True)
class UploadEvent(Event):
    """What became of one try of one item; without one, of the round."""

    source: ClassVar[Source] = Source.OUTBOX
    name: ClassVar[str] = "item"

    item: int | None
    meaning: Disposition
    """A field of `--json` and of the journal: its name stays."""
    code: str
    note: str


@dataclass
class UploadSummary:
    """What one upload did; `stopped` says why it ended before everything was received."""

    received: int = 0
    refused: int = 0
    held: int = 0
    tried_again: int = 0
    stopped: str = ""


async def upload_outbox(
    store: Store,
    settings: UploadSettings,
    *,
    on_event: Callable[[UploadEvent], None] = lambda event: None,
) -> UploadSummary:
    """Send everything that is due, with these settings: for the command line, app and timer."""
    async with Gateway(settings.gateway, store.clock) as gateway:
        plan = UploadPlan(at_once=settings.at_once)
        upload = Upload(store, gateway, plan=plan, signer=settings.signer, on_event=on_event)
        return await upload.run(give_up_after=settings.give_up_after)


class Upload:
    """One store's outbox on its way to one gateway.

    A round sends what is due: one item at a time until the gateway has answered to one, then
    several at once. So a stranger, or a portal, sees one item a round: that
    which was tried least.
    """

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
        self._gateway = gateway
        self._plan = plan or UploadPlan()
        self._signer = signer
        self._on_event = on_event
        self._pace = Pace(self._plan, store.clock, chance or random.Random())
        self._has_held_unfit = False
        self.summary = UploadSummary()

    async def run(self, *, give_up_after: float | None = None) -> UploadSummary:
        """Send until everything is received, something stops it all, or the time (s) is up.

        None never gives up: an item is tried until it is received, refused or held. No request is
        begun after the end; one that is under way then is waited for LAST_WAIT at most.
        """
        self._pace.begin(give_up_after)
        while not self.summary.stopped:
            await self._send_round()
            wait = self._wait()
            if wait is None or self.summary.stopped:
                break
            if not self._pace.is_in_time(wait):
                self.summary.stopped = f"{self._why_not_yet(wait)}. {TIME_IS_UP}"
                break
            await self._pace.sleep(wait)
        return self.summary

    def _why_not_yet(self, wait: float) -> str:
        failure = self._pace.failed or self._pace.last_failure
        return failure or f"Nothing more is due for {wait:.0f} s"

    def _wait(self) -> float | None:
        """Return the seconds until the next round; None when nothing is left to send."""
        moment = self._pace.moment()
        due = self._store.outbox.next_try(at=moment)
        return None if due is None else max((due - moment).total_seconds(), self._pace.wait)

    async def _send_round(self) -> None:
        """Send everything that is due now; where the gateway does not answer, no item is tried."""
        self._pace.begin_round()
        if not await self._is_reached():
            return
        self._hold_unfit()
        due = deque(self._store.outbox.due(at=self._pace.moment()))
        while due and self._may_begin() and not self._pace.is_answered:
            await self._send_next(due)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._plan.at_once):
                    group.create_task(self._send_all(due))
        except ExceptionGroup as errors:
            # One line for a person: the store that is locked or full says the same to each worker.
            raise errors.exceptions[0] from None

    async def _is_reached(self) -> bool:
        """Return whether the gateway answers, and is one that this data may go to."""
        try:
            if await self._gateway.is_simulator(self._pace.left) == self._is_training:
                return True
            self.summary.stopped = str(self._wrong_gateway())
        except GatewayUnreachable as error:
            self._end_round(f"The gateway does not answer: {error}")
        except UploadRefused as error:
            self.summary.stopped = str(error)
        return False

    @property
    def _is_training(self) -> bool:
        return self._store.mode is Mode.TRAINING

    def _wrong_gateway(self) -> UploadRefused:
        if self._is_training:
            what = "This is training data, which goes nowhere but to gateway-sim"
        else:
            what = f"This is gateway-sim, and the data is {self._store.mode}"
        where = self._gateway.settings.place
        return UploadRefused(what, where=where, remedy="Give the address of the right gateway.")

    def _may_begin(self) -> bool:
        return not self.summary.stopped and self._pace.may_begin()

    async def _send_all(self, due: deque[int]) -> None:
        while due and self._may_begin():
            await self._send_next(due)

    async def _send_next(self, due: deque[int]) -> None:
        number = due.popleft()
        if not self._store.outbox.lend(number, at=self._pace.moment()):
            return
        try:
            if item := self._item(number):
                await self._send(item)
        finally:
            self._store.outbox.take_back(number)

    def _hold_unfit(self) -> None:
        """Hold what may not go out, once: this upload's own changes come later."""
        if not self._has_held_unfit:
            self._has_held_unfit = True
            for number, why in list(unfit_items(self._store)):
                self._settle(number, Judgement(Disposition.HELD, "", why))

    def _item(self, number: int) -> ReturnItem | None:
        """Return the item as it is sent; None, and held, where its bytes are not fit to be."""
        try:
            return return_item(self._store, number)
        except (OutboxError, StoreDamaged) as error:
            self._settle(number, Judgement(Disposition.HELD, "", error.what))
            return None

    async def _send(self, item: ReturnItem) -> None:
        xml = self._signer.sign(item.xml) if self._signer else item.xml
        answer, head = Answer(0), self._store.audit.head().mac
        try:
            key = item.row.idempotency_key or ""
            answer = await self._gateway.post(xml, key, head, self._pace.left)
            judgement = self._judge(answer, RequestId.parse(item.row.request_id))
        except GatewayUnreachable as error:
            judgement = Judgement(Disposition.TRY_AGAIN, "no answer", f"No answer: {error}")
        except UploadRefused as error:
            judgement = Judgement(Disposition.STOP, "", str(error), stops_round=True)
        self._settle(item.row.id, judgement, answer, item.row.tries)
        if judgement.disposition is Disposition.TRY_AGAIN:
            self._count_failure(judgement, answer.retry_after)
        elif judgement.disposition is not Disposition.STOP:
            self._pace.answered()

    def _judge(self, answer: Answer, request_id: RequestId) -> Judgement:
        """Judge an answer, which for training data must be gateway-sim's and for no other."""
        settings = self._gateway.settings
        judgement = judge(
            answer, request_id, renumbers=settings.renumbers, secrets=settings.secrets
        )
        document = duis_answer(answer.body)
        if document is None or judgement.disposition in (Disposition.TRY_AGAIN, Disposition.STOP):
            return judgement
        is_marked = answer.is_simulator or document.is_training
        if (not answer.is_simulator) if self._is_training else is_marked:
            note = str(self._wrong_gateway())
            return Judgement(Disposition.STOP, judgement.code, note, stops_round=True)
        named = document.request_id
        if named is not None and named != request_id:
            if named.key in self._spoken_for:
                note = f"It gives the answer to {named}, which is another item's"
                return Judgement(Disposition.TRY_AGAIN, "given before", note)
            self._spoken_for.add(named.key)
        return judgement

    @functools.cached_property
    def _spoken_for(self) -> set[str]:
        return spoken_for(self._store)

    def _settle(
        self, number: int, judgement: Judgement, answer: Answer | None = None, tries: int = 1
    ) -> None:
        """Write down what came of it before anything else is done."""
        note, outbox, now = judgement.note, self._store.outbox, self._pace.moment()
        match judgement.disposition:
            case Disposition.RECEIVED:
                document = self._receipt(answer.body) if answer else b""
                outbox.record_receipt(number, judgement.code, document, note=note, at=now)
                self.summary.received += 1
            case Disposition.REFUSED:
                outbox.record_refusal(number, note)
                self.summary.refused += 1
            case Disposition.HELD:
                outbox.hold(number, note)
                self.summary.held += 1
            case Disposition.TRY_AGAIN:
                outbox.try_later(number, self._pace.moment(self._pace.backoff(tries)), note)
                self.summary.tried_again += 1
            case Disposition.STOP:
                outbox.try_later(number, now, note)
        if judgement.stops_round:
            self.summary.stopped = note
        self._report(UploadEvent(number, judgement.disposition, judgement.code, note))

    def _receipt(self, body: bytes) -> bytes:
        """Return an answer as it is kept, and handed to others: without our token, if it reads so.

        What is hidden must change neither code nor RequestID.
        """
        document = without(body, self._gateway.settings.secrets)
        return document if duis_answer(document) == duis_answer(body) else body

    def _count_failure(self, judgement: Judgement, retry_after: float | None) -> None:
        if retry_after:
            self._store.outbox.hold_off(self._pace.moment(retry_after))
        before = self._pace.failed
        self._pace.fail(judgement.code, judgement.note, retry_after)
        if self._pace.failed and not before:
            self._report_end_of_round()

    def _end_round(self, why: str) -> None:
        self._pace.end_round(why)
        self._report_end_of_round()

    def _report_end_of_round(self) -> None:
        note = f"{self._pace.failed}; the next try is in {self._pace.wait:.0f} s"
        self._report(UploadEvent(None, Disposition.TRY_AGAIN, "", note))

    def _report(self, event: UploadEvent) -> None:
        """Journal an event, then publish it; a full disk ends no upload that needs no room."""
        try:
            self._store.events.add(event, at=self._pace.moment())
        except StoreFull as error:
            _LOG.warning("An event of the outbox was not journaled: %s", error)
        self._on_event(event)
