"""Why a join failed, in words, from the result that its Response carries (GBCS CS03)."""

from collections.abc import Iterable, Mapping

from hht.gbcs.asn1.codes import JoinResult
from hht.gbcs.device_commands import JOINS
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Cra, Message
from hht.gbcs.outcome import outcome_of
from hht.store.rows import Capture
from hht.texts import text

_WORDS: Mapping[JoinResult, str] = {
    JoinResult.DEVICE_LOG_FULL: "log_full",
    JoinResult.NO_CBKE_RESPONSE: "not_reached",
    JoinResult.NO_PARTNER_LINK_KEY_RECEIVED: "not_reached",
    JoinResult.KEY_AGREEMENT_BAD_KEY_CONFIRM: "certificate",
    JoinResult.INVALID_OR_MISSING_CERTIFICATE: "certificate",
}
"""Of the results with a cause that somebody on site can look for."""
_SHOW_ABSENCE = frozenset({JoinResult.NO_CBKE_RESPONSE, JoinResult.NO_PARTNER_LINK_KEY_RECEIVED})


def is_absent(results: Iterable[JoinResult | None]) -> bool:
    """Return whether one of these joins failed because the other Device was not there."""
    return any(each in _SHOW_ABSENCE for each in results)


def join_result(capture: Capture) -> JoinResult | None:
    """Return the result of the Response to a join; None for any other message."""
    if capture.cra is not Cra.RESPONSE or capture.command_id is None:
        return None
    try:
        message = Message.parse(capture.raw)
    except MalformedMessage:
        return None
    if message.message_code not in JOINS:  # decoding each Response once more costs time
        return None
    code = outcome_of(message).code
    return code if isinstance(code, JoinResult) else None


def why_refused(result: JoinResult | None, device: str, other: str) -> str:
    """Say what has to be looked for where a Device refuses to join another; else nothing."""
    name = _WORDS.get(result) if result is not None else None
    return text(f"why_refused.{name}", device=device, other=other) if name else ""
