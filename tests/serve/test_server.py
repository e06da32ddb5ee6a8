"""The class's server over real HTTP: tokens, cookies, origins, headers, and what thieves try."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from hht.serve.connections import BESIDES, PER_SEAT, REQUEST_SECONDS
from hht.serve.requests import LARGEST, MOST_BYTES, Size
from hht.serve.seat import Closing

Serve = Callable[..., Awaitable[Any]]
Session = aiohttp.ClientSession


@pytest.fixture
async def browser() -> AsyncIterator[Session]:
    """A browser: it keeps cookies, of IP addresses too."""
    async with Session(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


def own(served: Any) -> dict[str, str]:
    return {"Origin": served.base}


async def status(session: Session, address: str, **headers: str) -> int:
    async with session.get(address, headers=headers, allow_redirects=False) as answer:
        return answer.status


async def socket_status(session: Session, served: Any, path: str = "/ws", **headers: str) -> int:
    try:
        socket = await session.ws_connect(served.base + path, headers=headers)
    except aiohttp.WSServerHandshakeError as error:
        return error.status
    await socket.close()
    return 101


async def painted(socket: aiohttp.ClientWebSocketResponse) -> bytes:
    message = await socket.receive()
    assert message.type is aiohttp.WSMsgType.BINARY, message
    return bytes(message.data)


async def closed_with(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    while not socket.closed:
        await socket.receive()
    return socket.close_code


async def test_the_token_gives_a_seat_whose_page_has_a_terminal(
    serve: Serve, browser: Session
) -> None:
    served = await serve()
    async with browser.get(served.address) as answer:
        cookie = answer.headers["Set-Cookie"]
        onward = await answer.text()
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert 'content="0;url=."' in onward  # the token is gone from the address then
    async with browser.get(served.base + "/") as answer:
        text = await answer.text()
    assert 'class="textual-terminal"' in text
    assert "seat 1" in text
    async with browser.ws_connect(f"{served.base}/ws?width=100&height=30", **_h(served)) as socket:
        served.apps[1].paint("hello")
        assert await painted(socket) == b"hello"
        await socket.send_str(json.dumps(["stdin", "x"]))
        await socket.send_str(json.dumps(["ping", "7"]))
        assert await socket.receive_json() == ["pong", "7"]
    assert served.sizes == [Size(100, 30)]
    assert served.apps[1].keys.said == [b"x"]


def _h(served: Any) -> dict[str, Any]:
    return {"headers": own(served)}


async def test_everything_is_refused_without_a_token_or_a_cookie(
    serve: Serve, browser: Session
) -> None:
    served = await serve()
    for path in ("/", "/?t=", "/?t=guess", "/?t=ü", "/board", "/board?t=guess", "/static/page.js"):
        assert await status(browser, served.base + path) == 403, path
    for path in ("/ws", "/board-ws"):
        assert await socket_status(browser, served, path, **own(served)) == 403
    seat = f"{served.base}/board?t={served.server.door.class_token}"
    assert await status(browser, seat) == 403
    assert await status(browser, f"{served.base}/?t={served.server.door.trainer_token}") == 403
    assert served.apps == {}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example"])
async def test_a_foreign_host_is_refused_with_the_right_cookie_too(
    serve: Serve, browser: Session, host: str
) -> None:
    served = await serve()
    await browser.get(served.address)
    name = host.format(port=served.server.port)
    for path in ("/", "/static/page.js", f"/?t={served.server.door.class_token}"):
        assert await status(browser, served.base + path, Host=name) == 421
    rebound = {"Host": name, "Origin": f"http://{name}"}
    assert await socket_status(browser, served, **rebound) == 421


async def test_a_foreign_origin_opens_no_socket_and_gets_no_page(
    serve: Serve, browser: Session
) -> None:
    served = await serve()
    await browser.get(served.address)
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1", served.base + ".evil"):
        assert await socket_status(browser, served, Origin=origin) == 403
        assert await status(browser, served.base + "/", Origin=origin) == 403
    assert await socket_status(browser, served) == 403  # no browser leaves it out
    assert served.apps == {}


async def test_through_a_tunnel_the_class_has_another_port(serve: Serve, browser: Session) -> None:
    served = await serve()
    await browser.get(served.address)
    far = {"Host": "localhost:9999", "Origin": "http://localhost:9999"}
    assert await socket_status(browser, served, **far) == 101


async def test_every_answer_forbids_frames_foreign_sources_and_keeping(
    serve: Serve, browser: Session
) -> None:
    served = await serve()
    for path in ("/", f"/?t={served.server.door.class_token}", "/", "/static/page.js", "/nothing"):
        async with browser.get(served.base + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "frame-ancestors 'none'" in policy
            assert "unsafe-eval'" not in policy.replace("wasm-unsafe-eval", "")
            assert "script-src 'self' 'wasm" in policy
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "Server" not in answer.headers


async def test_pages_and_scripts_name_no_other_host(serve: Serve, browser: Session) -> None:
    served = await serve()
    await browser.get(served.address)
    for path in ("/", "/static/page.css", "/static/xterm.css", "/static/page.js"):
        async with browser.get(served.base + path) as answer:
            text = re.sub(r"/\*.*?\*/", "", await answer.text(), flags=re.DOTALL)
        assert not re.search(r"(https?:)?//[\w.-]+\.\w+|@import|@font-face", text), path
        assert not re.search(r'(src|href)="/', text), "an absolute address fails behind a prefix"


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static",
        "/static/../door.py",
        "/static/..%2f..%2fpyproject.toml",
        "/static//",
        "/static/page.js/",
        "/static/%2e%2e/",
        "/static/%00",
        "/..",
        "//evil.example/",
        "/download/x",
    ],
)
async def test_nothing_else_lies_there_and_no_folder_is_listed(
    serve: Serve, browser: Session, path: str
) -> None:
    served = await serve()
    await browser.get(served.address)
    reply = await raw(served, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert re.match(rb"HTTP/1.1 (400|403|404) ", reply), reply[:80]
    assert b"Index of" not in reply


async def raw(served: Any, request: str) -> bytes:
    """Send it as it is, and read until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    writer.write(request.encode("latin-1"))
    answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    "request_",
    [
        "GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999999999\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + "x" * 100_000 + "\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
async def test_an_odd_request_is_refused_and_its_connection_closed(
    serve: Serve, request_: str
) -> None:
    served = await serve()
    assert re.match(rb"HTTP/1.[01] 4\d\d ", await raw(served, request_))


async def test_a_second_browser_gets_a_second_seat_and_a_third_finds_the_class_full(
    serve: Serve, browser: Session
) -> None:
    served = await serve(2)
    async with (
        Session(cookie_jar=aiohttp.CookieJar(unsafe=True)) as second,
        Session(cookie_jar=aiohttp.CookieJar(unsafe=True)) as third,
    ):
        for session in (browser, second):
            assert await status(session, served.address) == 200
            assert await socket_status(session, served, **own(served)) == 101
        assert await status(third, served.address) == 503
        assert set(served.apps) == {1, 2}


async def test_the_same_browser_keeps_its_seat_with_the_token_again(
    serve: Serve, browser: Session
) -> None:
    served = await serve()
    await browser.get(served.address)
    assert await status(browser, served.address) == 303
    assert served.roll.admit()[0].number == 2


async def test_a_second_window_of_a_seat_takes_it_over(serve: Serve, browser: Session) -> None:
    served = await serve()
    await browser.get(served.address)
    first = await browser.ws_connect(served.base + "/ws", **_h(served))
    second = await browser.ws_connect(served.base + "/ws", **_h(served))
    assert await closed_with(first) == Closing.TAKEN_OVER
    served.apps[1].paint("here")
    assert await painted(second) == b"here"


async def test_the_trainers_token_alone_opens_the_board(serve: Serve, browser: Session) -> None:
    served = await serve()
    assert await status(browser, served.board) == 200
    assert await status(browser, served.base + "/board") == 200
    assert await status(browser, served.base + "/") == 403
    assert await socket_status(browser, served, "/board-ws", **own(served)) == 101
    assert set(served.apps) == {0}


@pytest.mark.parametrize(
    "message", ["x" * (MOST_BYTES + 1), "[", '["quit"]', '{"stdin":1}', b"\x00\x01"]
)
async def test_a_message_that_is_none_of_the_pages_ends_the_socket_not_the_app(
    serve: Serve, browser: Session, message: str | bytes
) -> None:
    served = await serve()
    await browser.get(served.address)
    socket = await browser.ws_connect(served.base + "/ws", **_h(served))
    await (socket.send_bytes(message) if isinstance(message, bytes) else socket.send_str(message))
    assert await closed_with(socket) in (1008, 1009)
    assert not served.apps[1].ended.is_set()
    assert served.apps[1].keys.said == []


async def test_a_size_of_a_thousand_million_is_the_largest_that_can_be_painted(
    serve: Serve, browser: Session
) -> None:
    served = await serve()
    await browser.get(served.address)
    address = f"{served.base}/ws?width={10**9}&height={10**9}"
    async with browser.ws_connect(address, **_h(served)) as socket:
        huge = {"width": 10**9, "height": 10**9}
        await socket.send_str(json.dumps(["resize", huge]))
        await socket.send_str(json.dumps(["ping", ""]))
        await socket.receive()
    assert served.sizes == [Size(*LARGEST)]
    said = {"type": "resize", "width": LARGEST[0], "height": LARGEST[1]}
    assert served.apps[1].keys.said == [said]


async def test_a_connection_that_asks_for_nothing_or_slowly_is_closed(serve: Serve) -> None:
    served = await serve()
    begun = asyncio.get_running_loop().time()
    reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
    answer = asyncio.create_task(reader.read())
    try:
        for letter in "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + "x" * 60:
            if answer.done():
                break
            writer.write(letter.encode())
            await asyncio.sleep(1)
    except ConnectionError:
        pass
    assert await asyncio.gather(answer, return_exceptions=True) is not None
    assert asyncio.get_running_loop().time() - begun < REQUEST_SECONDS + 3
    writer.close()


async def test_of_thousands_of_connections_a_bounded_number_is_kept_and_the_seat_works_on(
    serve: Serve, browser: Session
) -> None:
    served = await serve(1)
    await browser.get(served.address)
    socket = await browser.ws_connect(served.base + "/ws", **_h(served))
    bound = PER_SEAT + BESIDES
    writers, alive = [], 0
    for _ in range(bound + 30):
        reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
        writers.append((reader, writer))
    for reader, _ in writers:
        try:
            async with asyncio.timeout(0.001):
                await reader.read(1)
        except TimeoutError:
            alive += 1
        except ConnectionError:
            pass
    assert bound - 2 <= alive < bound
    served.apps[1].paint("on")
    assert await painted(socket) == b"on"
    for _, writer in writers:
        writer.close()


async def test_the_end_of_the_class_is_reported_and_nobody_is_let_in_any_more(
    serve: Serve, browser: Session
) -> None:
    served = await serve()
    await browser.get(served.address)
    socket = await browser.ws_connect(served.base + "/ws", **_h(served))
    closing = asyncio.create_task(closed_with(socket))  # a browser reads all the time
    await served.server.close()
    assert await closing == Closing.STOPPED
    assert served.apps[1].ended.is_set()
    with pytest.raises(aiohttp.ClientConnectorError):
        await browser.get(served.base)
