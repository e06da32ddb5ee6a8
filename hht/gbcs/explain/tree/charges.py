"""The unit charges of an ESME in money for each unit: tariff prices, standing charge, debts.

Source: DLMS UA Blue Book, class Charge (unit_charge): scales of commodity and price, the commodity,
and an array of prices, each with its index.
"""

from hht import spans
from hht.gbcs.dlms import Tag, Value
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.amounts import money, whole
from hht.gbcs.explain.field import Field, leaf
from hht.gbcs.explain.object_names import dotted, object_name
from hht.spans import Line, count

_NO_COMMODITY = bytes(6)
_PREFIXES = {0: "Wh", 3: "kWh", 6: "MWh"}
_SCALERS = range(-128, 128)  # an integer of one octet, as DUIS has it too


def is_charge(value: Value) -> bool:
    """Return whether a structure is a unit charge as the Blue Book has it."""
    try:
        _, scale, _, prices = _parts(value)
        return scale in _SCALERS and all(len(each.members) == 2 for each in prices)
    except (MalformedMessage, ValueError):
        return False


def charge_field(name: str, value: Value, period: str = "") -> Field:
    """Return the prices of a unit charge; one that is not of a commodity is for a `period`."""
    commodity_scale, price_scale, commodity, prices = _parts(value)
    per = period if commodity == _NO_COMMODITY else _unit(commodity_scale)
    unit = f" a {per}" if per else ""
    used = max((at for at, each in enumerate(prices, 1) if each.members[1].number), default=1)
    fields = [
        _price(each, -price_scale, unit, at, minor=at > used) for at, each in enumerate(prices, 1)
    ]
    head = [
        leaf("commodity scale", whole(commodity_scale), minor=True),
        leaf("price scale", whole(price_scale), minor=True),
        leaf("commodity", _address(value), minor=True),
    ]
    if len(prices) == 1:
        return Field(name, fields[0].value, tuple(head))
    return Field(name, Line.of(count(len(prices), "price")), (*head, *fields))


def _price(entry: Value, places: int, unit: str, at: int, *, minor: bool) -> Field:
    index, price = entry.members
    number = price.number
    name = f"price {int.from_bytes(index.octets, 'big')}" if index.octets else f"price {at}"
    words = spans.money(f"{money(number, places)}{unit}", number)
    return leaf(name, words, minor=minor)


def _address(value: Value) -> str:
    """Name class, object and attribute of what is charged for."""
    class_id, name, attribute = value.members[1].members
    where = f"class {whole(class_id.number)}, attribute {whole(attribute.number)}"
    if name.octets == _NO_COMMODITY:
        return f"none, {where}"
    return f"{object_name(name.octets) or dotted(name.octets)}, {where}"


def _unit(scale: int) -> str:
    return _PREFIXES.get(scale, f"10^{scale} Wh")


def _parts(value: Value) -> tuple[int, int, bytes, tuple[Value, ...]]:
    """Split it into commodity scale, price scale, commodity's logical name, prices."""
    scales, commodity, prices = value.members
    commodity_scale, price_scale = (member.number for member in scales.members)
    if prices.tag != Tag.ARRAY:
        raise ValueError("prices are an array")
    for each in prices.members:
        index, price = each.members
        _ = index.octets, price.number
    class_id, name, attribute = commodity.members
    _ = class_id.number, attribute.number
    if len(name.octets) != len(_NO_COMMODITY):
        raise ValueError("a logical name has 6 octets")
    return commodity_scale, price_scale, commodity.members[1].octets, prices.members
