"""What a gateway's answer means: received, refused, try again, or stop the whole batch."""

import functools
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources

from hht.duis.envelope import read_envelope
from hht.duis.request_id import RequestId
from hht.errors import HhtError

_STOPPING_STATUS = {
    301: "the address has moved",
    302: "the address has moved",
    307: "the address has moved",
    308: "the address has moved",
    401: "it does not accept who we are",
    403: "it does not allow us",
    404: "the address does not take service requests",
    405: "the address does not take service requests",
    407: "the proxy does not accept who we are",
}
_PASSING_STATUS = (408, 425, 429)


class Meaning(StrEnum):
    """What to do after an answer."""

    RECEIVED = "received"
    REFUSED = "refused"  # skip this item
    TRY_AGAIN = "try again"
    STOP = "stop"  # every item would fare the same


@dataclass(frozen=True, slots=True)
class Judgement:
    """The meaning, the code (DUIS or HTTP) and one line for a person."""

    meaning: Meaning
    code: str
    note: str


def judge(status: int, body: bytes, request_id: RequestId, *, renumbers: bool) -> Judgement:
    """Judge one HTTP answer to the Service Request of that RequestID.

    An answer that names another RequestID proves nothing, unless the gateway `renumbers`.
    """
    if status in _STOPPING_STATUS:
        note = f"The gateway answers HTTP {status}: {_STOPPING_STATUS[status]}"
        return Judgement(Meaning.STOP, f"HTTP {status}", note)
    if status in _PASSING_STATUS or status >= 500:
        note = f"The gateway answers HTTP {status}"
        return Judgement(Meaning.TRY_AGAIN, f"HTTP {status}", note)
    try:
        return _judge_document(body, request_id, renumbers)
    except HhtError as error:
        if 200 <= status < 300:
            return Judgement(Meaning.TRY_AGAIN, f"HTTP {status}", f"No DUIS answer: {error.what}")
        note = f"The gateway refuses it with HTTP {status}"
        return Judgement(Meaning.REFUSED, f"HTTP {status}", note)


def _judge_document(body: bytes, request_id: RequestId, renumbers: bool) -> Judgement:
    envelope = read_envelope(body, "gateway")
    if envelope.request_id != request_id and not renumbers:
        return Judgement(
            Meaning.TRY_AGAIN, envelope.response_code, "The answer is to another request"
        )
    return judge_code(envelope.response_code)


def judge_code(code: str) -> Judgement:
    """Judge a DUIS response code by the table in assets."""
    by_letter = "skip" if code.startswith("E") else "accept"
    action, meaning = _codes().get(code, (by_letter, "this code is not explained here"))
    note = f"{code}: {meaning}"
    if action == "accept":
        return Judgement(Meaning.RECEIVED, code, note)
    return Judgement(Meaning.STOP if action == "stop" else Meaning.REFUSED, code, note)


@functools.cache
def _codes() -> dict[str, tuple[str, str]]:
    text = resources.files("assets").joinpath("tables", "duis_codes.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {code: (action, meaning) for code, action, meaning in rows[1:]}
