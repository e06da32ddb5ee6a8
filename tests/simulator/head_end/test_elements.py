"""A Service Request holds what DUIS has a place for, in its order, and nothing else."""

import re
from pathlib import Path

import pytest
from lxml import etree

from hht.gbcs.keystore import PemFolder
from hht.reference.devices import compose_reference
from hht.simulator.head_end.compose.elements import IN_ORDER

pytestmark = pytest.mark.shared
XSD = "{http://www.w3.org/2001/XMLSchema}"
OF_THE_DRAFT = {"DraftSetCHFChannelMask", "DraftReadCHFChannels", "Channels"}


@pytest.fixture(scope="module")
def keys(shared: Path) -> PemFolder:
    return PemFolder(shared / "rtds" / "keystore")


def orders_in(schema: etree._Element) -> set[tuple[str, str]]:
    """Return the name of each element of the schema, with those that it may hold."""
    types = {str(each.get("name")): each for each in schema.iterchildren(f"{XSD}complexType")}

    def holds(kind: etree._Element) -> list[str]:
        names = []
        for part in kind.iterchildren("*"):
            if part.tag == f"{XSD}element":
                names.append(str(part.get("name") or part.get("ref")).rpartition(":")[2])
                continue
            base = types.get(str(part.get("base")).rpartition(":")[2])
            names += ([] if base is None else holds(base)) + holds(part)
        return names

    found = set()
    for element in schema.iter(f"{XSD}element"):
        own = element.find(f"{XSD}complexType")
        kind = types.get(str(element.get("type")).rpartition(":")[2]) if own is None else own
        if kind is not None:
            found.add((str(element.get("name")), " ".join(holds(kind))))
    return found


def test_every_row_is_the_schemas(shared: Path) -> None:
    known = orders_in(etree.parse(shared / "duis" / "xsd" / "duis.xsd").getroot())
    ours = {(name, order) for name, order in IN_ORDER.items() if name not in OF_THE_DRAFT}
    assert not sorted(ours - known)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (r"(<sr:Join.*>\n)\s*(<sr:Install.*>\n)", r"\2\1", "JoinTimePeriod (line 15) must be befo"),
        (
            "<sr:InstallCode>",
            "<sr:Colour/><sr:InstallCode>",
            "Colour (line 15) has no place in Add",
        ),
        (
            "<sr:RequestType>",
            "<sr:Foo/><sr:RequestType>",
            "Foo (line 12) has no place in UpdateHAN",
        ),
        ("<sr:InstallCode>", "<x xmlns='urn:x'/><sr:InstallCode>", "x (line 15) has no place"),
        ("<sr:InstallCode>", "stray<sr:InstallCode>", "(line 13) has the text 'stray', which"),
        ("<sr:Body>", "<sr:Body>stray", "Body (line 9) has the text 'stray', which"),
        ("<sr:JoinTimePeriod", "<sr:JoinTimePeriod unit='h'", "may not have an attribute u"),
        ("<sr:CommandVariant>", "<sr:Priority/><sr:CommandVariant>", "Priority (line 5) has no"),
        (
            "<sr:DeviceID>",
            "<sr:ExecutionDateTime>soon</sr:ExecutionDateTime><sr:DeviceID>",
            "is not written as",
        ),
        (
            "<sr:CommandVariant>",
            "<sr:FirstInSequence>yes</sr:FirstInSequence><sr:CommandVariant>",
            "FirstInSequence is 'yes' and must be true or false",
        ),
        (
            "<sr:CommandVariant>",
            "<sr:PrecedingServiceRequestID>1</sr:PrecedingServiceRequestID><sr:CommandVariant>",
            "'1' is not a RequestID",
        ),
        ("HANDeviceLog", "HANDeviceLog", ""),
    ],
)
def test_what_duis_has_no_place_for_is_refused_with_its_line(
    shared: Path, keys: PemFolder, old: str, new: str, why: str
) -> None:
    path = shared / "duis" / "requests" / "CCS01_8.11_SUCCESS_REQUEST_DUIS.XML"
    xml, changes = re.subn(old, new, path.read_text(encoding="utf-8"), count=1)
    assert changes == 1
    result = compose_reference(xml.encode(), keys, source="x.xml")
    assert why in result.error
    assert bool(result.command) != bool(why)
