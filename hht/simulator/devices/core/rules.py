"""Which Commands a Device type accepts, from whom, with which protection: the use cases as data.

The table is assets/tables/device_use_cases.tsv; its columns are the fields of `Rule`. `form` names
the DLMS specifications (`G` get, `S` set, `A` action, `R` get with selection; class, OBIS, member)
or ZigBee commands (cluster:command) that the Command may hold; empty where the handler checks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.tables import rows_of

_DEVICES = {
    "E": DeviceType.ESME,
    "G": DeviceType.GSME,
    "C": DeviceType.CHF,
    "F": DeviceType.GPF,
    "P": DeviceType.PPMID,
    "H": DeviceType.HCALCS,
}
_ROLES = {
    "A": Role.ACCESS_CONTROL_BROKER,
    "S": Role.SUPPLIER,
    "N": Role.NETWORK_OPERATOR,
    "T": Role.TRANSITIONAL_CHANGE_OF_SUPPLIER,
    "W": Role.WAN_PROVIDER,
    "R": Role.RECOVERY,
    "L": Role.LOAD_CONTROLLER,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One use case as a Device sees it.

    `protection` is "mac", "signed" (signature and MAC) or "either" (a MAC, or a signature alone).
    `dated` is "dated" where the Response carries the Device's time in its grouping header, "status"
    where it says how good that time is as well, else "-".
    """

    code: int
    name: str
    devices: frozenset[DeviceType]
    roles: frozenset[Role]
    protection: str
    dated: str
    handler: str
    form: tuple[str, ...]


@cache
def rules() -> Mapping[int, Rule]:
    """Load every rule, by message code."""
    return {rule.code: rule for rule in map(_rule, rows_of("device_use_cases.tsv"))}


def _rule(row: list[str]) -> Rule:
    code, name, devices, roles, protection, dated, handler, form = row
    return Rule(
        code=int(code, 16),
        name=name,
        devices=frozenset(_DEVICES[letter] for letter in devices),
        roles=frozenset(_ROLES[letter] for letter in roles),
        protection=protection,
        dated=dated,
        handler=handler,
        form=tuple(form.split()),
    )
