"""Job packs over the depot's network: whole, once, whatever goes wrong on the way."""

import asyncio
import hashlib
import json
import tempfile
from pathlib import Path

import pytest
from duis_samples import command, write_pack
from store_samples import open_store

from hht.duis.job_pack import JobPack
from hht.outbox import packs
from hht.outbox.errors import OutboxError
from hht.outbox.gateway.client import GatewaySettings
from hht.outbox.packs import Fetched, fetch_packs
from hht.outbox.simulated.gateway import GatewaySim
from hht.outbox.simulated.misbehaviour import Misbehaviour
from hht.store import Store

M = Misbehaviour
IN_THE_END = (M.RESET, M.ERROR_500, M.MAINTENANCE, M.BUSY, M.HALF_ANSWER, M.ENDLESS, M.DUPLICATE)
AT_ONCE = (M.UNAUTHORISED, M.PROXY, M.PORTAL, M.PORTAL_PAGE, M.NETWORK_LOGIN, M.NO_XML)


@pytest.fixture
def depot(tmp_path: Path) -> Path:
    folder = tmp_path / "depot"
    for number in (1, 2):
        write_pack(folder / f"job-{number}", [command(number)], reference=f"JOB-{number}")
    return folder


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path / "data") as opened:
        yield opened


async def fetch(sim: GatewaySim, tmp_path: Path, store: Store) -> list[Fetched]:
    (tmp_path / "data").mkdir(exist_ok=True)
    settings = GatewaySettings(f"{sim.url}/jobs", timeout=2)

    def keep(pack: JobPack) -> int:
        return store.jobs.add(pack).id

    return [each async for each in fetch_packs(settings, tmp_path / "data", keep)]


async def test_every_pack_is_fetched_once(depot: Path, tmp_path: Path, store: Store) -> None:
    async with GatewaySim(jobs=depot) as sim:
        first = await fetch(sim, tmp_path, store)
        assert [(each.state, each.reference) for each in first] == [
            ("new", "JOB-1"),
            ("new", "JOB-2"),
        ]
        assert sim.fetches == 3
        again = await fetch(sim, tmp_path, store)
        assert [(each.state, each.job) for each in again] == [("known", 1), ("known", 2)]
        assert sim.fetches == 4
    assert [job.reference for job in store.jobs.all()] == ["JOB-2", "JOB-1"]


async def test_a_handheld_that_forgot_what_it_fetched_has_each_job_once(
    depot: Path, tmp_path: Path, store: Store
) -> None:
    async with GatewaySim(jobs=depot) as sim:
        await fetch(sim, tmp_path, store)
        (tmp_path / "data" / packs.FETCHED_FILE).write_text("[broken")
        assert {each.state for each in await fetch(sim, tmp_path, store)} == {"new"}
    assert len(store.jobs.all()) == 2


@pytest.mark.parametrize("how", IN_THE_END)
async def test_what_passes_is_tried_again(how, depot, tmp_path, store) -> None:
    async with GatewaySim(how, jobs=depot) as sim:
        assert {each.state for each in await fetch(sim, tmp_path, store)} == {"new"}


@pytest.mark.parametrize("how", AT_ONCE)
async def test_what_is_no_list_is_said_in_one_line_and_nothing_taken(
    how, depot, tmp_path, store
) -> None:
    async with GatewaySim(how, times=0, jobs=depot) as sim:
        with pytest.raises(OutboxError) as caught:
            await fetch(sim, tmp_path, store)
    assert len(str(caught.value).splitlines()) == 1
    assert store.jobs.all() == ()


async def test_a_pack_with_other_bytes_than_announced_is_not_taken(depot, tmp_path, store) -> None:
    """The list came right, one pack did not: the other is taken, and the next fetch mends it."""
    async with GatewaySim(M.WRONG_REQUEST, jobs=depot) as sim:
        sim.victims |= {"GET ": False, "GET job-2.zip": False}
        states = [each.state for each in await fetch(sim, tmp_path, store)]
        assert states == ["failed", "new"]
        assert [each.state for each in await fetch(sim, tmp_path, store)] == ["new", "known"]


async def test_a_pack_that_cannot_be_read_stops_no_other(depot, tmp_path, store) -> None:
    (depot / "job-1" / "job.json").write_text("{}")
    async with GatewaySim(jobs=depot) as sim:
        found = await fetch(sim, tmp_path, store)
    assert [each.state for each in found] == ["failed", "new"]
    assert "format" in found[0].error


async def test_where_it_cannot_be_kept_what_was_fetched_the_jobs_are_taken(
    depot, tmp_path, store
) -> None:
    (tmp_path / "data" / packs.FETCHED_FILE).mkdir()
    async with GatewaySim(jobs=depot) as sim:
        assert {each.state for each in await fetch(sim, tmp_path, store)} == {"new"}
    assert len(store.jobs.all()) == 2


