"""What a Device's objects hold when it leaves the factory: assets/tables/device_objects.tsv.

COSEM rows are `class/OBIS/attribute` with the value as A-XDR; ZigBee rows are `cluster:attribute`
with type octet and little-endian value. `devices` are the letters of the use case table.
"""

from collections.abc import Iterator
from functools import cache

from hht.gbcs.dlms import decode_only_value
from hht.simulator.devices.cosem.objects import CosemObjects, obis
from hht.simulator.devices.zcl.objects import ZclObjects
from hht.tables import rows_of


def fill_cosem(objects: CosemObjects, device: str) -> None:
    """Give the objects their values."""
    for name, value in _rows(device):
        if "/" in name:
            class_id, logical_name, attribute = name.split("/")
            member = int(class_id), obis(logical_name), int(attribute)
            objects.values[member] = decode_only_value(value)


def fill_zcl(objects: ZclObjects, device: str) -> None:
    """Give the clusters their attributes."""
    for name, value in _rows(device):
        if "/" not in name:
            cluster, attribute = name.split(":")
            objects.attributes[int(cluster, 16), int(attribute, 16)] = value


def _rows(device: str) -> Iterator[tuple[str, bytes]]:
    return ((name, value) for devices, name, value in _table() if device in devices)


@cache
def _table() -> tuple[tuple[str, str, bytes], ...]:
    rows = rows_of("device_objects.tsv")
    return tuple((devices, name, bytes.fromhex(value)) for devices, name, value in rows)
