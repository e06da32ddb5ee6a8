"""Send an export of hht to a DCC gateway, and keep each answer for `hht queue receive`.

    python send_export.py EXPORT URL ANSWERS

A reference for a back office's own client: it needs nothing but Python. What matters in it: check
the digest before sending, send each file's bytes unchanged, and keep whatever came back.
"""

import hashlib
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path


def main(export: Path, url: str, answers: Path) -> int:
    """Send every item of the manifest in its order; return the number that had no answer."""
    answers.mkdir(exist_ok=True)
    unanswered = 0
    for item in json.loads((export / "manifest.json").read_text())["items"]:
        content = (export / item["file"]).read_bytes()
        if hashlib.sha256(content).hexdigest() != item["sha256"]:
            print(f"{item['file']}: changed since it was exported; not sent", file=sys.stderr)
            unanswered += 1
            continue
        try:
            (answers / item["file"]).write_bytes(send(url, content, item["idempotency_key"]))
        except OSError as error:
            print(f"{item['file']}: {error}; try again later", file=sys.stderr)
            unanswered += 1
    return unanswered


def send(url: str, content: bytes, key: str) -> bytes:
    """Post one request; return the answer's body, also of an answer with an error's status.

    A gateway that was sent the same key before answers as it did then: trying again is safe.
    """
    headers = {"Content-Type": "application/xml", "Idempotency-Key": key}
    request = urllib.request.Request(url, content, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        return error.read()


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])) else 0)
