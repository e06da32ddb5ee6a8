"""What each part of a DLMS Response answers, and what a Command asks that its use case does not.

Each is named as far as that is known, and no further.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from hht.gbcs.dlms import AccessRequest, AccessResponse, Spec, SpecKind
from hht.gbcs.explain.context import Context
from hht.gbcs.explain.object_names import (
    Access,
    access_name,
    accesses_of,
    attribute_name,
    brief_name,
    member_name,
    zcl_asks_of,
)
from hht.gbcs.gbz import Component, GbzPayload, command_name, decode_fields, reports_of
from hht.gbcs.payload import decode_payload

_PLAIN_KINDS = {
    SpecKind.GET_SELECTED: SpecKind.GET,
    SpecKind.SET_SELECTED: SpecKind.SET,
}
_NUMBER = re.compile(r" \d+(?=:|$)")
"""Which of several like objects it is: `Auxiliary controller 3: description`."""
_VERBS = {SpecKind.GET: "what was read", SpecKind.SET: "what was set", SpecKind.ACTION: "action"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One access of a Command; `access` is None where its Command would be needed to know it."""

    name: str
    access: Access | None = None

    @property
    def brief(self) -> str:
        """The name for a summary."""
        return brief_name(self.access) if self.access else self.name


def accesses_asked(response: AccessResponse, context: Context) -> tuple[Asked, ...]:
    """Return what a Response answers, one for each result.

    As the Response says, or its Command, where that is at hand; else as the variants of its use
    case ask it, and only where all that fit agree.
    """
    kinds = [result.kind for result in response.results]
    for specs in _specs(response, context):
        accesses = tuple(map(access_of, specs))
        if [access.kind for access in accesses] == kinds:
            return tuple(Asked(access_name(access), access) for access in accesses)
    variants = [
        variant
        for variant in accesses_of(context.message.message_code)
        if [access.kind for access in variant] == kinds
    ]
    return tuple(_common(at, kind, variants) for at, kind in enumerate(kinds))


def foreign_accesses(request: AccessRequest, message_code: int) -> tuple[Access, ...]:
    """Return what a Command asks where nothing of it is in any variant of its use case.

    Nothing where the use case is unknown, or part of it is in one: the table may lack a variant.
    """
    known = set(chain.from_iterable(accesses_of(message_code)))
    asked = tuple(dict.fromkeys(map(access_of, request.specs)))
    return asked if known and known.isdisjoint(asked) else ()


def foreign_commands(payload: GbzPayload, message_code: int) -> tuple[str, ...]:
    """Return what a GBZ Command asks where nothing of it is in its use case, in words.

    Nothing where the use case is unknown, as `foreign_accesses` has it.
    """
    asked = dict(chain.from_iterable(map(_asks, payload.components)))
    known = zcl_asks_of(message_code)
    return tuple(asked.values()) if known and known.isdisjoint(asked) else ()


def _asks(component: Component) -> Iterator[tuple[str, str]]:
    """Yield each thing that a component asks for as the table has it, and in words."""
    cluster, frame = component.cluster, component.frame
    if component.is_encrypted:
        return
    if not frame.is_foundation:
        name = command_name(cluster, frame)
        yield f"{cluster:04X}/{name}", f"the command {name.removeprefix('command ')}"
        return
    for field in decode_fields(cluster, frame):
        number = (field.members or (field,))[0].value
        if isinstance(number, int):
            name = attribute_name(cluster, number) or f"attribute {number:04X}"
            yield f"{cluster:04X}/{number:04X}", f"{name[:1].lower()}{name[1:]}"


def first_failed_command(payload: GbzPayload) -> str:
    """Return the command or attribute that a GBZ Response reports a failure of first.

    Empty where its name is not known, or a part is encrypted.
    """
    if any(component.is_encrypted for component in payload.components):
        return ""
    failures = chain.from_iterable(map(_failures, payload.components))
    return next(failures, "")


def _failures(component: Component) -> Iterator[str]:
    """Yield the name of each thing of which a failure is reported."""
    for report in filter(lambda each: each.is_failure, reports_of(component)):
        if isinstance(report.attribute, int):
            yield attribute_name(component.cluster, report.attribute) or ""
        else:
            yield report.command.removeprefix("Publish ").lower()


def access_of(spec: Spec) -> Access:
    """Return the access without its selection."""
    kind = _PLAIN_KINDS.get(spec.kind, spec.kind)
    return Access(kind, spec.class_id, spec.obis, spec.member)


def _common(at: int, kind: int, variants: list[tuple[Access, ...]]) -> Asked:
    """Return what all variants ask there, if need be without its number.

    Else its kind and place.
    """
    asked = {variant[at] for variant in variants}
    if len(asked) == 1:
        access = asked.pop()
        return Asked(access_name(access), access)
    names = {_NUMBER.sub("", access_name(access)) for access in asked}
    if len(names) == 1:
        return Asked(names.pop())
    verb = _VERBS.get(SpecKind(kind), "access") if kind in _VERBS else "access"
    members = {member_name(access) for access in asked}
    classes = {(access.class_id, access.member) for access in asked}
    if len(classes) == 1 and len(members) == 1 and None not in members:
        return Asked(f"{verb} {at + 1} ({members.pop()})")
    return Asked(f"{verb} {at + 1}")


def _specs(response: AccessResponse, context: Context) -> list[tuple[Spec, ...]]:
    """Return the specifications at hand, the Response's own first."""
    command = decode_payload(context.command) if context.command else None
    asked = command.specs if isinstance(command, AccessRequest) else ()
    return [specs for specs in (response.specs, asked) if specs]
