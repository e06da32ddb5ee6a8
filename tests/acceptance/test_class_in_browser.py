"""A class in a real browser: by keys to the debrief, over a reload and a closed tab; strangers."""

import asyncio
import base64
import hashlib
import json
import ssl
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from chromium import Chromium, Tab, chromium
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from served_class import RunningClass, family, running_class
from warm_start import run

from hht.serve.board import newest_run
from hht.serve.roll import seat_folder
from hht.training.exercise.run_folders import points_in

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.whole_program,
    pytest.mark.real_time("a browser and a class are processes of their own"),
    pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc"),
]
pytest.importorskip("textual_serve", reason="the extra 'serve' is not installed")
SCENARIO = "fault-return"
"""The shortest job: questions about a hub that goes back, and its report."""
MOST_PRESSES = 60
"""The job needs about twenty; one that comes while the app is busy does nothing."""
PAINTED = "document.body && document.body.classList.contains('-first-byte')"


def is_over(served: RunningClass) -> bool:
    """Whether the debrief was written: that comes before it is shown."""
    return points_of(served) is not None


def points_of(served: RunningClass) -> int | None:
    run_dir = newest_run(seat_folder(served.data_dir / "class", 1))
    return points_in(run_dir) if run_dir else None


async def press_on(tab: Tab, served: RunningClass, presses: int) -> bool:
    """Press Enter so often, each time after something was painted; whether it is over."""
    for _ in range(presses):
        await tab.press("Enter")
        await tab.painted()
        if is_over(served):
            return True
    return False


async def test_a_job_is_done_by_keys_over_a_reload_and_a_closed_tab(tmp_path: Path) -> None:
    with running_class(tmp_path, SCENARIO, "--seats", "1", "--port", "0") as served:
        async with chromium() as browser:
            tab = await browser.tab()
            await tab.open(served.said["address"])
            await tab.until(PAINTED)
            assert await tab.value("location.href") == f"{served.base}/"
            processes = family(served.process.pid)
            await press_on(tab, served, 3)
            await tab.do("Page.reload")
            await tab.until(PAINTED)
            await tab.picture(tmp_path / "reloaded.png")
            await press_on(tab, served, 3)
            await browser.shut(served.base)
            again = await browser.tab()
            await again.open(served.base)
            await again.until(PAINTED)
            assert family(served.process.pid)[2] == processes[2]  # the very same app
            assert await press_on(again, served, MOST_PRESSES)
            await again.picture(tmp_path / "debrief.png")
            assert {urlsplit(each).hostname for each in tab.requests + again.requests} == {
                "127.0.0.1"
            }
            said = [each for each in tab.complaints + again.complaints if "WebGL" not in each]
            assert said == []
            await strangers_are_refused(browser, served)
        code, left = served.stop()
        assert (code, left) == (0, [])
    assert points_of(served)
    for picture in ("reloaded.png", "debrief.png"):
        assert (tmp_path / picture).read_bytes().startswith(b"\x89PNG")
    done = run("hht", "--data-dir", seat_folder(tmp_path / "class", 1), "queue", "list", "--json")
    items = [json.loads(line) for line in done.stdout.splitlines()]
    assert [item["service"] for item in items if item["service"].startswith("8.14")] == ["8.14.3"]


async def test_a_class_in_the_network_is_played_over_tls_once_its_certificate_was_agreed_to(
    tmp_path: Path,
) -> None:
    with running_class(tmp_path, SCENARIO, "--seats", "1", "--port", "0", "--lan") as served:
        at = urlsplit(served.base)
        assert (at.scheme, at.hostname is None) == ("https", False)
        shown, key = certificate_at(str(at.hostname), at.port or 0)
        assert shown == served.said["fingerprint"]
        async with chromium(str(at.hostname)) as browser:
            tab = await browser.tab()
            await tab.open(served.said["address"])
            await tab.until("location.href.startsWith('chrome-error:')")
        async with chromium(str(at.hostname), trusted=key) as browser:
            tab = await browser.tab()
            await tab.open(served.said["address"])
            await tab.until(PAINTED)
            assert await tab.value("[location.protocol, document.cookie].join()") == "https:,"
            assert await press_on(tab, served, MOST_PRESSES)
            met = {(urlsplit(each).scheme, urlsplit(each).hostname) for each in tab.requests}
            assert met == {("https", at.hostname), ("wss", at.hostname)}
        code, left = served.stop()
        assert (code, left) == (0, [])


def certificate_at(host: str, port: int) -> tuple[str, str]:
    """The fingerprint of a server's certificate as hht prints it, and its key's in base64."""
    encoded = ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate((host, port)))
    key = load_der_x509_certificate(encoded).public_key()
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    shown = hashlib.sha256(encoded).digest().hex(":").upper()
    return shown, base64.b64encode(hashlib.sha256(info).digest()).decode()


async def strangers_are_refused(browser: Chromium, served: RunningClass) -> None:
    """Neither a page of another origin gets in, nor a frame, nor who has no cookie.

    The page is at another port of this machine: to it the browser sends the seat's cookie along.
    """
    async with stranger_page() as address:
        stranger = await browser.tab()
        await stranger.open(address)
        await stranger.until("document.title === 'elsewhere'")
        socket = served.base.replace("http", "ws") + "/ws"
        opened = f"""new Promise((done) => {{ const s = new WebSocket("{socket}");
            s.onopen = () => done("open"); s.onerror = () => done("refused"); }})"""
        assert await stranger.value(opened) == "refused"
        framed = f"""new Promise((done) => {{ const f = document.createElement("iframe");
            f.onload = () => done(true); f.src = "{served.base}/"; document.body.append(f); }})"""
        await stranger.value(framed)
        said = " ".join(stranger.complaints)
        assert "403" in said
        assert "frame" in said
        await stranger.do("Network.clearBrowserCookies")
        await stranger.open(served.base)
        refused = "document.body && document.body.textContent.includes('Ask the trainer')"
        await stranger.until(refused)


@asynccontextmanager
async def stranger_page() -> AsyncIterator[str]:
    """Serve a page of somebody else's, at another port."""
    body = "<title>elsewhere</title><body></body>"

    async def answer(_: StreamReader, writer: StreamWriter) -> None:
        head = f"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write((head + body).encode())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
