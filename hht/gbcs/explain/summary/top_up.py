"""Summaries of top-ups: which was accepted or refused, where its Command is at hand."""

from collections.abc import Callable, Iterator

from hht.gbcs import gbz
from hht.gbcs.dlms import AccessRequest
from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.utrn import utrn_in_words
from hht.gbcs.gbz import GbzPayload
from hht.gbcs.gbz.statuses import TopUpResult, is_top_up_result
from hht.spans import EMPTY, Kind, Line, joined, say

_CODE = "top up code"
_RESULT, _CREDITED, _LEFT = "result", "top up value", "credit remaining"
_SUPPLY: dict[object, str] = {
    TopUpResult.ACCEPTED_SUPPLY_ENABLED: ", supply enabled",
    TopUpResult.ACCEPTED_SUPPLY_DISABLED: ", supply disabled",
    TopUpResult.ACCEPTED_SUPPLY_ARMED: ", supply armed",
}


def _top_up(parsed: ParsedMessage) -> Line | None:
    if parsed.is_command:
        return None
    octets = next(_codes(parsed), b"")
    code = utrn_in_words(octets) if octets else Line()
    by = " from a PPMID" if "PPMID" in parsed.case.task else ""
    which = say(" {}{}", code, by) if octets else Line.of(by)
    if not parsed.outcome.positive:
        return _not_accepted(parsed, which)
    supply = _SUPPLY.get(_result(parsed), "")
    done = say("{} accepted the top-up{}{}", parsed.subject, which, supply)
    credited, left = _amounts(parsed, code)
    for amounts in ([credited, left], [credited or left]):
        said = joined(", ", [each for each in amounts if each])
        line = say("{}{}.", done, say(": {}", said) if said else EMPTY)
        if line.size <= LONGEST:
            break
    return line


def _not_accepted(parsed: ParsedMessage, which: Line) -> Line:
    words = "{} refused the top-up{}: {}."
    result = _result(parsed)
    if isinstance(result, int) and not is_top_up_result(result):
        words = "{} answered the top-up{} with {}."
    return say(words, parsed.subject, which, parsed.outcome.why)


def _result(parsed: ParsedMessage) -> object:
    """Return the result of a GSME; None in any other payload."""
    if not isinstance(parsed.payload, GbzPayload):
        return None
    first = parsed.payload.components[0]
    fields = gbz.decode_fields(first.cluster, first.frame)
    return fields[0].value if fields and fields[0].name == _RESULT else None


def _amounts(parsed: ParsedMessage, code: Line) -> tuple[Line, Line]:
    """Return what a GSME credited where the Command has not that amount, and what it has left."""
    values = {child.name: child.value for each in parsed.fields for child in each.children}
    if _CREDITED not in values or _LEFT not in values:
        return EMPTY, EMPTY
    asked = [span.text for span in code.spans if span.kind is Kind.MONEY]
    credited = EMPTY if asked else values[_CREDITED]
    if asked and asked[0] != str(values[_CREDITED]):
        credited = say("but credited {}", values[_CREDITED])
    return credited, say("credit remaining {}", values[_LEFT])


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
