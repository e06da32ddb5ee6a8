"""In live mode, with a gateway set up, what is due goes off without being asked."""

from dataclasses import replace

import pytest
from key_files import write_key_pair
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, HUB, NOW, hear, open_store, pack

from hht.clock import ManualClock
from hht.outbox.auto_upload import uploader
from hht.outbox.capture import capture_message
from hht.outbox.simulated.gateway import GatewaySim
from hht.outbox.upload import UploadSummary
from hht.store import Mode, Store
from screens.auto_upload import EVERY_SECONDS


class Gateway:
    """What the app was set up to upload with; notes how many items were waiting at each call."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    async def upload(self, store: Store) -> UploadSummary:
        """Take the call."""
        self.calls.append(store.returns.waiting_count())
        return UploadSummary()


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def live(context, tmp_path, gateway):
    """A live database with one item to return, and a gateway to return it to."""

    def opened() -> Store:
        store = Store.open(tmp_path / "live.db", Mode.LIVE)
        job = store.jobs.add(replace(pack(CCS01_COMMAND), mode="live"))
        capture_message(store, CCS01_RESPONSE, hub=HUB, job_id=job.id, received_at=NOW)
        return store

    return replace(context, mode="live", open_store=opened, upload=gateway.upload)


async def test_what_is_due_is_sent_at_the_start(open_bench, live, gateway):
    async with open_bench(given=live) as bench:
        await bench.until_it_holds(lambda: gateway.calls)
    assert gateway.calls == [1]


async def test_it_goes_on_on_the_timer(open_bench, live, gateway):
    clock = ManualClock()
    async with open_bench(given=replace(live, clock=clock)) as bench:
        for calls in (1, 2, 3):
            await bench.until_it_holds(lambda calls=calls: len(gateway.calls) == calls)
            await bench.idle()
            await clock.run(EVERY_SECONDS)


async def test_nothing_is_sent_while_the_store_is_locked(open_bench, live, gateway):
    clock = ManualClock()

    def locked() -> Store:
        store = live.open_store()
        store.vault.protect("correct horse battery")
        store.vault.lock()
        return store

    async with open_bench(given=replace(live, open_store=locked, clock=clock)) as bench:
        await bench.until("Locked: enter your PIN")
        await clock.run(3 * EVERY_SECONDS)
        await bench.idle()
        assert gateway.calls == []


async def test_training_data_waits_to_be_sent_by_hand(open_bench, context, gateway):
    async with open_bench(given=replace(context, upload=gateway.upload)) as bench:
        await bench.until("Enter  Open JOB-0001")
        assert gateway.calls == []


async def test_every_setting_counts_for_the_app_too_signing_among_them(tmp_path):
    write_key_pair(tmp_path)
    with open_store(tmp_path) as store:
        hear(store, CCS01_RESPONSE, store.jobs.add(pack(CCS01_COMMAND)).id)
        async with GatewaySim() as sim:
            (tmp_path / "gateway.toml").write_text(
                f'url = "{sim.url}"\nsign_key = "hht.key"\nsign_certificate = "hht.pem"\n'
            )
            send = uploader(tmp_path)
            assert send is not None
            assert (await send(store)).received == 1
        (item,) = sim.received.values()
    assert b"<ds:SignatureValue>" in item.xml
