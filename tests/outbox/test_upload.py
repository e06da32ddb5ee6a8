"""Upload: exactly once by idempotency key, whatever the gateway and the network do."""

import asyncio
import shutil
from pathlib import Path

import pytest
from duis_samples import SUPPLIER
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, NOW, hear, open_store, pack
from upload_bench import upload_settings

from hht.gbcs.message import Message
from hht.outbox.compose813 import return_item
from hht.outbox.export import export_queue
from hht.outbox.gateway.answers import Meaning, judge, judge_code
from hht.outbox.gateway.client import Gateway
from hht.outbox.reports import draft_report, finalise_report
from hht.outbox.simulated.gateway import GatewaySim, Misbehaviour
from hht.outbox.simulated.xml import acknowledgement
from hht.outbox.upload import Upload, UploadPlan
from hht.store import Mode, ReturnState, Store
from hht.store.errors import StoreLocked

QUICK = UploadPlan(first_wait=0.01, longest_wait=0.05)


def fill(store: Store, count: int) -> None:
    """So many items that differ in their counter."""
    alert = Message.parse(CS14_ALERT)
    job = store.jobs.add(pack(CCS01_COMMAND, mode=None))
    for number in range(count - 1):
        raw = CS14_ALERT.replace(alert.counter.to_bytes(8, "big"), number.to_bytes(8, "big"), 1)
        hear(store, raw, job.id)
    hear(store, CCS01_RESPONSE, job.id)


@pytest.fixture(scope="session")
def five_hundred(tmp_path_factory) -> Path:
    """A training database with 500 items, to be copied."""
    folder = tmp_path_factory.mktemp("five-hundred")
    with open_store(folder) as store:
        fill(store, 500)
    return folder / "training.db"


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        fill(opened, 5)
        yield opened


async def send(store: Store, url: str, *, give_up_after: float = 20.0, events=None, **settings):
    async with Gateway(upload_settings(url=url, **settings).gateway) as gateway:
        heard = events.append if events is not None else lambda event: None
        upload = Upload(store, gateway, plan=QUICK, on_event=heard)
        return await upload.run(give_up_after=give_up_after)


async def test_every_item_is_received_with_its_receipt(store):
    async with GatewaySim() as sim:
        summary = await send(store, sim.url)
    assert (summary.received, summary.stopped, store.returns.waiting_count()) == (5, "", 0)
    assert {row.idempotency_key for row in store.returns.all()} == set(sim.received)
    assert store.database.value("SELECT COUNT(*) FROM receipts WHERE code = 'I99'") == 5
    assert store.audit.verify().holds


async def test_what_arrives_is_the_exported_xml_byte_for_byte(store):
    items = [return_item(store, number) for number in store.returns.ids(ReturnState.READY)]
    expected = {item.row.idempotency_key: item.xml for item in items}
    async with GatewaySim() as sim:
        await send(store, sim.url)
    assert {key: item.xml for key, item in sim.received.items()} == expected


@pytest.mark.shared
async def test_the_simulator_accepts_only_what_is_valid_duis(store, shared):
    async with GatewaySim(schema=shared / "duis" / "xsd" / "duis.xsd") as sim:
        number = draft_report(store, "8.14.4", b"<sr:Nonsense/>", originator=SUPPLIER)
        finalise_report(store, number)
        summary = await send(store, sim.url)
    assert (summary.received, summary.refused, sim.invalid) == (5, 1, 1)
    assert "HTTP 400" in store.returns.all(ReturnState.REFUSED)[0].note


TAKES_NOTHING = (Misbehaviour.ERROR_500, Misbehaviour.BUSY, Misbehaviour.RESET)
RECOVERABLE = [
    kind
    for kind in Misbehaviour
    if kind not in (Misbehaviour.UNAUTHORISED, Misbehaviour.REFUSES, Misbehaviour.CERTIFICATE)
]


