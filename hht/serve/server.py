"""The HTTP server of a class: a page and a socket for each seat, and for the trainer's board."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from hht.clock import SYSTEM_CLOCK, Clock
from hht.errors import HhtError
from hht.serve import page
from hht.serve.connections import Listener
from hht.serve.door import Door, new_token, same
from hht.serve.requests import MOST_BYTES, Ping, Size, read_request, read_size
from hht.serve.roll import Place, Roll
from hht.serve.seat import Closing, RunningApp, Seat

HEARTBEAT_SECONDS = 15.0
"""A browser whose laptop sleeps is noticed after one and a half; its seat stays."""
HEAD_BYTES = 8190
"""The longest line and header of a request; ours have some hundred."""
CLOSE_SECONDS = 1.0
"""For the farewell of a socket, and of what else is open when the class ends."""
StartApp = Callable[[int, Size], Awaitable[RunningApp]]
StartBoard = Callable[[Size], Awaitable[RunningApp]]


class _Window:
    """A browser's socket, as a seat sees it."""

    def __init__(self, socket: web.WebSocketResponse, farewells: set[asyncio.Task[bool]]) -> None:
        """Keep `farewells`, those under way: the server waits for them at its end."""
        self._socket = socket
        self._farewells = farewells

    async def paint(self, data: bytes) -> None:
        await self._socket.send_bytes(data)

    def close(self, code: int) -> None:
        farewell = asyncio.create_task(self._socket.close(code=code))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)


