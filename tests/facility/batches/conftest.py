"""The same tests on both engines: SQLite behind its keeper, and a PostgreSQL server of our own."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from book_samples import Opener
from postgres_server import Server

from hht.facility.batches.opening import open_books
from hht.facility.batches.store import BatchStore

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    made = Server.make()
    yield made
    made.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("server").new_database(f"books{next(NUMBERS)}")
    return lambda: open_books(tmp_path, url)


@pytest.fixture
def books(opener: Opener) -> Iterator[BatchStore]:
    opened = opener()
    yield opened
    opened.close()
