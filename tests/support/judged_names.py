"""The names of objects, attributes, clusters and commands of the other parser beside ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from judge_texts import judged_lines

from hht.gbcs.explain.object_names import (
    attribute_name,
    class_name,
    cluster_name,
    object_name,
)

_CLUSTER, _ATTRIBUTE, _CLASS, _INSTANCE = "Cluster Id", "Attribute Id", "Class Id", "Instance Id"


class Named(NamedTuple):
    """One thing by its number, the other parser's name for it and ours; ours is empty for none."""

    what: str
    theirs: str
    ours: str


def names_beside(shared: Path) -> list[Named]:
    """Every name that the other parser gives, once."""
    found = {named for path in sorted((shared / "judge").rglob("*.txt")) for named in _names(path)}
    return sorted(found)


def _names(path: Path) -> Iterator[Named]:
    cluster = -1
    for name, written, meaning in judged_lines(path):
        octets = bytes.fromhex(written.removesuffix("…"))
        label = name.rstrip("0123456789 ")
        if label == _CLUSTER and octets:
            cluster = int.from_bytes(octets, "big")
            yield Named(f"cluster {cluster:04X}", meaning, cluster_name(cluster))
        elif label == _ATTRIBUTE and len(octets) == 2 and cluster >= 0:
            number = int.from_bytes(octets, "little")
            ours = attribute_name(cluster, number) or ""
            yield Named(f"attribute {cluster:04X}/{number:04X}", meaning, ours)
        elif label == _CLASS and len(octets) == 2:
            number = int.from_bytes(octets, "big")
            yield Named(f"class {number}", meaning, class_name(number) or "")
        elif label == _INSTANCE:
            address, _, theirs = meaning.partition(" - ")
            yield Named(f"object {address}", theirs, object_name(octets[-6:]) or "")
