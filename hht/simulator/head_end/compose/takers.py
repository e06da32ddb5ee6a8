"""Refuses a Service Request for a kind of Device that has no Command of it, by naming who has."""

from collections.abc import Iterable

from hht.gbcs.asn1.codes import DeviceType
from hht.simulator.devices.core.rules import rules
from hht.simulator.head_end.compose.service_request import ServiceRequest
from hht.spans import with_article


def check_taker(request: ServiceRequest, kind: DeviceType, codes: Iterable[int]) -> None:
    """Raise DuisRefused where a Device of this kind accepts none of the use cases of a Request."""
    _check(request, f"SR {request.variant}", kind, codes)


def check_command(request: ServiceRequest, kind: DeviceType, code: int) -> None:
    """Raise DuisRefused where what the Request holds makes a Command that is for other Devices."""
    said = f"What SR {request.variant} asks with these elements is {rules()[code].name}, which"
    _check(request, said, kind, (code,))


def named(kind: DeviceType) -> str:
    """Name the kind of Device with its article; GBCS calls IHD and CAD Type 2."""
    return "a Type 2 Device" if kind is DeviceType.TYPE_2 else with_article(kind.name)


def _check(request: ServiceRequest, what: str, kind: DeviceType, codes: Iterable[int]) -> None:
    takers = frozenset[DeviceType]().union(*(rules()[code].devices for code in codes))
    if kind not in takers:
        *most, last = [named(each) for each in DeviceType if each in takers]
        who = f"{', '.join(most)} or {last}" if most else last
        raise request.refused(f"{what} is not for {named(kind)}: {who} takes it")
