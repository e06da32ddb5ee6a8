"""Summaries of the use cases of Security Credentials: replaced, reported, asked for."""

from collections.abc import Callable, Iterable

from hht.gbcs.asn1 import Element
from hht.gbcs.asn1.certificates import read_certificate, read_request
from hht.gbcs.asn1.codes import KeyUsage, RemotePartyRole, TrustAnchorStatus
from hht.gbcs.explain.summary.alerts import outcome_line
from hht.gbcs.explain.summary.device import accepted, code_of, find
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.summary.values.highlights import mark_of
from hht.gbcs.explain.timing import Timing, When
from hht.gbcs.explain.tree.asn1 import code_in_words
from hht.spans import EMPTY, Line, Part, count, entity, say

_ROLE = "Remote Party Role"
_MOST_ROLES = 3  # that a line names, some of which have four words


def _replace_credentials(parsed: ParsedMessage) -> Line:
    """Summarise CS02b and CS02g."""
    if parsed.is_command:
        return _replacement_command(parsed)
    if find(parsed.element, "Execution Outcome") is None:
        return accepted(parsed, "change Security Credentials")
    outcomes = parsed.element.all("Replacement Outcome") if parsed.element else ()
    done = [found for found in outcomes if _status(found) is TrustAnchorStatus.SUCCESS]
    failed = [found for found in outcomes if found not in done]
    why = say(", first failure: {}", code_in_words(_status(failed[0]))) if failed else EMPTY
    line = say(
        "{} replaced {} ({}){}.",
        parsed.subject,
        _share(len(done), len(outcomes)),
        code_of(parsed.element, "Replacement Mode"),
        why,
    )
    return outcome_line(parsed, bool(done) and not failed, line)


def _share(done: int, total: int) -> Line:
    """Return `all 3 credentials`, `2 credentials`, `2 of 3 ...`, `none of 3 ...`."""
    credentials = count(total, "credential")
    if done == total:
        return say("{}{}", "all " if total > 2 else "", credentials)
    return say("{} of {}", str(done or "none"), credentials)


def _replacement_command(parsed: ParsedMessage) -> Line:
    certificates = parsed.element.all("Replacement") if parsed.element else ()
    timing = parsed.timing or Timing()
    if timing.when is When.CANCELLED:
        words = "Asks {} not to change Security Credentials ({}) any more (cancelled)."
        return say(words, parsed.device, code_of(parsed.element, "Replacement Mode"))
    dated = timing.when in (When.AT, When.UNREADABLE)
    when = say("at {}", timing.moment) if dated else Line.of("at once")
    return say(
        "Asks {} to replace {} ({}), {} ({}).",
        parsed.device,
        count(len(certificates), "credential"),
        code_of(parsed.element, "Replacement Mode"),
        when,
        mark_of(parsed.fields[0].children[1:2]),
    )


def _report_credentials(parsed: ParsedMessage) -> Line | None:
    """Summarise CS02a and CS02f: which Remote Parties' credentials a Device is asked for, or
    holds."""
    roles = list(dict.fromkeys((*_roles(parsed.asked), *_roles(parsed.element))))
    if not parsed.element or not roles:
        return None
    what = f"report the Security Credentials it holds of {_listed(roles)}"
    if parsed.is_command:
        return say("Asks {} to {}.", parsed.device, what)
    held = [each for each in parsed.element.all("Remote Party") if not _is_missing(each)]
    if not held:
        return parsed.did_not(what)
    cells = sum(len(each.all("Trust Anchor Cell")) for each in held)
    present = [role for each in held for role in _roles_of((each,))]
    missing = [role for role in roles if role not in present]
    number, listed = count(cells, "Security Credential"), _listed(present)
    if not missing:
        parties = count(len(present), "Remote Party role")
        return say("{} holds {} of {}: {}.", parsed.subject, number, parties, listed)
    why = say(" ({})", parsed.outcome.reason) if parsed.outcome.reason else EMPTY
    words = "{} did not report all: {} of {}, none of {}{}."
    return say(words, parsed.subject, number, listed, _listed(missing), why)


def _is_missing(party: Element) -> bool:
    found = party.find("Status")
    return found is not None and found.value != 0


def _roles(element: Element | None) -> list[str]:
    """Return the roles that a Command asks for, or a Response has."""
    asked = find(element, "Roles")
    return _roles_of(asked.children if asked else element.all("Remote Party") if element else ())


def _roles_of(parties: Iterable[Element]) -> list[str]:
    found = [find(each, _ROLE) or each for each in parties]
    return [code_in_words(each.value) for each in found if isinstance(each.value, RemotePartyRole)]


def _listed(roles: list[str]) -> str:
    """Return the roles; of more than a line has room for, the first ones."""
    if len(roles) > _MOST_ROLES:
        return f"{', '.join(roles[:_MOST_ROLES])} and {len(roles) - _MOST_ROLES} more"
    return " and ".join(filter(None, (", ".join(roles[:-1]), roles[-1])))


def _issue_credentials(parsed: ParsedMessage) -> Line | None:
    """Summarise CS02c: new keys, and the request for a certificate of them."""
    if parsed.is_command:
        usage = _usage(parsed.element)
        words = "Asks {} to make a new key pair for {} and to ask for its certificate."
        return say(words, parsed.device, usage)
    found = find(parsed.element, "Certification Request")
    request = read_request(found.node) if found else None
    if request is None:
        return None
    usage = code_in_words(request.key_usage) if request.key_usage else "a use that is not said"
    owner = entity(request.entity_id) if request.entity_id else "no Device"
    words = "{} made a new key pair for {} and asks for the certificate of {}."
    return say(words, parsed.subject, usage, owner)


def _own_certificate(parsed: ParsedMessage) -> Line | None:
    """Summarise CS02d, which gives a Device its certificate, and CS02e, which asks for it."""
    found = find(parsed.element, "Device Certificate")
    certificate = read_certificate(found.node) if found else None
    if certificate is None:
        if parsed.is_command and find(parsed.element, "Key Usage"):
            words = "Asks {} to report its certificate for {}."
            return say(words, parsed.device, _usage(parsed.element))
        return None
    owner: Part = entity(certificate.entity_id) if certificate.entity_id else "no Device"
    usage = code_in_words(certificate.key_usage)
    if parsed.is_command:
        return say("Gives {} the certificate of {} for {}.", parsed.device, owner, usage)
    return say("{} reports the certificate of {} for {}.", parsed.subject, owner, usage)


def _usage(element: Element | None) -> str:
    found = find(element, "Key Usage")
    value = found.value if found else None
    return code_in_words(value) if isinstance(value, KeyUsage) else "a use that is not defined"


def _status(outcome: Element) -> TrustAnchorStatus:
    found = outcome.find("Status")
    value = found.value if found else None
    return value if isinstance(value, TrustAnchorStatus) else TrustAnchorStatus.OTHER


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = {
    **dict.fromkeys((*range(0x0100, 0x010A), 0x0125, 0x0126, 0x00CB, 0x0124), _replace_credentials),
    **dict.fromkeys((0x0008, 0x011B), _report_credentials),
    0x000A: _issue_credentials,
    **dict.fromkeys((0x000B, 0x000C), _own_certificate),
}
"""By message code; each gives None where the general words do."""
