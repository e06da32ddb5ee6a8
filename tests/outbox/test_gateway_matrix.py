"""Every HTTP status with every kind of answer: only a DUIS answer to an item decides its fate."""

import itertools
import shutil
from collections.abc import Callable, Sequence
from http import HTTPStatus
from pathlib import Path

import pytest
from sampling import share_of
from store_samples import NOW, open_store
from upload_bench import Respond, clock_of, duis_answer, fill, http, raw_server, request_id_in, send

from hht.clock import ManualClock
from hht.store import ReturnState, Store

ALL = range(100, 600)
NO_BODY = {*range(100, 200), 204, 304}
"""HTTP has no body for these (RFC 9110, 6.4.1): what follows is no answer to anything."""

HTML = b"<html><body>Please sign in to the guest Wi-Fi</body></html>\n<p>more</p>"

Answer = Callable[[int, bytes], bytes]


def other(body: bytes) -> bytes:
    head, _, counter = request_id_in(body).rpartition(":")
    return duis_answer(body, request_id=f"{head}:{int(counter) + 1}")


def half(status: int, body: bytes) -> bytes:
    whole = duis_answer(body)
    return http(status, whole[: len(whole) // 2], size=len(whole))


KINDS: dict[str, Answer] = {
    "DUIS answer": lambda status, body: http(status, duis_answer(body)),
    "other DUIS answer": lambda status, body: http(status, other(body)),
    "HTML": lambda status, body: http(status, HTML),
    "empty": lambda status, body: http(status),
    "half": half,
}


@pytest.fixture(scope="module")
def statuses() -> Sequence[int]:
    """Every status that has a name, and a share of the others."""
    return sorted({*HTTPStatus, *share_of(ALL, 6)})


@pytest.fixture(scope="module")
def filled(statuses, tmp_path_factory) -> Path:
    """A database with an item for each of them."""
    folder = tmp_path_factory.mktemp("matrix")
    with open_store(folder) as store:
        fill(store, len(statuses))
    return folder / "training.db"


class Server:
    """Answers to each item with a status of its own, however often it asks."""

    def __init__(self, answer: Answer, statuses: Sequence[int]) -> None:
        self._answer = answer
        self._left = iter(statuses)
        self.status: dict[str, int] = {}

    def respond(self, body: bytes) -> bytes:
        request_id = request_id_in(body)
        if request_id not in self.status:
            self.status[request_id] = next(self._left)
        return self._answer(self.status[request_id], body)


async def try_each(store: Store, respond: Respond) -> None:
    """Upload again and again until every item has been tried, whatever stopped the others."""
    async with raw_server(respond) as url:
        for _ in itertools.count():
            clock_of(store).advance(3600)
            await send(store, url, give_up_after=1, at_once=1)
            if all(row.tries or row.state == "received" for row in store.returns.all()):
                return


@pytest.mark.parametrize("kind", KINDS)
async def test_the_fate_of_an_item_by_status_and_answer(kind, statuses, filled, tmp_path):
    shutil.copy(filled, tmp_path)
    server = Server(KINDS[kind], statuses)
    with open_store(tmp_path, clock=ManualClock(NOW)) as store:
        await try_each(store, server.respond)
        rows = {server.status[row.request_id]: row for row in store.returns.all()}
    assert set(rows) == set(statuses)
    print(f"\n{kind}: {table({status: str(row.state) for status, row in rows.items()})}")
    for status, row in rows.items():
        answered = kind == "DUIS answer" and status not in NO_BODY
        assert row.state is (ReturnState.RECEIVED if answered else ReturnState.SENT), status
        if status not in NO_BODY and not answered:
            assert row.note.startswith(f"HTTP {status}"), row.note
            first_line = "Please sign in" if kind == "HTML" else "<?xml" if kind != "empty" else ""
            assert first_line in row.note
            assert "more" not in row.note


def table(fates: dict[int, str]) -> str:
    """`100-199 sent, 200-203 received`: neighbours with one fate together."""
    runs = itertools.groupby(sorted(fates), key=lambda status: fates[status])
    return ", ".join(f"{(found := list(run))[0]}-{found[-1]} {fate}" for fate, run in runs)


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 99999 Much\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n",
        b"\xff" * 2000,
    ],
    ids=range(11),
)
async def test_what_is_no_http_answer_changes_no_fate(garbage, tmp_path):
    with open_store(tmp_path, clock=ManualClock(NOW)) as store:
        fill(store, 1)
        async with raw_server(lambda body: garbage) as url:
            await send(store, url, give_up_after=1)
        (row,) = store.returns.all()
        assert row.state is ReturnState.SENT
        assert row.note
        assert row.note.isprintable()
