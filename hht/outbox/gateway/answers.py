"""What comes of an item by an answer: only a DUIS document that answers its request decides that.

Whatever else comes back (a captive portal, a proxy, an error page, another request's answer) is a
condition of the way: the item keeps its state, and is tried again.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from hht.duis.envelope import ResponseHeader, read_header
from hht.duis.request_id import RequestId
from hht.errors import HhtError
from hht.outbox.gateway.client import Answer
from hht.outbox.gateway.shown_words import HIDDEN, repeats
from hht.tables import rows_of

# With these every item would fare the same, and waiting a little mends nothing.
_STOPPING_STATUS = {
    301: "the address has moved",
    302: "the way leads to another page",
    303: "the way leads to another page",
    307: "the way leads to another page",
    308: "the address has moved",
    401: "it does not accept who we are",
    403: "it does not allow us",
    404: "the address does not take service requests",
    405: "the address does not take service requests",
    407: "the proxy does not accept who we are",
    511: "the network wants somebody to sign in",
}
_CODE = re.compile("[A-Za-z0-9]{1,10}")


class Disposition(StrEnum):
    """What comes of an item by one answer."""

    RECEIVED = "received"
    REFUSED = "refused"
    HELD = "held"  # a person decides
    TRY_AGAIN = "try again"
    STOP = "stop"  # as it is, and so is every other


@dataclass(frozen=True, slots=True)
class Judgement:
    """The disposition, the code (DUIS or HTTP) and one line for a person.

    `stops_round` says that every other item would fare the same.
    """

    disposition: Disposition
    code: str
    note: str
    stops_round: bool = False


def judge(
    answer: Answer,
    request_id: RequestId,
    *,
    renumbers: bool = False,
    secrets: Iterable[str] = (),
) -> Judgement:
    """Judge one HTTP answer to the Service Request of that RequestID, whatever its status.

    An answer that names another RequestID proves nothing, unless the gateway `renumbers`.
    None of the `secrets` comes into the judgement.
    """
    document = duis_answer(answer.body) if answer.is_whole else None
    if document is not None and answers(document, request_id, renumbers=renumbers):
        return judge_code(document.response_code, secrets)
    what = f"HTTP {answer.status}"
    if reason := _STOPPING_STATUS.get(answer.status, ""):
        what += f": {reason}"
    if answer.location:
        what += f" ({answer.location})"
    if answer.is_larger:
        what += ", and the answer is longer than any of the DCC"
    elif not answer.is_whole:
        what += ", and the answer breaks off"
    elif document is not None:
        what += ", an answer to another request"
    note = f"{what}: {answer.first_line}" if answer.first_line else what
    disposition = Disposition.STOP if reason else Disposition.TRY_AGAIN
    return Judgement(disposition, f"HTTP {answer.status}", note, stops_round=bool(reason))


def duis_answer(document: bytes) -> ResponseHeader | None:
    """Read a DUIS Response with whatever code; None for anything else."""
    try:
        return read_header(document, "answer")
    except HhtError:
        return None


def answers(document: ResponseHeader, request_id: RequestId, *, renumbers: bool) -> bool:
    """Return whether a Response is the answer to that request.

    A gateway that renumbers gives another counter, never another originator or target.
    """
    named = document.request_id
    if named is None or not renumbers:
        return named == request_id
    return replace(named, counter=request_id.counter) == request_id


def judge_code(code: str, secrets: Iterable[str] = ()) -> Judgement:
    """Judge a DUIS response code by the table in assets; an unknown one is for a person.

    One that is none, or has a part of a secret, is not shown.
    """
    if code not in _codes():
        shown = code if _CODE.fullmatch(code) and not repeats(code, secrets) else HIDDEN
        note = f"{shown}: DUIS 5.4 has no such code; look what it means, then try again"
        return Judgement(Disposition.HELD, shown, note)
    action, meaning = _codes()[code]
    note = f"{code}: {meaning or 'the meaning of this code is not public'}"
    if action == "accept":
        return Judgement(Disposition.RECEIVED, code, note)
    return Judgement(Disposition.REFUSED, code, note, stops_round=action == "stop")


@functools.cache
def _codes() -> dict[str, tuple[str, str]]:
    return {code: (action, meaning) for code, action, meaning in rows_of("duis_codes.tsv")}
