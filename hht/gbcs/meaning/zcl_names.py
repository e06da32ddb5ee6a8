"""The names of ZigBee clusters and their attributes, from assets/tables/zcl_attributes.tsv."""

from functools import cache

from hht.gbcs.tables import rows_of


def cluster_name(cluster: int) -> str:
    """The name of a cluster; its number where the table has none."""
    return _clusters().get(cluster, f"cluster {cluster:04X}")


def attribute_name(cluster: int, attribute: int) -> str | None:
    """The name of an attribute; None where the table has none."""
    return _attributes().get((cluster, attribute), (None, ""))[0]


def attribute_form(cluster: int, attribute: int) -> str:
    """How an attribute's value is shown (hht/gbcs/meaning/forms.py)."""
    return _attributes().get((cluster, attribute), (None, ""))[1]


@cache
def _clusters() -> dict[int, str]:
    rows = rows_of("zcl_attributes.tsv")
    return {int(cluster, 16): name for cluster, attribute, name, _ in rows if not attribute}


@cache
def _attributes() -> dict[tuple[int, int], tuple[str, str]]:
    return {
        (int(cluster, 16), int(attribute, 16)): (name, form)
        for cluster, attribute, name, form in rows_of("zcl_attributes.tsv")
        if attribute
    }
