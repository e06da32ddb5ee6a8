"""Upload: exactly once by idempotency key, whatever the gateway and the network do."""

import asyncio
import shutil
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from duis_samples import SUPPLIER
from sampling import LONG
from store_samples import NOW, open_store
from upload_bench import (
    clock_of,
    duis_answer,
    fill,
    http,
    raw_server,
    request_id_in,
    send,
    send_with,
    upload_settings,
)

from hht.clock import ManualClock, SystemClock
from hht.events import Source
from hht.outbox.compose813 import return_item
from hht.outbox.export import export_outbox
from hht.outbox.gateway.answers import Disposition
from hht.outbox.pace import LAST_WAIT
from hht.outbox.reports import draft_report, finalise_report
from hht.outbox.simulated.gateway import GatewaySim
from hht.outbox.simulated.misbehaviour import Misbehaviour
from hht.outbox.upload import UploadEvent, upload_outbox
from hht.store import Mode, ReturnState, Store
from hht.store.errors import StoreFull, StoreLocked

MANY = 500 if LONG else 60
"""Items of an upload that is to meet trouble: several times as many as go at once."""


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training database with so many items, to be copied."""
    folder = tmp_path_factory.mktemp("many")
    with open_store(folder) as store:
        fill(store, MANY)
    return folder / "training.db"


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path, clock=ManualClock(NOW)) as opened:
        fill(opened, 5)
        yield opened


@pytest.fixture
def live(tmp_path):
    with open_store(tmp_path, Mode.LIVE, ManualClock(NOW)) as opened:
        fill(opened, 5)
        yield opened


def states(store) -> dict[str, int]:
    return {str(state): count for state, count in store.returns.counts().items()}


async def test_every_item_is_received_with_its_receipt(store):
    async with GatewaySim() as sim:
        summary = await send(store, sim.url)
    assert (summary.received, summary.stopped, store.returns.waiting_count()) == (5, "", 0)
    assert {row.idempotency_key for row in store.returns.all()} == set(sim.received)
    assert store.database.value("SELECT COUNT(*) FROM receipts WHERE code = 'I99'") == 5
    assert store.verify_trail().holds


async def test_every_try_is_in_the_journal_as_it_was_published(store: Store) -> None:
    events: list[UploadEvent] = []
    async with GatewaySim(Misbehaviour.ACCEPT_THEN_500) as sim:
        await send(store, sim.url, events=events)
    kept = [record for record in store.events.all() if record.source is Source.OUTBOX]
    assert [record.event() for record in kept] == events
    assert {record.at.tzinfo for record in kept} == {UTC}
    tries = [(event.item, event.meaning) for event in events if event.item is not None]
    assert {meaning for _, meaning in tries} == {Disposition.TRY_AGAIN, Disposition.RECEIVED}
    assert sum(meaning is Disposition.RECEIVED for _, meaning in tries) == 5


async def test_an_upload_whose_journal_has_no_room_goes_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreFull("The disk is full")

    monkeypatch.setattr(store.events, "add", full)
    async with GatewaySim() as sim:
        assert (await send(store, sim.url)).received == 5


async def test_what_arrives_is_the_exported_xml_byte_for_byte(store):
    items = [return_item(store, number) for number in store.returns.ids(ReturnState.READY)]
    expected = {item.row.idempotency_key: item.xml for item in items}
    async with GatewaySim() as sim:
        await send(store, sim.url)
    assert {key: item.xml for key, item in sim.received.items()} == expected


@pytest.mark.shared
async def test_the_simulator_accepts_only_what_is_valid_duis_and_its_no_is_no_answer(store, shared):
    async with GatewaySim(schema=shared / "duis" / "xsd" / "duis.xsd") as sim:
        number = draft_report(store, "8.14.4", b"<sr:Nonsense/>", originator=SUPPLIER)
        finalise_report(store, number)
        summary = await send(store, sim.url)
    assert (summary.received, summary.refused, summary.held) == (5, 0, 0)
    assert sim.invalid > 0
    (left,) = store.returns.all(ReturnState.SENT)
    assert left.note == "HTTP 400: not a valid request"


TAKES_NOTHING = (
    Misbehaviour.ERROR_500,
    Misbehaviour.BUSY,
    Misbehaviour.MAINTENANCE,
    Misbehaviour.RESET,
    Misbehaviour.PORTAL_PAGE,
)
STOPS = (
    Misbehaviour.UNAUTHORISED,
    Misbehaviour.PROXY,
    Misbehaviour.PORTAL,
    Misbehaviour.NETWORK_LOGIN,
    Misbehaviour.UNPROVEN,
    Misbehaviour.REFUSES_ALL,
    Misbehaviour.CERTIFICATE,
)
DECIDES = (Misbehaviour.REFUSES, Misbehaviour.WRONG_CODE)
HANGS = (Misbehaviour.SLOW, Misbehaviour.HANG)
RECOVERABLE = [kind for kind in Misbehaviour if kind not in (*STOPS, *DECIDES)]


@pytest.mark.whole_program
@pytest.mark.one_in(2)
@pytest.mark.parametrize("kind", RECOVERABLE)
async def test_many_items_are_received_exactly_once(kind, many, tmp_path):
    """Each meets the misbehaviour once, those that make the client wait a few of them."""
    shutil.copy(many, tmp_path)
    share = 5 / MANY if kind in HANGS else 1.0
    with open_store(tmp_path, clock=ManualClock(NOW)) as store:
        keys = {row.idempotency_key for row in store.returns.all()}
        async with GatewaySim(kind, share=share, clock=ManualClock(NOW)) as sim:
            patience = 0.2 if kind in HANGS else 10.0
            settings = replace(upload_settings(url=sim.url).gateway, timeout=patience)
            summary = await send_with(store, settings)
        assert (len(keys), set(sim.received)) == (MANY, keys)
        assert (summary.received, summary.refused, store.returns.waiting_count()) == (MANY, 0, 0)
        assert sim.posts == MANY + summary.tried_again
        delivered_twice = MANY if kind is Misbehaviour.DUPLICATE else summary.tried_again
        took_nothing = kind in TAKES_NOTHING or kind is Misbehaviour.HANG
        assert sim.duplicates == (0 if took_nothing else delivered_twice)


PORTALS = (Misbehaviour.PORTAL, Misbehaviour.PORTAL_PAGE, Misbehaviour.NETWORK_LOGIN)


@pytest.mark.parametrize("kind", PORTALS)
async def test_of_many_items_with_a_portal_half_way_each_is_received_once_and_none_by_hand(
    kind, many, tmp_path
):
    shutil.copy(many, tmp_path)
    with open_store(tmp_path, clock=ManualClock(NOW)) as store:
        async with GatewaySim(kind, after=MANY // 2, times=0) as sim:
            first = await send(store, sim.url)
            assert (
                MANY // 2 <= first.received < MANY // 2 + 10
            )  # those on their way when the portal came up
            assert sim.posts < MANY // 2 + 50
            assert store.returns.counts()[ReturnState.RECEIVED] == first.received
            assert not {ReturnState.REFUSED, ReturnState.HELD} & set(store.returns.counts())
            sim.misbehaviour = None
            clock_of(store).advance(3600)
            second = await send(store, sim.url)
        assert first.received + second.received == MANY
        assert (len(sim.received), sim.duplicates) == (MANY, 0)


async def test_one_refused_item_does_not_hold_up_the_others(store):
    async with GatewaySim(Misbehaviour.REFUSES, share=0.5, seed=3, times=0) as sim:
        summary = await send(store, sim.url)
    assert summary.received + summary.refused == 5
    assert summary.refused == len(store.returns.all(ReturnState.REFUSED)) > 0
    assert all("E5" in row.note for row in store.returns.all(ReturnState.REFUSED))


async def test_an_item_is_held_for_a_person_when_nobody_knows_the_code(store):
    async with GatewaySim(Misbehaviour.WRONG_CODE, share=0.5, seed=3, times=0) as sim:
        summary = await send(store, sim.url)
    assert summary.received + summary.held == 5
    held = store.returns.all(ReturnState.HELD)
    assert len(held) == summary.held > 0
    assert all(row.note.startswith("I96: DUIS 5.4 has no such code") for row in held)


async def test_a_code_by_which_every_item_would_be_refused_stops_the_upload(store):
    async with GatewaySim(Misbehaviour.REFUSES_ALL, times=0) as sim:
        summary = await send(store, sim.url)
    assert summary.refused == 1
    assert summary.stopped.startswith("E1: ")
    assert states(store) == {"ready": 4, "refused": 1}
    assert sim.posts == 1


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (Misbehaviour.UNAUTHORISED, "HTTP 401: it does not accept who we are: This is 401"),
        (Misbehaviour.PROXY, "HTTP 407: the proxy does not accept who we are: This is 407"),
        (
            Misbehaviour.PORTAL,
            "HTTP 302: the way leads to another page (to portal.example): <html><body>Please sign"
            " in to the guest Wi-Fi</body></html>",
        ),
        (
            Misbehaviour.NETWORK_LOGIN,
            "HTTP 511: the network wants somebody to sign in: <html><body>Please sign in",
        ),
    ],
)
async def test_what_every_item_would_meet_stops_the_upload_at_once(store, kind, says):
    async with GatewaySim(kind, times=0) as sim:
        summary = await send(store, sim.url)
    assert summary.stopped.startswith(says)
    assert sim.posts == 1
    assert states(store) == {"ready": 4, "sent": 1}
    assert store.returns.get(1).note.startswith(says)


async def test_the_rest_follows_once_the_gateway_knows_us(store):
    async with GatewaySim(Misbehaviour.UNAUTHORISED, times=0) as sim:
        await send(store, sim.url)
    async with GatewaySim() as sim:
        assert (await send(store, sim.url)).received == 5


async def test_three_equal_failures_in_a_row_stop_the_round_and_the_next_waits_longer(store):
    events: list[UploadEvent] = []
    fill(store, 20)
    async with GatewaySim(Misbehaviour.PORTAL_PAGE, times=0) as sim:
        summary = await send(store, sim.url, events=events, give_up_after=20)
    rounds = [event.note for event in events if event.item is None]
    assert all(note.startswith("3 times in a row: HTTP 200: <html>") for note in rounds)
    waits = [int(note.rpartition(" in ")[2].removesuffix(" s")) for note in rounds]
    assert len(waits) > 1
    assert waits == sorted(waits)
    assert sim.posts == 3 * len(rounds)
    assert summary.stopped.startswith("3 times in a row: HTTP 200: <html>")
    assert "time is up" in summary.stopped
    assert clock_of(store).elapsed() < 20


async def test_an_answer_between_them_begins_a_new_row(store):
    async with GatewaySim(Misbehaviour.PORTAL_PAGE, share=0.5, seed=2, times=2) as sim:
        events: list[UploadEvent] = []
        await send(store, sim.url, events=events, at_once=1)
    assert store.returns.waiting_count() == 0
    assert [event for event in events if event.item is None] == []


async def test_what_was_tried_least_goes_first(store):
    asked = []

    def respond(body: bytes) -> bytes:
        asked.append(request_id_in(body))
        return http(502 if len(asked) == 1 else 200, duis_answer(body) if len(asked) > 1 else b"")

    async with raw_server(respond) as url:
        await send(store, url, at_once=1)
    first = store.returns.get(1).request_id
    assert asked.index(first) == 0
    assert asked.count(first) == 2
    assert asked[-1] == first


@pytest.mark.parametrize("wait", ["30", "Fri, 20 Nov 2026 09:00:30 GMT"])
async def test_retry_after_is_obeyed_by_this_upload_and_the_next(store, wait):
    posts: list[float] = []
    clock = clock_of(store)

    def respond(body: bytes) -> bytes:
        posts.append(clock.elapsed())
        if len(posts) == 1:
            return http(429, b"slow down", headers=f"{SIM}Retry-After: {wait}\r\n")
        return http(200, duis_answer(body))

    async with raw_server(respond) as url:
        first = await send(store, url, give_up_after=3)
        assert first.stopped.startswith("HTTP 429: slow down. The time is up")
        second = await send(store, url, give_up_after=3)
        assert second.stopped.startswith("Nothing more is due for")
        assert len(posts) == 1
        assert (await send(store, url, give_up_after=60)).received == 5
    assert posts[1] - posts[0] >= 30


SIM = "Hht-Gateway: simulator\r\n"


@pytest.mark.parametrize("wait", ["99999999999999999999", "Fri, 20 Nov 2099 09:00:00 GMT", "3601"])
async def test_no_gateway_puts_the_outbox_off_for_more_than_an_hour(store, wait):
    busy = http(503, headers=f"{SIM}Retry-After: {wait}\r\n")
    async with raw_server(lambda body: busy) as url:
        await send(store, url, give_up_after=1)
    assert len(store.outbox.due(at=NOW + timedelta(hours=1, seconds=1))) == 5


FAR_ZONE = "Fri, 20 Nov 2026 09:00:00 +9999999999999"


@pytest.mark.parametrize("wait", ["", "soon", "-1", "1e9", "Mon, 99 Foo", "\u00b2", FAR_ZONE])
async def test_a_retry_after_that_says_nothing_is_none(store, wait):
    busy = http(503, headers=f"{SIM}Retry-After: {wait}\r\n")
    async with raw_server(lambda body: busy) as url:
        summary = await send(store, url, give_up_after=1)
    assert summary.tried_again == 3


async def test_no_request_begins_after_the_end(store):
    clock = clock_of(store)
    began: list[float] = []

    def respond(body: bytes) -> bytes:
        began.append(clock.elapsed())
        clock.advance(4.0)  # every answer takes that long
        return http(200, duis_answer(body))

    async with raw_server(respond) as url:
        summary = await send(store, url, give_up_after=10, at_once=1)
    assert began == [0.0, 4.0, 8.0]
    assert summary.received == 3
    assert "time is up" in summary.stopped


@pytest.mark.parametrize(
    "begins", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"], ids=repr
)
async def test_a_gateway_that_never_answers_keeps_no_upload_past_its_end(tmp_path, begins):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (await reader.readuntil(b"\r\n\r\n")).startswith(b"GET"):
            writer.write(http(200, headers="", close=False))
        writer.write(begins)
        await reader.read()  # as much as comes, until the other side goes
        writer.close()

    with open_store(tmp_path, Mode.LIVE, SystemClock()) as store:
        fill(store, 3)
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            settings = upload_settings(url=url, timeout=600, give_up_after=20)
            began = store.clock.elapsed()
            summary = await upload_outbox(store, settings)
            passed = store.clock.elapsed() - began
        assert "time is up" in summary.stopped
        assert 20 <= passed <= 20 + LAST_WAIT + 2  # aiohttp rounds up to whole seconds
        assert store.returns.ids(ReturnState.RECEIVED) == ()


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
async def test_the_time_of_day_may_be_set_in_the_middle(store, days):
    """A handheld learns the time when it gets a network: no wait is cut short or drawn out."""
    clock = clock_of(store)
    posts: list[float] = []

    def respond(body: bytes) -> bytes:
        posts.append(clock.elapsed())
        clock.set(NOW + timedelta(days=days))
        return http(503)

    async with raw_server(respond) as url:
        await send(store, url, give_up_after=30)
    assert posts[:3] == [0, 0, 0]
    assert 1 <= posts[3] <= 2
    assert 10 <= posts[-1] < 30


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


async def test_without_a_network_no_item_is_tried_and_nothing_is_lost(store, unused_port):
    events: list[UploadEvent] = []
    url = f"http://127.0.0.1:{unused_port}"
    summary = await send(store, url, give_up_after=30, events=events)
    assert summary.stopped.startswith("The gateway does not answer: ")
    assert "time is up" in summary.stopped
    assert {row.tries for row in store.returns.all()} == {0}
    assert len(events) > 1
    assert states(store) == {"ready": 5}


async def test_uploads_go_on_when_the_network_comes_back(store, unused_port):
    url = f"http://127.0.0.1:{unused_port}"
    sim = GatewaySim()

    async def come_back() -> None:
        await store.clock.sleep(10)
        await sim.start(port=unused_port)

    async with asyncio.TaskGroup() as group:
        group.create_task(come_back())
        summary = await send(store, url, give_up_after=None)
    assert summary.received == 5
    await sim.stop()


async def test_two_uploads_of_one_process_send_no_item_twice(store):
    async with GatewaySim() as sim:
        first, second = await asyncio.gather(send(store, sim.url), send(store, sim.url))
        assert first.received + second.received == 5
        assert (sim.posts, sim.duplicates) == (5, 0)


async def test_what_a_broken_upload_was_sending_is_sent_by_the_next(store):
    asked = asyncio.Event()

    def never_enough(body: bytes) -> bytes:
        asked.set()
        return http(200, size=100)

    async with raw_server(never_enough) as url:
        task = asyncio.create_task(send(store, url))
        await asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with GatewaySim() as sim:
        assert (await send(store, sim.url)).received == 5


async def test_training_data_goes_nowhere_but_to_the_simulator(store):
    posts: list[bytes] = []
    async with raw_server(lambda body: posts.append(body) or http(200), get="") as url:
        summary = await send(store, url)
    assert "training data" in summary.stopped
    assert posts == []
    assert states(store) == {"ready": 5}


async def test_a_stranger_that_answers_for_the_simulator_sees_one_item_and_receives_none(store):
    async with GatewaySim(Misbehaviour.UNPROVEN, times=0) as sim:
        summary = await send(store, sim.url)
        assert "training data" in summary.stopped
        assert sim.posts == 1
    assert states(store) == {"ready": 4, "sent": 1}


async def test_live_data_never_counts_as_received_by_the_simulator(live):
    async with GatewaySim() as sim:
        summary = await send(live, sim.url)
    assert "gateway-sim" in summary.stopped
    assert sim.posts == 0
    assert states(live) == {"ready": 5}


@pytest.mark.parametrize("mark", ["in the header", "in the document"])
async def test_an_answer_of_the_simulator_settles_no_live_item(live, mark):
    def respond(body: bytes) -> bytes:
        answer = duis_answer(body)
        if mark == "in the document":
            return http(200, answer.replace(b"<sr:R", b"<?hht training?><sr:R", 1), headers="")
        return http(200, answer)

    async with raw_server(respond, get="") as url:
        summary = await send(live, url)
    assert "gateway-sim" in summary.stopped
    assert states(live) == {"ready": 4, "sent": 1}


async def test_a_real_gateway_receives_live_data(live):
    async with raw_server(lambda body: http(200, duis_answer(body), headers=""), get="") as url:
        assert (await send(live, url)).received == 5


async def test_a_gateway_that_renumbers_gives_each_item_an_answer_of_its_own(live):
    numbers = iter(range(1000, 1100))

    def renumbered(body: bytes) -> bytes:
        head = request_id_in(body).rpartition(":")[0]
        return http(200, duis_answer(body, request_id=f"{head}:{next(numbers)}"), headers="")

    async with raw_server(renumbered, get="") as url:
        assert (await send(live, url, give_up_after=5)).received == 0
        clock_of(live).advance(3600)
        assert (await send(live, url, renumbers=True)).received == 5


async def test_one_answer_given_to_every_request_is_taken_once(live):
    def the_same(body: bytes) -> bytes:
        head = request_id_in(body).rpartition(":")[0]
        return http(200, duis_answer(body, request_id=f"{head}:1"), headers="")

    async with raw_server(the_same, get="") as url:
        summary = await send(live, url, renumbers=True, give_up_after=5)
        clock_of(live).advance(3600)
        again = await send(live, url, renumbers=True, give_up_after=5)
    assert (summary.received, again.received) == (1, 0)
    assert all("another item's" in row.note for row in live.returns.all(ReturnState.SENT))


async def test_the_answer_to_another_item_is_none_though_the_gateway_renumbers(live):
    before = [live.returns.all()[-1].request_id]

    def late(body: bytes) -> bytes:
        before.append(request_id_in(body))
        return http(200, duis_answer(body, request_id=before[-2]), headers="")

    async with raw_server(late, get="") as url:
        assert (await send(live, url, renumbers=True, give_up_after=5)).received == 0


@pytest.mark.parametrize("sealed", [True, False], ids=["with a PIN", "without one"])
async def test_an_item_whose_bytes_were_changed_is_held_and_delays_no_other(
    store, tmp_path, sealed
):
    if sealed:
        store.vault.protect("271828")
    store.database.connection.execute("UPDATE captures SET raw = randomblob(99) WHERE id = 2")
    async with GatewaySim() as sim:
        summary = await send(store, sim.url)
    assert (summary.received, summary.held) == (4, 1)
    (held,) = store.returns.all(ReturnState.HELD)
    assert "changed" in held.note
    store.outbox.try_again(held.id)
    reported = []
    files = export_outbox(store, tmp_path / "out", on_held=lambda *each: reported.append(each))
    assert len(files) == 1  # the manifest alone
    assert reported == [(held.id, held.note)]
    assert store.returns.all(ReturnState.HELD)


@pytest.mark.parametrize("edit", ["state = 'no word'", "idempotency_key = 'k'"])
async def test_an_item_that_was_edited_in_the_database_is_held_and_delays_no_other(store, edit):
    connection = store.database.connection
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute(f"UPDATE returns SET {edit} WHERE id = 2")
    async with GatewaySim() as sim:
        summary = await send(store, sim.url)
    assert (summary.received, summary.held) == (4, 1)
    assert [item.id for item in store.returns.all(ReturnState.HELD)] == [2]
    assert not store.verify_trail().holds


async def test_a_locked_store_gives_its_one_line(store):
    store.vault.protect("271828")
    store.vault.lock()
    async with GatewaySim() as sim:
        with pytest.raises(StoreLocked):
            await send(store, sim.url)
    store.vault.unlock("271828")
    assert store.returns.waiting_count() == 5


SECRETS = ("t0ken/with+signs=", "pa55word")


def all_forms(text: str) -> list[str]:
    import html
    from urllib.parse import quote

    return [text, quote(text, safe=""), html.escape(text), text.replace("/", "\\/")]


@pytest.mark.parametrize("writing", range(4))
async def test_no_token_that_a_page_repeats_comes_into_a_note(live, tmp_path, writing, caplog):
    caplog.set_level("DEBUG")
    (tmp_path / "token").write_text(SECRETS[0])
    shown = all_forms(SECRETS[0])[writing]
    page = f"You said: {shown} {shown}".encode()
    events: list[UploadEvent] = []
    async with raw_server(lambda body: http(400, page, headers=""), get="") as url:
        token = tmp_path / "token"
        summary = await send(live, url, token_file=token, give_up_after=1, events=events)
    notes = [row.note for row in live.returns.all()]
    said = f"{summary} {events} {notes} {live.audit.entries()} {caplog.text}"
    assert "HTTP 400: You said: ***" in said
    assert "t0ken" not in said
    assert not any(form in said for form in all_forms(SECRETS[0]))


async def test_no_token_that_an_answer_repeats_is_in_the_receipt(live, tmp_path):
    (tmp_path / "token").write_text(SECRETS[0])
    repeated = f"<!-- Bearer {SECRETS[0]} -->".encode()

    def respond(body: bytes) -> bytes:
        return http(200, duis_answer(body) + repeated, headers="")

    async with raw_server(respond, get="") as url:
        summary = await send(live, url, token_file=tmp_path / "token")
    kept = [row["document"] for row in live.outbox.receipt_rows()]
    assert summary.received == len(kept) == 5
    assert all(document.endswith(b"<!-- Bearer *** -->") for document in kept)


async def test_where_nothing_comes_the_note_has_how_long_was_waited(store):
    async with GatewaySim(Misbehaviour.HANG, times=0) as sim:
        settings = replace(upload_settings(url=sim.url).gateway, timeout=0.2)
        await send_with(store, settings, give_up_after=0.1)
    assert store.returns.get(1).note == "No answer: nothing came within 0.2 s"


async def test_a_proxy_is_named_and_its_password_is_not(live, unused_port):
    proxy = f"http://me:{SECRETS[1]}@127.0.0.1:{unused_port}"
    events: list[UploadEvent] = []
    summary = await send(
        live, "https://gateway.example", proxy=proxy, give_up_after=1, events=events
    )
    assert f"through the proxy 127.0.0.1:{unused_port} (proxy)" in summary.stopped
    assert SECRETS[1] not in f"{summary} {events}"


async def test_a_proxy_variable_is_honoured(live, monkeypatch):
    asked: list[str] = []

    async def serve(reader, writer):
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(http(407, b"no"))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("HTTP_PROXY", f"http://me:{SECRETS[1]}@127.0.0.1:{port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    await send(live, "http://gateway.example:8079/x", allow_http=True, give_up_after=1)
    server.close()
    assert asked[0].startswith("GET http://gateway.example:8079/x HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic " in asked[0]


async def test_a_bomb_in_the_answer_is_not_unpacked_whole(live):
    import gzip
    import tracemalloc

    bomb = gzip.compress(bytes(200 * 2**20), 9)
    answer = http(200, bomb, headers="Content-Encoding: gzip\r\n")
    tracemalloc.start()
    async with raw_server(lambda body: answer, get="") as url:
        summary = await send(live, url, give_up_after=1)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert summary.received == 0
    assert peak < 40 * 2**20