@pytest.mark.slow
@pytest.mark.parametrize("kind", RECOVERABLE)
async def test_five_hundred_items_are_received_exactly_once(kind, five_hundred, tmp_path):
    shutil.copy(five_hundred, tmp_path)
    share = 0.02 if kind is Misbehaviour.SLOW else 1.0
    with open_store(tmp_path) as store:
        keys = {row.idempotency_key for row in store.returns.all()}
        async with GatewaySim(kind, share=share, slow_seconds=0.5) as sim:
            summary = await send(store, sim.url, timeout=1, give_up_after=60)
        assert (len(keys), set(sim.received)) == (500, keys)
        assert (summary.received, summary.refused, store.returns.waiting_count()) == (500, 0, 0)
        assert sim.posts == 500 + summary.tried_again
        delivered_twice = 500 if kind is Misbehaviour.DUPLICATE else summary.tried_again
        assert sim.duplicates == (0 if kind in TAKES_NOTHING else delivered_twice)


async def test_one_refused_item_does_not_hold_up_the_others(store):
    async with GatewaySim(Misbehaviour.REFUSES, share=0.5, seed=3, times=0) as sim:
        summary = await send(store, sim.url)
    assert summary.received + summary.refused == 5
    assert summary.refused == len(store.returns.all(ReturnState.REFUSED)) > 0
    assert all("E5" in row.note for row in store.returns.all(ReturnState.REFUSED))


async def test_a_gateway_that_does_not_know_us_stops_the_batch_at_once(store):
    async with GatewaySim(Misbehaviour.UNAUTHORISED, times=0) as sim:
        summary = await send(store, sim.url)
        assert "401" in summary.stopped
        assert sim.posts <= QUICK.at_once
    assert len(store.returns.all(ReturnState.SENT)) + len(store.returns.all(ReturnState.READY)) == 5


async def test_the_rest_follows_once_the_gateway_knows_us(store):
    async with GatewaySim(Misbehaviour.UNAUTHORISED, times=0) as sim:
        await send(store, sim.url)
    async with GatewaySim() as sim:
        assert (await send(store, sim.url)).received == 5


async def test_an_expired_certificate_stops_the_batch_before_anything_is_sent(store, tmp_path):
    async with GatewaySim(Misbehaviour.CERTIFICATE) as sim:
        authority = tmp_path / "ca.pem"
        authority.write_bytes(sim.authority)
        summary = await send(store, sim.url, authority=authority)
        assert "certificate" in summary.stopped
        assert sim.posts == 0


async def test_tls_with_a_trusted_certificate_works_and_with_an_unknown_one_does_not(
    store, tmp_path
):
    async with GatewaySim(tls=True) as sim:
        assert "certificate" in (await send(store, sim.url)).stopped
        authority = tmp_path / "ca.pem"
        authority.write_bytes(sim.authority)
        assert (await send(store, sim.url, authority=authority)).received == 5


async def test_without_a_network_no_item_is_tried_and_nothing_is_lost(store, unused_tcp_port):
    events = []
    url = f"http://127.0.0.1:{unused_tcp_port}"
    summary = await send(store, url, give_up_after=0.3, events=events)
    assert "time is up" in summary.stopped
    assert {row.tries for row in store.returns.all()} == {0}
    assert len(events) > 1
    assert store.returns.waiting_count() == 5


async def test_uploads_go_on_when_the_network_comes_back(store, unused_tcp_port):
    url = f"http://127.0.0.1:{unused_tcp_port}"
    uploading = asyncio.create_task(send(store, url))
    await asyncio.sleep(0.1)
    sim = GatewaySim()
    await sim.start(port=unused_tcp_port)
    assert (await uploading).received == 5
    await sim.stop()


async def test_a_lease_left_by_a_dead_process_runs_out(store):
    moment = store.clock.now()
    dead = store.outbox.lease(2, at=moment, until=moment.replace(year=moment.year - 1))
    assert len(dead) == 2
    async with GatewaySim() as sim:
        assert (await send(store, sim.url)).received == 5


