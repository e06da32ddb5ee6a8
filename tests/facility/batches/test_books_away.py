"""A keeper that is killed, a server that is restarted: the next operation finds the books again."""

import os
import resource
import signal
import sqlite3
import threading
from pathlib import Path

import pytest
from book_samples import books_path, claim, eui, fill
from postgres_server import Server

from hht.errors import HhtError, InputError
from hht.facility.batches.book_keeping import CountUnits
from hht.facility.batches.keeper import Keeper
from hht.facility.batches.keeper_client import socket_path
from hht.facility.batches.opening import open_books
from hht.facility.batches.operations import Begin, Complete
from hht.facility.batches.postgres import public_url
from hht.facility.batches.records import ClaimResult
from hht.facility.batches.store import BooksAway, events_of
from hht.store.errors import StoreForeign


def keeper_of(folder: Path) -> int:
    return int(books_path(folder).with_name("batches.db.lock").read_text())


def kill_keeper(folder: Path) -> None:
    os.kill(keeper_of(folder), signal.SIGKILL)


def test_a_killed_keeper_is_replaced_and_nothing_it_answered_is_lost(tmp_path: Path) -> None:
    books = open_books(tmp_path)
    fill(books)
    fence = claim(books).fence
    place = ("b1", eui(1), fence, "A", "slot-1")
    for move in (Begin(*place), Complete(*place, receipt="r")):
        kill_keeper(tmp_path)
        assert books.do(move)
        assert books.do(move)
    assert [each.what for each in events_of(books, "b1") if each.eui] == [
        *("claimed", "begun", "loaded"),
    ]
    books.close()


def test_a_keeper_holds_nothing_open_of_the_command_that_started_it(tmp_path: Path) -> None:
    read, write = os.pipe()
    kept = os.dup(2)
    os.dup2(write, 2)
    try:
        books = open_books(tmp_path)
        fill(books)
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(write)
    os.set_blocking(read, False)
    assert os.read(read, 1) == b"", "a pipe's end is seen while the keeper lives"
    os.close(read)
    os.kill(keeper_of(tmp_path), 0)
    books.close()


def test_a_disk_without_room_is_named_and_what_follows_is_booked_when_it_has_some(
    tmp_path: Path,
) -> None:
    books = open_books(tmp_path)
    fill(books)
    keeper, hard = keeper_of(tmp_path), resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.prlimit(keeper, resource.RLIMIT_FSIZE, (1, hard))
    with pytest.raises(BooksAway, match="can't be written"):
        claim(books)
    resource.prlimit(keeper, resource.RLIMIT_FSIZE, (hard, hard))
    assert claim(books).result is ClaimResult.CLAIMED
    assert keeper_of(tmp_path) == keeper
    assert [each.what for each in events_of(books, "b1") if each.eui] == ["claimed"]
    books.close()


def test_many_benches_that_start_at_once_share_one_keeper(tmp_path: Path) -> None:
    first = open_books(tmp_path)
    fill(first, units=40)
    kill_keeper(tmp_path)
    given: list[ClaimResult] = []

    def bench(name: str) -> None:
        books = open_books(tmp_path)
        given.extend(claim(books, n, bench=name).result for n in range(1, 41))
        books.close()

    benches = [threading.Thread(target=bench, args=(f"B{n}",)) for n in range(6)]
    for each in benches:
        each.start()
    for each in benches:
        each.join()
    assert given.count(ClaimResult.CLAIMED) == 40
    assert given.count(ClaimResult.BUSY) == 200
    first.close()


def test_the_file_and_its_socket_are_their_owners_alone(tmp_path: Path) -> None:
    books = open_books(tmp_path / "data")
    fill(books)
    path = books_path(tmp_path / "data")
    assert path.parent.stat().st_mode & 0o077 == 0
    files = [each for each in path.parent.iterdir() if each.is_file()]
    assert {path.name, f"{path.name}-wal"} <= {each.name for each in files}
    assert not [each.name for each in files if each.stat().st_mode & 0o077]
    books.close()


def test_books_that_are_a_link_are_refused_and_nothing_is_written_where_it_leads(
    tmp_path: Path,
) -> None:
    victim = tmp_path / "victim"
    victim.touch()
    books_path(tmp_path).symlink_to(victim)
    with pytest.raises(StoreForeign, match="link"):
        Keeper(books_path(tmp_path), tmp_path / "socket")
    assert victim.read_bytes() == b""


def test_a_long_folder_name_does_not_keep_the_keeper_from_listening(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    books = open_books(folder)
    fill(books)
    assert len(os.fsencode(socket_path(books_path(folder)))) <= 100
    books.close()


def test_a_file_that_is_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    path = books_path(tmp_path)
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (it TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(BooksAway, match="does not hold a facility's batches"):
        open_books(tmp_path).do(CountUnits("b1"))
    assert path.read_bytes() == before


def test_what_is_no_address_is_refused_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        open_books(tmp_path, "mysql://user:secret@host/db")
    assert "secret" not in str(refused.value)
    assert public_url("postgresql://user:secret@host:5433/db") == "postgresql://host:5433/db"


def test_a_server_that_is_not_there_is_named_at_once_and_without_its_password(
    tmp_path: Path,
) -> None:
    pytest.importorskip("psycopg")
    books = open_books(tmp_path, "postgresql://user:secret@127.0.0.1:1/db")
    with pytest.raises(HhtError) as away:
        books.do(CountUnits("b1"))
    assert "127.0.0.1:1/db" in str(away.value)
    assert "secret" not in str(away.value)


def test_a_server_that_crashes_between_two_moves_loses_neither(tmp_path: Path) -> None:
    server = Server.make()
    try:
        books = open_books(tmp_path, server.url)
        fill(books)
        fence = claim(books).fence
        place = ("b1", eui(1), fence, "A", "slot-1")
        assert books.do(Begin(*place))
        server.stop()
        server.start()
        assert books.do(Complete(*place, receipt="r"))
        counts = books.do(CountUnits("b1"))
        assert counts
        assert counts.loaded == 1
        books.close()
    finally:
        server.remove()


ADDRESSES = {
    "a per cent": "postgresql://user:sec%ret@127.0.0.1:1/db",
    "a space": "postgresql://user:sec ret@127.0.0.1:1/db",
    "an at": "postgresql://user:x@sec@127.0.0.1:1/db",
    "a slash": "postgresql://user:1/sec@127.0.0.1:1/db",
}


@pytest.mark.parametrize("url", ADDRESSES.values(), ids=ADDRESSES)
def test_a_password_that_spoils_the_address_is_not_shown(tmp_path: Path, url: str) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(HhtError) as refused:
        open_books(tmp_path, url).do(CountUnits("b1"))
    assert "sec" not in str(refused.value)
