"""A facility on either engine."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from facility_site import FacilitySite
from postgres_server import Server

NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    made = Server.make()
    yield made
    made.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> FacilitySite:
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("server").new_database(f"bench{next(NUMBERS)}")
    return FacilitySite(tmp_path, url)
