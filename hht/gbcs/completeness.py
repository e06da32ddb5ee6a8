"""Whether a Response answers each part of its Command: a result, component or credential each.

Source: DLMS UA Green Book, section 9.3.9 (one Data element and one result for each specification);
GBCS sections 7.4 and 13, as seen in the RTDS 4.5.0 Responses.
"""

from hht.gbcs import dlms, gbz
from hht.gbcs.asn1 import Element
from hht.gbcs.correlation import key_of
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.object_names import accesses_of
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Asn1Payload, Payload, decode_payload
from hht.spans import count

_READ_ATTRIBUTES, _READ_RESPONSE = 0x00, 0x01
_ATTRIBUTES_ANSWERED = {_READ_ATTRIBUTES: _READ_RESPONSE, 0x02: 0x04, 0x03: 0x04}
_DEFAULT_RESPONSE, _WHATEVER_WAS_ASKED = 0x0B, 0xFF
"""A Device that could not read a command gives FF for it in its Default Response."""

_ANSWERS = {
    "Get Current Price": "Publish Price",
    "Get Scheduled Prices": "Publish Price",
    "Get Day Profiles": "Publish Day Profile",
    "Get Week Profiles": "Publish Week Profile",
    "Get Debt Repayment Log": "Publish Debt Log",
    "Get Event Configuration": "Report Event Configuration",
    "Change Supply": "Supply Status Response",
    "Clear Event Log Request": "Clear Event Log Response",
}
"""What answers a command, where that has not its name: `Publish` for `Get`, or `Response` after."""

_REPLACEMENT, _OUTCOME = "Replacement", "Replacement Outcome"


def asked_by(command: Message | None, response: Message) -> Payload | None:
    """Return what a Command asks; None where it is not the one answered, or cannot be read."""
    if command is None or command.cra is not Cra.COMMAND or key_of(command) != key_of(response):
        return None
    try:
        return decode_payload(command)
    except MalformedMessage:
        return None


def shortfall(answer: Payload, asked: Payload | None, message_code: int) -> str:
    """Say in what a Response does not answer its Command part by part; empty where it does.

    Without the Command it is held against the shortest that the use case of the message code has.
    """
    match answer:
        case dlms.AccessResponse():
            return _of_results(answer, asked, message_code)
        case gbz.GbzPayload() if isinstance(asked, gbz.GbzPayload):
            return _of_components(answer, asked)
        case Asn1Payload() if isinstance(asked, Asn1Payload):
            return _of_credentials(answer.element, asked.element)
    return ""


def _of_results(answer: dlms.AccessResponse, asked: Payload | None, message_code: int) -> str:
    given, data = len(answer.results), len(answer.data)
    specs = answer.specs
    if isinstance(asked, dlms.AccessRequest):
        specs = asked.specs
    least = min(map(len, accesses_of(message_code)), default=0)
    if specs is None and given < least:
        return _given(given, "result", least)
    if specs is not None and len(specs) != given:
        return _given(given, "result", len(specs))
    return f"{count(given, 'result').text} and {count(data, 'value').text}" if given != data else ""


def _of_components(answer: gbz.GbzPayload, asked: gbz.GbzPayload) -> str:
    """Find fewer components than were asked, or others; a log may be in more of them."""
    given, wanted = len(answer.components), len(asked.components)
    if given < wanted:
        return _given(given, "component", wanted)
    if not all(any(_answers(one, each) for each in asked.components) for one in answer.components):
        return "an answer that is not one to the Command"
    open_parts = sum(
        not any(_answers(one, each) for one in answer.components) for each in asked.components
    )
    if open_parts:
        return f"no answer to {open_parts} of the {wanted} parts of the Command"
    for one, other in zip(asked.components, answer.components, strict=False):
        read, found = _attributes(one, _READ_ATTRIBUTES), _attributes(other, _READ_RESPONSE)
        if one.cluster == other.cluster and read is not None and found is not None and found < read:
            return _given(found, "attribute", read)
    return ""


def _answers(answer: gbz.Component, asked: gbz.Component) -> bool:
    """Return whether a component is of the cluster and command that another asks."""
    given, wanted = answer.frame, asked.frame
    if answer.cluster != asked.cluster:
        return False
    if given.is_foundation and given.command == _DEFAULT_RESPONSE:
        fitting = (wanted.command, _WHATEVER_WAS_ASKED)
        return answer.is_encrypted or given.payload[:1] in map(_octet, fitting)
    if given.is_foundation or wanted.is_foundation:
        both = given.is_foundation and wanted.is_foundation
        return both and _ATTRIBUTES_ANSWERED.get(wanted.command) == given.command
    name, question = (gbz.command_name(each.cluster, each.frame) for each in (answer, asked))
    usual = (f"Publish {question.removeprefix('Get ')}", f"{question} Response")
    return name in (_ANSWERS.get(question), *usual)


def _octet(number: int) -> bytes:
    return bytes([number])


def _attributes(component: gbz.Component, command: int) -> int | None:
    """Count the attributes it reads or reports; None where that cannot be said."""
    frame = component.frame
    if component.is_encrypted or not frame.is_foundation or frame.command != command:
        return None
    return len(gbz.decode_fields(component.cluster, frame))


def _of_credentials(answer: Element, asked: Element) -> str:
    given, wanted = len(answer.all(_OUTCOME)), len(asked.all(_REPLACEMENT))
    return _given(given, "outcome", wanted) if given and given != wanted else ""


def _given(given: int, what: str, wanted: int) -> str:
    return f"{count(given, what).text} for the {wanted} parts of the Command"
