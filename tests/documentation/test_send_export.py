"""The client of docs/examples keeps an answer of the DCC to each item, and nothing else."""

import hashlib
import importlib
import json
import resource
import runpy
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest

pytestmark = pytest.mark.real_time("the gateway has a thread of its own")

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
NAMES = ("a.xml", "b.xml")


def answer_to(name: str) -> bytes:
    return (
        '<sr:Response xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway"><sr:Header>'
        f"<sr:RequestID>{name}</sr:RequestID><sr:ResponseCode>I99</sr:ResponseCode></sr:Header>"
        "</sr:Response>"
    ).encode()


class Gateway(HTTPServer):
    """Gives what it `says` (status, body, length), else the DCC's answer."""

    says: tuple[int, bytes, int] | None = None
    asked: list[str]


class OneRequest(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        name = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(name)
        body = answer_to(name)
        status, body, length = self.server.says or (200, body, len(body))
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.server.asked.append(self.path)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def send_export(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The client, read afresh."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    monkeypatch.delitem(sys.modules, "send_export", raising=False)
    return importlib.import_module("send_export")


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway(("127.0.0.1", 0), OneRequest) as server:
        server.asked = []
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def export(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).write_text(name)
    items = [
        {
            "file": name,
            "sha256": hashlib.sha256(name.encode()).hexdigest(),
            "idempotency_key": name,
            "request_id": name,
        }
        for name in NAMES
    ]
    (tmp_path / "manifest.json").write_text(json.dumps({"items": items}))
    return tmp_path


@pytest.mark.parametrize(
    ("says", "tried"),
    [
        ((503, b"", 0), 2),
        ((401, b"<html>who are you</html>", 24), 1),
        ((200, b"<html>a portal</html>", 21), 2),
        ((302, b"", 0), 1),
        ((200, answer_to("a.xml")[:60], 900), 2),
        ((200, answer_to("another"), len(answer_to("another"))), 2),
    ],
    ids=["busy", "unknown to it", "portal", "redirection", "cut", "another's"],
)
def test_what_is_no_answer_is_said_and_takes_no_answers_place(
    says: tuple[int, bytes, int],
    tried: int,
    gateway: Gateway,
    export: Path,
    send_export: ModuleType,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, answers = f"http://127.0.0.1:{gateway.server_port}", export / "answers"
    gateway.says = says
    assert send_export.main(export, url, answers) == 2
    said = capsys.readouterr().err.splitlines()
    assert [line[:6] for line in said[:-1]] == ["a.xml:", "b.xml:"][:tried]
    assert said[-1] == "2 of 2 have no answer; run this again"
    assert not list(answers.iterdir())

    gateway.says = None
    assert send_export.main(export, url, answers) == 0
    assert [(answers / name).read_bytes() for name in NAMES] == [answer_to(n) for n in NAMES]

    gateway.says, gateway.asked = says, []
    assert send_export.main(export, url, answers) == 0
    assert gateway.asked == []
    assert (answers / "a.xml").read_bytes() == answer_to("a.xml")


def test_of_an_answer_that_finds_no_room_nothing_stays(
    gateway: Gateway,
    export: Path,
    send_export: ModuleType,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, answers = f"http://127.0.0.1:{gateway.server_port}", export / "answers"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, before[1]))
    try:
        unanswered = send_export.main(export, url, answers)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (unanswered, list(answers.iterdir())) == (2, [])
    assert "2 of 2 have no answer" in capsys.readouterr().err


OUTSIDE = json.dumps(
    {
        "items": [
            dict.fromkeys(("sha256", "idempotency_key", "request_id"), "") | {"file": "../x.xml"}
        ]
    }
)


@pytest.mark.parametrize(
    "manifest", ["[]", "{}", '{"items": [{}]}', '{"items": 7}', OUTSIDE, "no JSON"]
)
def test_a_manifest_that_is_none_is_said_in_a_line(
    manifest: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    said = said_by_a_run(monkeypatch, tmp_path, "http://x", tmp_path / "answers")
    assert said.startswith(f"send_export: {tmp_path / 'manifest.json'}: ")


@pytest.mark.parametrize(
    ("address", "folder", "says"),
    [
        ("file:///etc/hostname", "answers", "begins with http"),
        ("http://x", ".", "answers would replace requests"),
        ("http://x", "a.xml", "a.xml"),
    ],
    ids=["no address", "the export itself", "no folder"],
)
def test_what_a_run_cannot_begin_with_is_said_in_a_line(
    address: str, folder: str, says: str, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert says in said_by_a_run(monkeypatch, export, address, export / folder)
    assert [(export / name).read_text() for name in NAMES] == list(NAMES)


def said_by_a_run(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> str:
    """Run the client as a program; its last line."""
    monkeypatch.setattr(sys, "argv", ["send_export.py", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(EXAMPLES / "send_export.py"), run_name="__main__")
    return str(ended.value.code)