async def test_training_data_goes_nowhere_but_to_the_simulator(store):
    from aiohttp import web
    from aiohttp.test_utils import TestServer

    posts = []

    async def real_gateway(request: web.Request) -> web.Response:
        if request.method == "POST":
            posts.append(await request.read())
        return web.Response(text="a supplier's gateway")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", real_gateway)
    async with TestServer(app) as server:
        summary = await send(store, str(server.make_url("/")))
    assert "training data" in summary.stopped
    assert posts == []
    assert store.returns.waiting_count() == 5


async def test_live_data_never_counts_as_received_by_the_simulator(tmp_path):
    with open_store(tmp_path, Mode.LIVE) as live:
        fill(live, 2)
        async with GatewaySim() as sim:
            summary = await send(live, sim.url)
        assert "gateway-sim" in summary.stopped
        assert sim.posts == 0
        assert live.returns.waiting_count() == 2


async def test_an_item_whose_bytes_were_changed_holds_up_no_other(store, tmp_path):
    store.vault.protect("271828")
    store.database.connection.execute("UPDATE captures SET raw = randomblob(99) WHERE id = 2")
    async with GatewaySim() as sim:
        summary = await send(store, sim.url)
    assert (summary.received, summary.refused) == (4, 1)
    (refused,) = store.returns.all(ReturnState.REFUSED)
    assert "changed" in refused.note
    store.outbox.try_again(refused.id)
    assert len(export_queue(store, tmp_path / "out")) == 1  # the manifest alone
    assert store.returns.all(ReturnState.REFUSED)


async def test_a_locked_store_gives_its_one_line(store):
    store.vault.protect("271828")
    store.vault.lock()
    async with GatewaySim() as sim:
        with pytest.raises(StoreLocked):
            await send(store, sim.url)
    store.vault.unlock("271828")
    assert store.returns.waiting_count() == 5


REQUEST = f"{SUPPLIER}:90-B3-D5-1F-30-00-00-02:7"


@pytest.mark.parametrize(
    ("status", "code", "meaning"),
    [
        (200, "I0", Meaning.RECEIVED),
        (200, "I99", Meaning.RECEIVED),
        (200, "W081401", Meaning.RECEIVED),
        (200, "W012345", Meaning.RECEIVED),
        (200, "E5", Meaning.REFUSED),
        (200, "E081302", Meaning.REFUSED),
        (200, "E999", Meaning.REFUSED),
        (200, "E1", Meaning.STOP),
        (200, "I96", Meaning.TRY_AGAIN),
        (400, "E5", Meaning.REFUSED),
        (422, "", Meaning.REFUSED),
        (401, "I0", Meaning.STOP),
        (404, "", Meaning.STOP),
        (302, "", Meaning.STOP),
        (429, "", Meaning.TRY_AGAIN),
        (503, "I0", Meaning.TRY_AGAIN),
        (200, "", Meaning.TRY_AGAIN),
    ],
)
def test_each_answer_has_its_meaning(status, code, meaning):
    from hht.duis.request_id import RequestId

    body = acknowledgement(REQUEST, code, NOW) if code else b""
    assert judge(status, body, RequestId.parse(REQUEST), renumbers=False).meaning is meaning


def test_an_answer_to_another_request_proves_nothing_unless_the_gateway_renumbers():
    from hht.duis.request_id import RequestId

    body = acknowledgement(REQUEST + "1", "I0", NOW)
    request = RequestId.parse(REQUEST)
    assert judge(200, body, request, renumbers=False).meaning is Meaning.TRY_AGAIN
    assert judge(200, body, request, renumbers=True).meaning is Meaning.RECEIVED


def test_w081401_is_a_success_with_a_note():
    assert "InstalledNotCommissioned" in judge_code("W081401").note
