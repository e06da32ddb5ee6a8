"""How many Devices of each type a premises may have, and the GBCS type of each."""

from collections.abc import Mapping, Sequence

from hht.gbcs.asn1.codes import DeviceType

DEVICE_TYPES: Mapping[str, DeviceType] = {
    "ESME": DeviceType.ESME,
    "GSME": DeviceType.GSME,
    "PPMID": DeviceType.PPMID,
    "HCALCS": DeviceType.HCALCS,
    "IHD": DeviceType.TYPE_2,
    "CAD": DeviceType.TYPE_2,
}
"""The Device types as DUIS has them; an IHD or a CAD has no GBCS credentials (Type 2)."""


def gbcs_type(kind: str, *, draft_ihd: bool = False) -> DeviceType:
    """Return the GBCS type of a Device; that of an HCALCS for the draft's IHD, which has none."""
    return DeviceType.HCALCS if draft_ihd else DEVICE_TYPES[kind]


_MOST: Mapping[str, tuple[int, frozenset[DeviceType]]] = {
    "ESME": (4, frozenset({DeviceType.ESME})),
    "GSME": (1, frozenset({DeviceType.GSME})),
    "Type 1 Devices (PPMID, HCALCS)": (7, frozenset({DeviceType.PPMID, DeviceType.HCALCS})),
    "Type 2 Devices (IHD, CAD)": (3, frozenset({DeviceType.TYPE_2})),
}


def too_many(types: Sequence[str]) -> str:
    """Say which limit these Device types exceed; empty where none."""
    kinds = [DEVICE_TYPES[each] for each in types]
    for name, (most, group) in _MOST.items():
        if sum(kind in group for kind in kinds) > most:
            return f"a premises has at most {most} {name}"
    return ""
