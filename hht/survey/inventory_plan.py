"""A building's channel plan from the answer to SR 8.2, Read Inventory: a DRAFT of SECMP0012.

The paper has the inventory keep which 2.4 GHz channels hubs may use. DUIS 5.4 has no item for it;
here it is read in the form that the draft has on SR 8.14, one for each hub of the building.
"""

import re
from typing import TYPE_CHECKING

from hht.duis.envelope import DuisRefused, parse_xml, printable_tag, tag, value_in
from hht.duis.status_update import DRAFT_ITEM
from hht.survey.survey_file import CHANNELS

if TYPE_CHECKING:
    from lxml.etree import _Element

SERVICE = "8.2"
_CHANNEL = re.compile(r"Channel([1-9][0-9])")
_REMEDY = "Give a plan as docs/survey.md has it, or have the supplier ask the inventory again."


def read_inventory_plan(xml: bytes, where: str) -> tuple[int, ...]:
    """Read every channel that a hub of the answer may use; DuisRefused where there is none."""
    root = parse_xml(xml, where)
    if root.tag != tag("Response"):
        raise _refused(f"The document is {printable_tag(root)} and no DUIS Response", where)
    message = f"{tag('Body')}/{tag('ResponseMessage')}"
    service = value_in(root, f"{message}/{tag('ServiceReference')}", where)
    if service != SERVICE:
        raise _refused(f"This answers service {service or 'unknown'} and not {SERVICE}", where)
    named = {_channel(each, where) for item in root.iter(tag(DRAFT_ITEM)) for each in item}
    if not named:
        raise _refused("This answer names no 2.4 GHz channel: DUIS 5.4 has none (DRAFT)", where)
    return tuple(sorted(named))


def _channel(element: "_Element", where: str) -> int:
    name = str(element.tag).rpartition("}")[2]
    found = _CHANNEL.fullmatch(name)
    if found is None or int(found[1]) not in CHANNELS:
        raise _refused(f"{DRAFT_ITEM} has <{name[:40]}>, which is no channel from 11 to 26", where)
    return int(found[1])


def _refused(what: str, where: str) -> DuisRefused:
    return DuisRefused(what, where=where, remedy=_REMEDY)
