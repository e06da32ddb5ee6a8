"""DUIS Responses and GBCS messages for tests, written here from their formats."""

import base64
import errno
import json
import os
from pathlib import Path

import pytest

from hht.duis.firmware_warning import CODES
from hht.entity_id import EntityId
from hht.gbcs.message import Cra, Message

BROKER = EntityId.parse("90-B3-D5-1F-30-00-00-02")
SUPPLIER = EntityId.parse("90-B3-D5-1F-30-01-00-00")
ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")
CHF = EntityId.parse("00-DB-12-34-56-78-90-A2")
GPF = EntityId.parse("00-DB-12-34-56-78-90-A3")


def command(counter: int = 1000, *, to: EntityId = CHF, code: int = 0x0001) -> Message:
    return Message(
        Cra.COMMAND, counter, BROKER, to, code, payload=b"\x01\x02", signature=b"", mac=bytes(12)
    )


def local_command_xml(
    message: Message | bytes,
    *,
    reference: str = "8.11",
    variant: str | None = None,
    request_id: str | None = None,
    code: str = "I0",
) -> bytes:
    raw = message if isinstance(message, bytes) else message.encode()
    name = request_id or f"{SUPPLIER}:{CHF}:1000"
    payload = f"<sr:GBCSPayload>{base64.b64encode(raw).decode()}</sr:GBCSPayload>"
    payload = f"<sr:LocalCommand>{payload}</sr:LocalCommand>"
    return response_xml(name, code, payload, reference=reference, variant=variant)


def firmware_warning(code: str, lists: dict[str, str]) -> bytes:
    """W110101 or W110401 with these lists of Devices."""
    inside = "".join(f"<sr:{name}>{listed}</sr:{name}>" for name, listed in lists.items())
    name = CODES[code][1]
    request = f"{SUPPLIER}:{BROKER}:1000"
    return response_xml(request, code, f"<sr:{name}>{inside}</sr:{name}>", reference="11.1")


def response_xml(
    request_id: str, code: str, content: str, *, reference: str = "8.11", variant: str | None = None
) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<sr:Response xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway"'
        ' schemaVersion="5.4">\n<sr:Header>'
        f"<sr:RequestID>{request_id}</sr:RequestID><sr:ResponseCode>{code}</sr:ResponseCode>"
        "<sr:ResponseDateTime>2026-11-20T09:00:00.000Z</sr:ResponseDateTime></sr:Header>\n"
        f"<sr:Body><sr:ResponseMessage><sr:ServiceReference>{reference}</sr:ServiceReference>"
        f"<sr:ServiceReferenceVariant>{variant or reference}</sr:ServiceReferenceVariant>"
        f"{content}</sr:ResponseMessage></sr:Body></sr:Response>"
    ).encode()


def write_pack(folder: Path, messages: list[Message], **changes: object) -> Path:
    """A job pack of one XML a message, each after the one before it; its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{number:02}.xml" for number in range(1, len(messages) + 1)]
    for name, message in zip(names, messages, strict=True):
        request = f"{SUPPLIER}:{message.recipient}:{message.counter}"
        (folder / name).write_bytes(local_command_xml(message, request_id=request))
    job = {
        "format": "hht-job/1",
        "mode": "training",
        "reference": "JOB-0001",
        "title": "Install without WAN",
        "premises": "1 High Street",
        "hub": {"gpf": str(GPF), "chf": str(CHF)},
        "profile": "stand-in",
        "devices": [{"type": "ESME", "entity_id": str(ESME), "label": "Electricity meter"}],
        "commands": [
            {"file": name, "title": f"Command {name}", "after": names[max(0, at - 1) : at]}
            for at, name in enumerate(names)
        ],
    }
    (folder / "job.json").write_text(json.dumps(job | changes))
    return folder


def close_folder(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the system refuse to list the folder, which it never does to root."""
    scandir = os.scandir

    def refusing(path: str) -> object:
        if Path(path) == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
