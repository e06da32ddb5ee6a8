"""The training head-end's composer: from a Service Request to the Command the DCC would make."""

from dataclasses import dataclass
from datetime import datetime

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.keystore import PemFolder
from hht.simulator.devices.core.rules import rules
from hht.simulator.head_end.compose import payloads
from hht.simulator.head_end.compose.dcc_requests import refused_as_dcc_request
from hht.simulator.head_end.compose.envelope import BROKER_AHEAD, Address, protect
from hht.simulator.head_end.compose.inventory import Inventory
from hht.simulator.head_end.compose.service_request import ServiceRequest
from hht.simulator.head_end.compose.services import Target, plan
from hht.simulator.pki.remote_parties import PARTIES

__all__ = ["KNOW_NO_SUPPLIER", "ComposeResult", "compose", "compose_request"]

_BROKER, _SUPPLIER = PARTIES[Role.ACCESS_CONTROL_BROKER], PARTIES[Role.SUPPLIER]
KNOW_NO_SUPPLIER = (DeviceType.CHF, DeviceType.PPMID)
"""Device types that hold no supplier's credentials: the Access Control Broker acts for it."""
_BROKER_CODES = (payloads.CS08, payloads.GCS59)
"""Use cases that the Access Control Broker originates for every User."""


@dataclass(frozen=True, slots=True)
class ComposeResult:
    """The GBCS Command of one Service Request, or why there is none."""

    source: str
    command: bytes = b""
    error: str = ""


def compose(
    xml: bytes,
    keys: PemFolder,
    inventory: Inventory,
    now: datetime,
    *,
    dcc_counter: int | None = None,
    source: str = "",
) -> ComposeResult:
    """Compose the Command of a DUIS Service Request: MAC, and the User's signature where critical.

    `now` is when the DCC composes it, `dcc_counter` the counter it uses where it is the originator.
    """
    try:
        request = ServiceRequest.parse(xml, source)
        raw = compose_request(request, keys, inventory, now, dcc_counter)
    except HhtError as error:
        return ComposeResult(source, error=str(error))
    return ComposeResult(source, raw)


def compose_request(
    request: ServiceRequest,
    keys: PemFolder,
    inventory: Inventory,
    now: datetime,
    dcc_counter: int | None = None,
) -> bytes:
    """Compose the Command of a Service Request; HhtError for one that cannot be composed."""
    try:
        return _composed(request, keys, inventory, now, dcc_counter)
    except (OverflowError, ValueError) as error:
        what = f"a value does not fit its field in the Command ({error})"
        raise request.refused(what) from error


def _composed(
    request: ServiceRequest,
    keys: PemFolder,
    inventory: Inventory,
    now: datetime,
    dcc_counter: int | None,
) -> bytes:
    device = request.request_id.target
    if device == _BROKER:
        raise refused_as_dcc_request(request, inventory)
    kind = inventory.types.get(device)
    if kind is None:
        raise request.refused(f"{device} is not in the inventory")
    planned = plan(request, Target(kind, inventory, now))
    address = _address(request, device, kind, planned.code, dcc_counter)
    signed = rules()[planned.code].protection == "signed"
    payload = planned.payload(address.counter)
    return protect(address, planned.code, payload, keys, critical=signed)


def _address(
    request: ServiceRequest,
    device: EntityId,
    kind: DeviceType,
    code: int,
    dcc_counter: int | None,
) -> Address:
    """Return the originator: the User where the Device knows it, else the broker for the User."""
    user, counter = request.request_id.originator, request.request_id.counter
    if code == payloads.GCS59 and user == _BROKER:
        return Address(_BROKER, device, counter)
    if kind not in KNOW_NO_SUPPLIER and code not in _BROKER_CODES:
        return Address(user, device, counter)
    own = counter + BROKER_AHEAD if dcc_counter is None else dcc_counter
    behalf = (_SUPPLIER if user == _BROKER else user), counter
    return Address(_BROKER, device, own, behalf)
