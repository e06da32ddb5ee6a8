"""Send an export of hht to a DCC gateway, and keep each answer for `hht queue receive`.

    python3 send_export.py EXPORT URL ANSWERS

A reference for a back office's own client: it needs nothing but Python. What matters in it: check
the digest before sending, send each file's bytes unchanged, and keep the DCC's answer to that very
request alone: a portal's page or an error is none. Run it again for what has no answer yet; what
has one is not sent again. It ends with 1 while an item has none.
"""

import hashlib
import http.client
import json
import sys
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from pathlib import Path

DUIS = "{http://www.dccinterface.co.uk/ServiceUserGateway}"
SAME_FOR_ALL = {*range(300, 400), 401, 403, 404, 405, 407, 511}  # no use in showing it the others
FIELDS = ("file", "sha256", "idempotency_key", "request_id")  # each is text
MOST = 1 << 20  # bytes of an answer: what goes on for ever is none


class NoAnswer(Exception):
    """Why there is no answer of the DCC; `status` is the HTTP status, 0 where nothing was sent."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


class StayHere(urllib.request.HTTPRedirectHandler):
    """Follow no redirection: the request is for this gateway alone."""

    def redirect_request(self, *_: object) -> None:
        """Refuse; the redirection is an error's status then."""


def main(export: Path, url: str, answers: Path) -> int:
    """Send what has no answer yet, in the manifest's order; return how many items have none."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url}: the gateway's address begins with http:// or https://")
    items = items_of(export / "manifest.json")
    answers.mkdir(parents=True, exist_ok=True)
    if answers.samefile(export):
        raise ValueError(f"{answers}: in the export's own folder answers would replace requests")
    left = [item for item in items if not is_answered(answers / item["file"], item)]
    unanswered = len(left)
    for item in left:
        try:
            keep(answers / item["file"], send(url, bytes_of(export, item), item))
            unanswered -= 1
        except (NoAnswer, OSError, http.client.HTTPException) as error:
            print(f"{item['file']}:", *str(error or type(error).__name__).split(), file=sys.stderr)
            if isinstance(error, NoAnswer) and error.status in SAME_FOR_ALL:
                break
    if unanswered:
        print(f"{unanswered} of {len(items)} have no answer; run this again", file=sys.stderr)
    return unanswered


def items_of(manifest: Path) -> list[dict[str, str]]:
    """Read what was exported; ValueError where the file is no manifest of an export."""
    try:
        items = [
            {name: "" + item[name] for name in FIELDS}
            for item in json.loads(manifest.read_bytes())["items"]
        ]
    except (ValueError, LookupError, TypeError):
        raise ValueError(f"{manifest}: no manifest of an export") from None
    if away := [item["file"] for item in items if Path(item["file"]).name != item["file"]]:
        raise ValueError(f"{manifest}: it names a file that is not in the export: {away[0]}")
    return items


def keep(kept: Path, answer: bytes) -> None:
    """Write an answer; on a full disk no part of it stays, which a handheld would be given."""
    try:
        kept.write_bytes(answer)
    except OSError:
        kept.unlink(missing_ok=True)
        raise


def bytes_of(export: Path, item: dict[str, str]) -> bytes:
    """Read an item's file; NoAnswer where it was changed since."""
    content = (export / item["file"]).read_bytes()
    if hashlib.sha256(content).hexdigest() != item["sha256"]:
        raise NoAnswer("changed since it was exported; not sent")
    return content


def send(url: str, content: bytes, item: dict[str, str]) -> bytes:
    """Post one request; return the DCC's answer to it, whatever the HTTP status beside it.

    A gateway that was sent the same key before answers as it did then: trying again is safe.
    """
    headers = {"Content-Type": "application/xml", "Idempotency-Key": item["idempotency_key"]}
    request = urllib.request.Request(url, content, headers)
    try:
        response = urllib.request.build_opener(StayHere).open(request, timeout=30)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        body = bytes(response.read(MOST))
    if not is_answer(body, item):
        raise NoAnswer(f"HTTP {response.status}, and no answer of the DCC to it", response.status)
    return body


def is_answered(kept: Path, item: dict[str, str]) -> bool:
    """Tell whether an answer to the item was kept before."""
    return kept.exists() and is_answer(kept.read_bytes(), item)


def is_answer(body: bytes, item: dict[str, str]) -> bool:
    """Tell whether it is a whole DUIS Response with the item's RequestID and a code."""
    try:
        root = ET.fromstring(body)
    except (ET.ParseError, ValueError, LookupError):  # no XML, or in an encoding nobody has
        return False
    header = f"{DUIS}Header/{DUIS}"
    named = root.findtext(f"{header}RequestID", "").strip() == item["request_id"]
    return root.tag == f"{DUIS}Response" and named and bool(root.findtext(f"{header}ResponseCode"))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: python3 send_export.py EXPORT URL ANSWERS")
    try:
        sys.exit(1 if main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])) else 0)
    except (OSError, ValueError) as error:  # no export, or no address
        sys.exit(f"send_export: {error}")
