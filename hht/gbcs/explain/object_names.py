"""The names of COSEM objects, ZigBee attributes, and codes in their values, from assets/tables."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain, product
from typing import NamedTuple

from hht.gbcs.dlms import SpecKind
from hht.gbcs.explain.layout import CHARGE, MINOR, PLAIN, Layout, read_layout
from hht.tables import rows_of

_DATA = 1  # COSEM class Data
_VALUE = 2  # the attribute that holds its value
_GET_PROTECTED = 1  # method get_protected_attributes of that class
_DATA_PROTECTION = 30  # COSEM class Data protection
_METHOD, _ATTRIBUTE = "method", "attribute"
_OPTIONAL = "?"
_CHARGE_CLASS, _DEBT = 113, "debt"
"""The unit charge of a debt is what is collected of it at a time, not what is owed."""

_MAIN = frozenset(
    (
        *((number, 2) for number in (1, 3, 4, 7, 10, 11, 21, 112)),
        (22, 4),
        (71, 4),
        (113, 5),
        (113, 6),
        (9000, 2),
        (9000, 4),
        (104, 4),
    )
)
"""Class and attribute: what an object of the class is there for."""

_BRIEF_METHODS = {(9, 1): "", (112, 1): "to add", (112, 2): "to set", (115, 1): ""}

_UNKNOWN: tuple[str | None, Layout, str] = (None, PLAIN, "")


class Access(NamedTuple):
    """One attribute or method of one object; `obis` is its 6-byte logical name."""

    kind: SpecKind
    class_id: int
    obis: bytes
    member: int


def dotted(obis: bytes) -> str:
    """Return a logical name as A-B:C.D.E.F."""
    a, b, *rest = obis
    return f"{a}-{b}:{'.'.join(map(str, rest))}"


def object_name(obis: bytes) -> str | None:
    """Return the name of the object; None where the table has none."""
    return _objects().get(obis, _UNKNOWN)[0]


def class_name(class_id: int) -> str | None:
    """Return the name of the class; None where the table has none."""
    return _members().get((class_id, "class", 0), (None, PLAIN))[0]


def member_name(access: Access) -> str | None:
    """Return the name of the attribute or method; None where the table has none."""
    return _member(access)[0]


def access_name(access: Access) -> str:
    """Return the object and the attribute or method, with numbers where there is no name."""
    name = object_name(access.obis) or dotted(access.obis)
    if not _is_action(access) and access[1::2] == (_DATA, _VALUE):
        return name
    return f"{name}: {member_name(access) or f'{_kind(access)} {access.member}'}"


def brief_name(access: Access) -> str:
    """Return the object alone, where the attribute is its main one.

    Some methods by what they do.
    """
    name = object_name(access.obis)
    if _is_action(access) and (access.class_id, access.member) in _BRIEF_METHODS:
        return _BRIEF_METHODS[access.class_id, access.member]
    if not name or _is_action(access) or (access.class_id, access.member) not in _MAIN:
        return access_name(access)
    is_rate = access.class_id == _CHARGE_CLASS and _DEBT in name
    return f"Recovery of {name[:1].lower()}{name[1:]}" if is_rate else name


def address(access: Access) -> str:
    """Return class, logical name and attribute or method by number."""
    class_words = f"{access.class_id} {class_name(access.class_id) or ''}".rstrip()
    return f"class {class_words}, {dotted(access.obis)}, {_kind(access)} {access.member}"


def layout_of(access: Access) -> Layout:
    """Return what the attribute or the method's parameter is made of.

    The object's own layout first.
    """
    _, own, period = _objects().get(access.obis, _UNKNOWN)
    if access.member == _VALUE and not _is_action(access) and own != PLAIN:
        return own
    layout = _member(access)[1]
    if layout.form == CHARGE and period:
        return replace(layout, form=f"{CHARGE}/{period}")
    if own.form and layout == PLAIN and not _is_action(access):
        return own  # the value to come of an object is shown as the one in force
    return layout


def alert_layout(message_code: int) -> tuple[tuple[Layout, ...], Layout]:
    """Return the layouts of the values after a DLMS Alert's time stamp, and of what one
    encrypts."""
    return _alerts().get(message_code, ((), PLAIN))


@cache
def _alerts() -> dict[int, tuple[tuple[Layout, ...], Layout]]:
    return {
        int(code, 16): (read_layout(layout).members, _layout_of_object(protected))
        for code, layout, protected in rows_of("alert_layouts.tsv")
    }


def _layout_of_object(obis: str) -> Layout:
    return _objects()[_octets(obis)][1] if obis else PLAIN


def result_layout(access: Access) -> Layout:
    """Return what the attribute, or the method's result, is made of."""
    own = _members().get((access.class_id, "result", access.member)) if _is_action(access) else None
    return own[1] if own else layout_of(access)


