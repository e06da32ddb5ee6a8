"""A class server in the test's own loop, with doubles for the apps."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from app_double import AppDouble

from hht.serve.door import Door
from hht.serve.requests import Size
from hht.serve.roll import Roll
from hht.serve.server import ClassServer


class ServedClass:
    """The server, and the apps that it started by seat; the board's is number 0."""

    def __init__(self, folder: Path, seats: int) -> None:
        self.apps: dict[int, AppDouble] = {}
        self.sizes: list[Size] = []
        self.roll = Roll(folder, seats)
        self.server = ClassServer(Door(), self.roll, self._app, self._board)

    async def _app(self, number: int, size: Size) -> AppDouble:
        self.sizes.append(size)
        self.apps[number] = AppDouble()
        return self.apps[number]

    async def _board(self, size: Size) -> AppDouble:
        self.apps[0] = AppDouble()
        return self.apps[0]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def address(self) -> str:
        return f"{self.base}/?t={self.server.door.class_token}"

    @property
    def board(self) -> str:
        return f"{self.base}/board?t={self.server.door.trainer_token}"


@pytest.fixture
async def serve(tmp_path: Path) -> AsyncIterator[Callable[[int], Awaitable[ServedClass]]]:
    """Serve a class of so many seats, until the test ends."""
    pytest.importorskip("textual_serve", reason="the extra 'serve' is not installed")
    served: list[ServedClass] = []

    async def begin(seats: int = 2) -> ServedClass:
        served.append(ServedClass(tmp_path / "class", seats))
        await served[-1].server.start(["127.0.0.1"])
        return served[-1]

    yield begin
    for each in served:
        await each.server.close()