class ClassServer:
    """Seats by their cookies; `start` and `close`."""

    def __init__(
        self,
        door: Door,
        roll: Roll,
        start_app: StartApp,
        start_board: StartBoard,
        port: int = 0,
        title: str = "hht",
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self.door = door
        self.roll = roll
        self.port = port
        self._title = title
        self._clock = clock
        self._files = page.static_files()
        self._seats = {
            number: Seat(_starting(start_app, number), _noting(roll, number), clock)
            for number in roll.numbers
        }
        self._board = Seat(start_board, clock=clock)
        self._trainer_cookie = new_token()
        self._farewells: set[asyncio.Task[bool]] = set()
        self._runner: web.AppRunner | None = None
        self._listener: Listener | None = None

    async def start(self, addresses: list[str], tls: Any = None) -> None:
        """Listen at these addresses, all at one port, which is `port` then."""
        application = web.Application(
            middlewares=[self._guard], client_max_size=0, handler_args={"max_line_size": HEAD_BYTES}
        )
        application.add_routes(
            [
                web.get("/", self._page, allow_head=False),
                web.get("/ws", self._socket, allow_head=False),
                web.get("/board", self._board_page, allow_head=False),
                web.get("/board-ws", self._board_socket, allow_head=False),
                web.get("/static/{name}", self._file, allow_head=False),
            ]
        )
        application.on_response_prepare.append(self._dress)
        self._runner = web.AppRunner(
            application, access_log=None, handle_signals=False, shutdown_timeout=CLOSE_SECONDS
        )
        await self._runner.setup()
        assert self._runner.server is not None
        self._listener = Listener(self._runner.server, len(self._seats), tls, self._clock)
        for address in addresses:
            self.port = self._listener.listen(address, self.port)

    async def close(self) -> None:
        """Refuse every newcomer, end every app, then every connection."""
        if self._listener:
            self._listener.close()
        every = [*self._seats.values(), self._board]
        await asyncio.gather(*(seat.end(Closing.STOPPED) for seat in every))
        await asyncio.gather(*self._farewells, return_exceptions=True)  # each within its time
        if self._runner:
            await self._runner.cleanup()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Refuse what does not come by one of our names, or comes from another page."""
        if self._listener:
            self._listener.has_asked(request.transport)
        if not self.door.knows_host(request.headers.getall("Host", [])):
            return self._refusal(HTTPStatus.MISDIRECTED_REQUEST, "This is not a name of the class.")
        if not request.raw_path.startswith("/"):
            return self._refusal(HTTPStatus.BAD_REQUEST, "This is no address of the class.")
        origins = request.headers.getall("Origin", [])
        if origins and not self.door.is_own_origin(origins, request.host):
            return self._refusal(HTTPStatus.FORBIDDEN, "Another page asks for the class.")
        try:
            answer: web.StreamResponse = await handler(request)
            return answer
        except web.HTTPException as error:
            return self._refusal(HTTPStatus(error.status), "There is nothing at this address.")

    async def _dress(self, request: web.Request, answer: web.StreamResponse) -> None:
        known = self.door.knows_host(request.headers.getall("Host", []))
        answer.headers.update(page.headers(request.host if known else "", self.door.scheme))
        answer.headers.pop("Server", None)
        if answer.status != HTTPStatus.SWITCHING_PROTOCOLS:
            answer.force_close()  # so that each connection is one request, within its time

    def _refusal(self, status: HTTPStatus, words: str) -> web.Response:
        body = page.words_page(self._title, words)
        return web.Response(status=status, text=body, content_type="text/html")

    def _name(self, kind: str) -> str:
        """Return a cookie's name, with the port: cookies know none, and a laptop may serve two
        classes."""
        prefix = "__Host-" if self.door.scheme == "https" else ""
        return f"{prefix}hht-{kind}-{self.port}"

    def _place(self, request: web.Request) -> Place | None:
        return self.roll.place_of(request.cookies.get(self._name("seat"), ""))

    def _is_trainer(self, request: web.Request) -> bool:
        return same(request.cookies.get(self._name("trainer"), ""), self._trainer_cookie)

    def _to(self, where: str, kind: str, cookie: str) -> web.Response:
        """Send the browser on, without the token in its address, and with its cookie.

        By a page: after a link in another site's page, a redirect would come without the cookie.
        """
        answer = web.Response(text=page.onward_page(where), content_type="text/html")
        secure = self.door.scheme == "https"
        answer.set_cookie(
            self._name(kind), cookie, httponly=True, samesite="Strict", path="/", secure=secure
        )
        return answer

    async def _page(self, request: web.Request) -> web.Response:
        """Return the seat's page; with the class's token a seat first."""
        place, token = self._place(request), request.query.get("t")
        if token is not None and not same(token, self.door.class_token):
            return self._refusal(HTTPStatus.FORBIDDEN, "This is not the class's address of today.")
        if place is None and token is not None:
            admitted = self.roll.admit()
            if admitted is None:
                return self._refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Every seat is taken.")
            return self._to(".", "seat", admitted[1])
        if place is None:
            return self._refusal(
                HTTPStatus.FORBIDDEN, "Ask the trainer for the address with its token."
            )
        if token is not None:
            return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "."})
        return self._terminal(f"{self._title} · seat {place.number}", "ws")

    async def _board_page(self, request: web.Request) -> web.Response:
        """Return the trainer's page; with the trainer's token the cookie first."""
        token = request.query.get("t")
        if token is not None and same(token, self.door.trainer_token):
            return self._to("board", "trainer", self._trainer_cookie)
        if token is not None or not self._is_trainer(request):
            return self._refusal(HTTPStatus.FORBIDDEN, "This page is the trainer's.")
        return self._terminal(f"{self._title} · board", "board-ws")

    def _terminal(self, title: str, socket: str) -> web.Response:
        return web.Response(text=page.terminal_page(title, socket), content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        """Return a file of the page, for those who have one."""
        if not (self._place(request) or self._is_trainer(request)):
            return self._refusal(HTTPStatus.FORBIDDEN, "Ask the trainer for the address.")
        name = request.match_info["name"]
        if name not in self._files:
            return self._refusal(HTTPStatus.NOT_FOUND, "There is nothing at this address.")
        kind = page.TYPES[name.rpartition(".")[2]]
        return web.Response(body=self._files[name], content_type=kind, charset="utf-8")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        place = self._place(request)
        return await self._show(request, self._seats[place.number] if place else None)

    async def _board_socket(self, request: web.Request) -> web.StreamResponse:
        return await self._show(request, self._board if self._is_trainer(request) else None)

    async def _show(self, request: web.Request, seat: Seat | None) -> web.StreamResponse:
        """Attach a browser's socket to its seat until it closes."""
        if seat is None:
            return self._refusal(HTTPStatus.FORBIDDEN, "Ask the trainer for the address.")
        if not self.door.is_own_origin(request.headers.getall("Origin", []), request.host):
            return self._refusal(HTTPStatus.FORBIDDEN, "Another page asks for the class.")
        socket = web.WebSocketResponse(
            timeout=CLOSE_SECONDS,
            heartbeat=HEARTBEAT_SECONDS,
            max_msg_size=MOST_BYTES,
            compress=False,
        )
        if not socket.can_prepare(request).ok:
            return self._refusal(HTTPStatus.BAD_REQUEST, "There is nothing at this address.")
        await socket.prepare(request)
        window = _Window(socket, self._farewells)
        size = read_size(request.query.get("width"), request.query.get("height"))
        try:
            await seat.attach(window, size)
            await _listen(socket, seat)
        except HhtError:
            await socket.close(code=Closing.FAILED)
        finally:
            seat.detach(window)
        return socket


async def _listen(socket: web.WebSocketResponse, seat: Seat) -> None:
    """Pass on what the browser sends; a message that is none of the page's ends it."""
    async for message in socket:
        asked = read_request(message.data) if message.type == WSMsgType.TEXT else None
        if asked is None:
            await socket.close(code=WSCloseCode.POLICY_VIOLATION)
        elif isinstance(asked, Ping):
            with suppress(OSError):
                await socket.send_json(["pong", asked.text])
        else:
            seat.take(asked)


def _starting(start_app: StartApp, number: int) -> Callable[[Size], Awaitable[RunningApp]]:
    return lambda size: start_app(number, size)


def _noting(roll: Roll, number: int) -> Callable[[bool], None]:
    return lambda is_present: roll.note(number, is_present=is_present)
