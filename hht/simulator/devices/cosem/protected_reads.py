"""Reads of personal data from an ESME, encrypted for who asked (GBCS 7.3.8, class 30).

The request names the attributes to read and one set of protection parameters: the transaction, and
who agreed the key with whom. The Response repeats these with the two parties changed over, and
carries the attributes as one ciphered structure.
"""

from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.gbcs.dlms import Value, array, encode_value, octets, structure
from hht.gbcs.dlms.results import AccessResult
from hht.gbcs.encryption import close_part
from hht.gbcs.errors import MalformedMessage
from hht.simulator.devices.cosem.objects import AccessFailed, Call, obis

if TYPE_CHECKING:
    from hht.simulator.devices.cosem.device import CosemDevice

_DATA_PROTECTION, _GET_PROTECTED = 30, 1  # COSEM class, and its method get_protected_attributes
_OBJECTS = tuple(obis(f"0-0:43.2.{number}.255") for number in range(1, 11))
_TRANSACTION, _ORIGINATOR, _RECIPIENT = 0, 1, 2  # places in the protection parameters (Blue Book)


class ProtectedReads:
    """The data protection objects, registered with an ESME."""

    def __init__(self, device: "CosemDevice") -> None:
        self._device = device
        for name in _OBJECTS:
            device.objects.methods[_DATA_PROTECTION, name, _GET_PROTECTED] = self._get

    def _get(self, call: Call) -> Value:
        wanted, protection = _members(call.data, 2)
        values = structure(*(self._read(row, call) for row in wanted.members))
        kind, parameters = _members(_members(protection, 1)[0], 2)
        command, device = call.command, self._device
        z = device.credentials.shared_secret(device.entity_id, command.originator)
        if z is None or _party(parameters) != command.originator:
            raise AccessFailed(AccessResult.READ_WRITE_DENIED)
        ciphered = close_part(
            encode_value(values), z, command.counter, device.entity_id, command.originator
        )
        mirrored = array(structure(kind, _changed_over(parameters)))
        return structure(mirrored, octets(ciphered))

    def _read(self, row: Value, call: Call) -> Value:
        class_id, name, attribute, _, _ = _members(row, 5)
        member = class_id.number, name.octets, attribute.number
        return self._device.objects.read(member, call)


def _changed_over(parameters: Value) -> Value:
    transaction, originator, recipient, *rest = _members(parameters, 5)
    return structure(transaction, recipient, originator, *rest)


def _party(parameters: Value) -> EntityId:
    party = _members(parameters, 5)[_ORIGINATOR].octets
    if len(party) != 8:
        raise MalformedMessage("the protection parameters do not name their originator")
    return EntityId(party)


def _members(value: Value, count: int) -> tuple[Value, ...]:
    if len(value.members) != count:
        raise MalformedMessage(f"{count} elements of DLMS data are not where they should be")
    return value.members