def protected_layout(access: Access) -> Layout:
    """Return what the plaintext of a protected object is made of."""
    is_protected = access[1::2] == (_DATA_PROTECTION, _GET_PROTECTED)
    return _objects().get(access.obis, _UNKNOWN)[1] if is_protected else PLAIN


@cache
def accesses_of(message_code: int) -> tuple[tuple[Access, ...], ...]:
    """Return what the Commands of a use case ask, in order; one entry for each variant."""
    return tuple(
        variant
        for code, accesses in rows_of("cosem_use_cases.tsv")
        if int(code, 16) == message_code
        for variant in _variants(accesses)
    )


@cache
def zcl_asks_of(message_code: int) -> frozenset[str]:
    """Return what the Commands of a GBZ use case ask; empty where the table has none.

    A command is `0702/Set Supply Status`, an attribute `0702/0014`.
    """
    rows = rows_of("zcl_use_cases.tsv")
    found = (asks for code, asks in rows if int(code, 16) == message_code)
    return frozenset(next(found, "").split(", ")) - {""}


def _variants(accesses: str) -> Iterator[tuple[Access, ...]]:
    """Return a row with all its accesses, and with each choice of those that it may leave out."""
    choices = [
        ((_access(text.rstrip(_OPTIONAL)),), ())
        if text.endswith(_OPTIONAL)
        else ((_access(text),),)
        for text in accesses.split()
    ]
    return (tuple(chain.from_iterable(chosen)) for chosen in product(*choices))


def _is_action(access: Access) -> bool:
    return access.kind is SpecKind.ACTION


def _kind(access: Access) -> str:
    return _METHOD if _is_action(access) else _ATTRIBUTE


def _member(access: Access) -> tuple[str | None, Layout]:
    return _members().get((access.class_id, _kind(access), access.member), (None, PLAIN))


def _access(text: str) -> Access:
    kind, class_id, obis, member = text.split("/")
    kinds = {"get": SpecKind.GET, "set": SpecKind.SET, "act": SpecKind.ACTION}
    return Access(kinds[kind], int(class_id), _octets(obis), int(member))


def _octets(obis: str) -> bytes:
    return bytes(map(int, obis.replace("-", ".").replace(":", ".").split(".")))


@cache
def _objects() -> dict[bytes, tuple[str | None, Layout, str]]:
    return {
        _octets(obis): (name, read_layout(layout), period)
        for obis, name, layout, period in rows_of("obis.tsv")
    }


@cache
def _members() -> dict[tuple[int, str, int], tuple[str, Layout]]:
    return {
        (int(class_id), kind, int(number)): (name, read_layout(layout))
        for class_id, kind, number, name, layout in rows_of("cosem_classes.tsv")
    }


def cluster_name(cluster: int) -> str:
    """Return the name of a cluster; its number where the table has none."""
    return _zcl_clusters().get(cluster, f"cluster {cluster:04X}")


def attribute_name(cluster: int, attribute: int) -> str | None:
    """Return the name of an attribute; None where the table has none."""
    return _zcl_attributes().get((cluster, attribute), (None, ""))[0]


def attribute_form(cluster: int, attribute: int) -> tuple[str, bool]:
    """Return how an attribute's value is shown, and whether it is bookkeeping."""
    form = _zcl_attributes().get((cluster, attribute), (None, ""))[1]
    return form.lstrip(MINOR), form.startswith(MINOR)


@cache
def _zcl_clusters() -> dict[int, str]:
    rows = rows_of("zcl_attributes.tsv")
    return {int(cluster, 16): name for cluster, attribute, name, _ in rows if not attribute}


@cache
def _zcl_attributes() -> dict[tuple[int, int], tuple[str, str]]:
    return {
        (int(cluster, 16), int(attribute, 16)): (name, form)
        for cluster, attribute, name, form in rows_of("zcl_attributes.tsv")
        if attribute
    }


def enumeration(name: str, number: int) -> str | None:
    """Return what a code of an enumeration stands for; None where the table does not say."""
    return _enumerations().get((name, number))


def has_enumeration(name: str) -> bool:
    """Return whether the table has an enumeration of that name."""
    return name in _enumeration_names()


def unit_name(number: int) -> str:
    """Return the unit of a COSEM scaler and unit pair."""
    return _units().get(number, f"unit {number}")


@cache
def _enumerations() -> dict[tuple[str, int], str]:
    rows = rows_of("enumerations.tsv")
    return {(name, int(number)): meaning for name, number, meaning in rows}


@cache
def _enumeration_names() -> frozenset[str]:
    return frozenset(name for name, _ in _enumerations())


@cache
def bitmaps() -> dict[str, dict[int, str]]:
    """Return the names of the bits of every bitmap, by bitmap and bit."""
    found: dict[str, dict[int, str]] = {}
    for name, bit, meaning in rows_of("bitmaps.tsv"):
        found.setdefault(name, {})[int(bit)] = meaning
    return found


@cache
def _units() -> dict[int, str]:
    return {int(number): unit for number, unit in rows_of("units.tsv")}
