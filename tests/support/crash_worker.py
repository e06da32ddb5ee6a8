"""What a process does until it is killed: it works on a store, and says what it was promised."""

import asyncio
import hashlib
import os
import random
from pathlib import Path

from duis_samples import SUPPLIER
from store_samples import (
    CCS01_COMMAND,
    CCS01_RESPONSE,
    CS14_ALERT,
    ECS70_RESPONSE,
    GNCA_ALERT,
    NOW,
    bring,
    hear,
    open_store,
    pack,
)
from upload_bench import upload_settings

from hht.gbcs.message import Message
from hht.journeys.events import StepDone
from hht.outbox.capture import return_anyway
from hht.outbox.compose813 import return_item
from hht.outbox.gateway.client import Gateway
from hht.outbox.pace import UploadPlan
from hht.outbox.reports import draft_report, finalise_report
from hht.outbox.upload import Upload
from hht.store import CommandEvent, CommandState, Store
from hht.store.command_states import is_done, is_under_way
from hht.store.errors import StateRefused

PIN, NEW_PIN = "271828", "314159"
CAPTURES_A_ROUND = 40


class Promises:
    """A pipe to the judge: a line is written only after a call came back."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def add(self, kind: str, value: object) -> None:
        os.write(self._pipe, f"{kind} {value}\n".encode())


def numbered(raw: bytes, number: int) -> bytes:
    """The same Alert with another counter, which makes it another message."""
    old = Message.parse(raw).counter.to_bytes(8, "big")
    return raw.replace(old, number.to_bytes(8, "big"), 1)


def work(folder: Path, seed: int, url: str, pipe: int) -> None:
    """Do everything a visit and an outbox do, in random order, for a round."""
    chance, promises = random.Random(seed), Promises(pipe)
    with open_store(folder) as store:
        promises.add("opened", seed)
        for step in range(CAPTURES_A_ROUND):
            raw = numbered(chance.choice((CS14_ALERT, GNCA_ALERT)), seed * 1000 + step)
            keep(store, raw, promises)
            if chance.random() < 0.2:
                keep(store, raw, promises)
            if chance.random() < 0.3:
                deliver(store, chance, promises)
            if chance.random() < 0.1:
                report(store, promises, seed * 1000 + step)
            if chance.random() < 0.15:
                asyncio.run(upload(store, url, promises))
            store.journeys.save(1, "connect", {"step": step})
            store.events.add(StepDone("scan", seed * 1000 + step), at=NOW, job_id=1)
            promises.add("event", seed * 1000 + step)
    promises.add("finished", seed)


def script(folder: Path, pipe: int) -> None:
    """Each kind of change once, in an order that never varies."""
    promises = Promises(pipe)
    with open_store(folder) as store:
        job = store.jobs.add(pack(CCS01_COMMAND, reference="JOB-0002"))
        promises.add("job", job.id)
        bring(store, store.commands.of_job(job.id)[0].id, CommandState.DELIVERED)
        for raw in (CCS01_RESPONSE, CS14_ALERT, CS14_ALERT, ECS70_RESPONSE):
            keep(store, raw, promises, job.id)
        promises.add("answered", store.commands.of_job(job.id)[0].id)
        return_anyway(store, store.captures.all()[-1].id)
        report(store, promises, 1)
        (number,) = store.outbox.due(at=NOW)[:1]
        store.outbox.lend(number, at=NOW)
        store.outbox.try_later(number, NOW, "no network")
        store.outbox.record_receipt(number, "I0", b"<xml/>", at=NOW)
        promises.add("received", return_item(store, number).row.idempotency_key)
        store.secrets.put("hht identity", b"secret")
        promises.add("secret", "hht identity")
        store.vault.protect(PIN)
        promises.add("pin", PIN)
        store.vault.change_pin(PIN, NEW_PIN)
        store.vault.change_keys(NEW_PIN)
        promises.add("pin", NEW_PIN)
    promises.add("finished", 0)


def keep(store: Store, raw: bytes, promises: Promises, job_id: int = 1) -> None:
    capture = hear(store, raw, job_id)
    promises.add("captured", hashlib.sha256(capture.raw).hexdigest())


def deliver(store: Store, chance: random.Random, promises: Promises) -> None:
    """Take a Local Command a step further, as the journey does after a restart too."""
    command = chance.choice(store.commands.of_job(1))
    if is_under_way(command.state):
        store.commands.move(command.id, CommandEvent.LOST_SIGHT, "restarted")
    elif command.state is CommandState.UNKNOWN and chance.random() < 0.5:
        store.commands.move(command.id, CommandEvent.READ_BACK, "read back")
        promises.add("answered", command.id)
    elif command.state is CommandState.UNKNOWN:
        store.commands.move(command.id, CommandEvent.SETTLED_NOT_DELIVERED)
        store.commands.move(command.id, CommandEvent.SEND)
    else:
        try:
            store.commands.move(command.id, CommandEvent.SEND)
        except StateRefused:
            assert is_done(command.state)


def report(store: Store, promises: Promises, number: int) -> None:
    body = f"<sr:X>{number}</sr:X>".encode()
    return_id = draft_report(store, "8.14.4", body, originator=SUPPLIER)
    finalise_report(store, return_id)
    promises.add("ready", return_item(store, return_id).row.idempotency_key)


async def upload(store: Store, url: str, promises: Promises) -> None:
    plan = UploadPlan(first_wait=0.001, longest_wait=0.01)
    async with Gateway(upload_settings(url=url).gateway) as gateway:
        await Upload(store, gateway, plan=plan).run(give_up_after=0.1)
    for row in store.returns.all():
        if row.state == "received":
            promises.add("received", row.idempotency_key)
