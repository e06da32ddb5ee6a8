"""Service Requests that the DCC carries out itself: no Command, but who may be meant is checked."""

from collections.abc import Mapping

from hht.errors import HhtError
from hht.gbcs.asn1.codes import DeviceType
from hht.simulator.head_end.compose.inventory import Inventory
from hht.simulator.head_end.compose.service_request import ServiceRequest
from hht.simulator.head_end.compose.takers import named

_T = DeviceType
_UPDATES: Mapping[str, tuple[str, tuple[DeviceType, ...], str]] = {
    "UpdateFirmware": ("11.1", (_T.ESME, _T.GSME, _T.HCALCS), "SR 11.4 updates a PPMID"),
    "UpdatePPMIDFirmware": ("11.4", (_T.PPMID,), "SR 11.1 updates meters and HCALCS"),
}
"""Whose firmware a Request distributes (SECMP0007), and what to ask for the others."""


def refused_as_dcc_request(request: ServiceRequest, inventory: Inventory) -> HhtError:
    """Say why a Request to the DCC itself gives no Command."""
    if request.name not in _UPDATES:
        return request.refused(f"the DCC carries out {request.name} itself, without a Command")
    variant, kinds, otherwise = _UPDATES[request.name]
    for text in request.text("DeviceIDList").split(","):
        entity = request.identifier("DeviceIDList", text)
        kind = inventory.types.get(entity)
        if kind is None:
            return request.refused(f"{entity} is not in the inventory")
        if kind not in kinds:
            return request.refused(f"SR {variant} is not for {entity}, {named(kind)}: {otherwise}")
    return request.refused(
        f"the DCC gives the image of SR {variant} to the hub itself, without a Command"
    )
