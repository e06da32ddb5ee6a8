"""Summaries of top-ups: which was accepted or refused, where its Command is at hand."""

from collections.abc import Callable, Iterator

from hht.gbcs import gbz
from hht.gbcs.dlms import AccessRequest
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.utrn import utrn_in_words
from hht.gbcs.gbz import GbzPayload
from hht.spans import Line, say

_CODE = "top up code"


def _top_up(parsed: ParsedMessage) -> Line | None:
    if parsed.is_command:
        return None
    octets = next(_codes(parsed), b"")
    which = say(" {}", utrn_in_words(octets)) if octets else Line()
    by = " from a PPMID" if "PPMID" in parsed.case.task else ""
    if parsed.outcome.positive:
        return say("{} accepted the top-up{}{}.", parsed.subject, which, by)
    return say("{} refused the top-up{}{}: {}.", parsed.subject, which, by, parsed.outcome.why)


def _codes(parsed: ParsedMessage) -> Iterator[bytes]:
    """Yield the UTRN that the Command holds."""
    match parsed.asking:
        case AccessRequest():
            values = (value.content for value in parsed.asking.data)
            yield from (value for value in values if isinstance(value, bytes))
        case GbzPayload():
            for component in parsed.asking.components:
                fields = gbz.decode_fields(component.cluster, component.frame)
                values = (field.value for field in fields if field.name == _CODE)
                yield from (value for value in values if isinstance(value, bytes))


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = dict.fromkeys(
    (0x0007, 0x0097, 0x009B, 0x0116), _top_up
)
"""By message code; None where the general words do."""