async def test_where_a_pack_cannot_be_unpacked_that_is_one_line_for_each(
    depot, tmp_path, store, monkeypatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    async with GatewaySim(jobs=depot) as sim:
        found = await fetch(sim, tmp_path, store)
    assert [each.state for each in found] == ["failed", "failed"]
    assert "cannot be unpacked" in found[0].error


@pytest.mark.parametrize(
    "row",
    [
        {"name": "../x.zip", "sha256": "0" * 64, "bytes": 1},
        {"name": "x.zip", "sha256": "zz", "bytes": 1},
        {"name": "x.zip", "sha256": "0" * 64, "bytes": "1"},
        {"name": "/etc/x.zip", "sha256": "0" * 64, "bytes": 1},
        {},
        [],
    ],
)
async def test_a_pack_that_leads_elsewhere_fails_and_stops_no_other(
    row, depot, tmp_path, store, monkeypatch
):
    from hht.outbox.simulated import gateway
    from hht.outbox.simulated.job_packs import pack_list

    def with_row(packs) -> bytes:
        return json.dumps({"packs": [row, *json.loads(pack_list(packs))["packs"]]}).encode()

    monkeypatch.setattr(gateway, "pack_list", with_row)
    async with GatewaySim(jobs=depot) as sim:
        bad, *good = await fetch(sim, tmp_path, store)
    assert (bad.state, [each.state for each in good]) == ("failed", ["new", "new"])
    assert "names this pack as none can be named" in bad.error


async def test_an_empty_pack_is_called_empty(depot, tmp_path, store) -> None:
    (depot / "empty.zip").write_bytes(b"")
    async with GatewaySim(jobs=depot) as sim:
        (bad,) = [each for each in await fetch(sim, tmp_path, store) if each.state == "failed"]
    assert "empty.zip: The pack is empty" in bad.error


async def test_a_hash_in_capitals_is_the_same(depot, tmp_path, store, monkeypatch) -> None:
    from hht.outbox.simulated import gateway
    from hht.outbox.simulated.job_packs import pack_list

    def in_capitals(packs) -> bytes:
        rows = json.loads(pack_list(packs))["packs"]
        return json.dumps({"packs": [{**r, "sha256": r["sha256"].upper()} for r in rows]}).encode()

    monkeypatch.setattr(gateway, "pack_list", in_capitals)
    async with GatewaySim(jobs=depot) as sim:
        assert {each.state for each in await fetch(sim, tmp_path, store)} == {"new"}
        assert {each.state for each in await fetch(sim, tmp_path, store)} == {"known"}


WORDS = {
    b"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n": "not HTTP as it should be",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n{}": "not HTTP as it",
    b"SSH-2.0-OpenSSH_9.0\r\n": "not HTTP as it should be",
    b"HTTP/1.1 206 Partial Content\r\nContent-Length: 4\r\n\r\nPK\x03\x04": "HTTP 206, with a part",
    b"HTTP/1.1 204 No Content\r\n\r\n": "HTTP 204, with nothing in it",
    b"HTTP/1.1 302 Found\r\nLocation: https://a.example/x\r\n\r\n": "to a.example, the way leads",
    b"HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\n<html>": "HTTP 404, it is not there",
    b"HTTP/1.1 200 OK\r\n\r\n" + bytes(5 * 1024 * 1024): "larger than announced",
}
"""What a server sends as it is, and what is said of it."""


@pytest.mark.parametrize("sent", WORDS, ids=WORDS.values())
async def test_what_is_no_answer_is_said_in_plain_words(sent, tmp_path) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(sent)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1")
    settings = GatewaySettings(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jobs")
    async with server:
        with pytest.raises(OutboxError) as caught:
            [each async for each in fetch_packs(settings, tmp_path, lambda pack: 0)]
    assert WORDS[sent] in str(caught.value)
    assert "message=" not in str(caught.value)


def busy(seconds: int) -> bytes:
    said = f"HTTP/1.1 429 Too Many Requests\r\nRetry-After: {seconds}\r\nContent-Length: 0\r\n\r\n"
    return said.encode()


NOTHING = b"SSH-2.0-OpenSSH_9.0\r\n"
OFFERED = [{"name": f"{n}.zip", "sha256": f"{n:064}", "bytes": 9} for n in range(5)]
LIST = json.dumps({"packs": OFFERED}).encode()
LISTED = f"HTTP/1.1 200 OK\r\nContent-Length: {len(LIST)}\r\n\r\n".encode() + LIST


@pytest.mark.parametrize(
    ("sent", "tried", "said"),
    [
        (NOTHING, 3 * packs.TRIES, "not HTTP as it should be"),
        (busy(3600), 3, "busy, for 3,600 seconds"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", 5 * packs.TRIES, "HTTP 500"),
    ],
    ids=["nothing", "busy for an hour", "500"],
)
async def test_a_depot_that_is_down_is_not_waited_for_at_every_pack(
    sent: bytes, tried: int, said: str, tmp_path: Path
) -> None:
    """It took a minute and a half for each of up to 500 packs."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split()[1])
        writer.write(sent if asked[-1].endswith(b".zip") else LISTED)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1")
    settings = GatewaySettings(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jobs")
    async with server:
        found = [each async for each in fetch_packs(settings, tmp_path, lambda pack: 0)]
    assert [each.state for each in found] == ["failed"] * 5
    assert said in found[0].error
    assert len(asked) == 1 + tried


async def test_a_page_in_place_of_a_pack_is_called_that(depot, tmp_path, store) -> None:
    async with GatewaySim(M.PORTAL_PAGE, jobs=depot) as sim:
        sim.victims |= {"GET ": False}
        found = await fetch(sim, tmp_path, store)
    assert "sign-in" in found[0].error


async def test_a_list_that_windows_wrote_is_read(depot, tmp_path, store, monkeypatch) -> None:
    from hht.outbox.simulated import gateway
    from hht.outbox.simulated.job_packs import pack_list

    monkeypatch.setattr(gateway, "pack_list", lambda packs: b"\xef\xbb\xbf" + pack_list(packs))
    async with GatewaySim(jobs=depot) as sim:
        assert {each.state for each in await fetch(sim, tmp_path, store)} == {"new"}


def test_a_folder_is_served_as_the_same_bytes_every_time(depot: Path) -> None:
    from hht.outbox.simulated.job_packs import packs_in

    hashes = [hashlib.sha256(packs_in(depot)["job-1.zip"]).hexdigest() for _ in range(2)]
    assert len(set(hashes)) == 1
