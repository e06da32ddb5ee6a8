"""What scales the numbers of a GBZ payload: multipliers, divisors, units, currency and decimals.

They are in attributes and fields beside the numbers, often in another component of the payload.
Source: ZigBee Smart Energy 1.2/1.4, annex D (Formatting, Tariff Information, Block Period sets).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from hht import spans
from hht.gbcs import gbz
from hht.gbcs.explain.amounts import POUNDS, decimal, money, ratio, whole, whole_with_unit
from hht.gbcs.explain.object_names import enumeration
from hht.gbcs.explain.tree.currency import EURO
from hht.spans import Part, amount

_CURRENCIES = {826: POUNDS, 978: EURO}
_PRICE, _METERING = 0x0700, 0x0702
_DEFAULT_DECIMALS = 5
"""Of money, where the message says nothing: GBCS counts in thousandths of a penny."""

_KWH, _WH_IN_KWH = "kWh", 1000
_NO_THRESHOLD = 0xFFFFFFFFFFFF
NOT_CHANGED = -1  # all bits of a signed field: the limit in force stays
_CUBIC_METRES, _LITRES = "m3", 1000
_BCD = 0x80
"""The bit of a unit that says its registers are in BCD: a decimal figure in each half octet."""
_ATTRIBUTES = {
    (_METERING, 0x0300): "unit",
    (_METERING, 0x0301): "multiplier",
    (_METERING, 0x0302): "divisor",
    (_METERING, 0x0B11): "flow unit",
    (_METERING, 0x0B12): "flow multiplier",
    (_METERING, 0x0B13): "flow divisor",
    (_PRICE, 0x0202): "threshold multiplier",
    (_PRICE, 0x0203): "threshold divisor",
    (_PRICE, 0x0303): "conversion digits",
    (_PRICE, 0x0305): "calorific unit",
    (_PRICE, 0x0306): "calorific digits",
    (_PRICE, 0x0615): "price unit",
    (_PRICE, 0x0616): "currency",
    (_PRICE, 0x0617): "price digits",
}
_FIELDS = {
    "Publish Tariff Information": {
        "unit of measure": "price unit",
        "currency": "currency",
        "price trailing digit": "price digits",
        "block threshold multiplier": "threshold multiplier",
        "block threshold divisor": "threshold divisor",
    },
    "Publish Price": {"unit of measure": "price unit", "currency": "currency"},
    "Publish Conversion Factor": {"trailing digit": "conversion digits"},
    "Publish Calorific Value": {"trailing digit": "calorific digits", "unit": "calorific unit"},
    "Set Uncontrolled Flow Threshold": {
        "unit of measure": "flow unit",
        "multiplier": "flow multiplier",
        "divisor": "flow divisor",
    },
    "Publish Billing Period": {"duration type": "time base"},
    "Publish Block Period": {"duration type": "time base"},
    "Publish Consolidated Bill": {"duration type": "time base"},
}
_SCALED_BY = {
    **dict.fromkeys(("money", "cut_off", "standing_charge"), ("price digits", "currency")),
    "price": ("price digits", "currency", "price unit"),
    "consumption": ("unit", "multiplier", "divisor"),
    "block_threshold": ("threshold multiplier", "threshold divisor", "price unit"),
    "uncontrolled_flow": ("flow unit", "flow multiplier", "flow divisor"),
    "conversion_factor": ("conversion digits",),
    "calorific_value": ("calorific digits", "calorific unit"),
}
"""What the numbers of each form need; without one of them that was refused they have no scale."""

_NO_UNIT = 0xFF
"""What the ZigBee Cluster Library has for an enumeration without a value."""

_TIME_BASES = ("minute", "day", "week", "month")
_ENDLESS = 0xFFFFFF
_PACKED_DIGITS = "price trailing digit and price tier"


@dataclass(slots=True)
class Scales:
    """The scales of one payload, by what they are of; `refused` are those asked for in vain."""

    known: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def beside(self, command: str, fields: Iterable[gbz.Field]) -> "Scales":
        """Return these scales, under those in the fields of one command."""
        own = Scales(dict(self.known), set(self.refused))
        own.note_fields(command, fields)
        return own

    def note_attribute(self, cluster: int, number: int, value: object) -> None:
        """Keep what an attribute record says of a scale, or that it has no value."""
        name = _ATTRIBUTES.get((cluster, number))
        if name and isinstance(value, int) and not (name.endswith("unit") and value == _NO_UNIT):
            self.known[name] = value
        elif name:
            self.refused.add(name)

    def note_missing(self, asks: Collection[str]) -> None:
        """Count as refused each scale of those asked for, as `0702/0301`, that no answer has."""
        for (cluster, number), name in _ATTRIBUTES.items():
            if f"{cluster:04X}/{number:04X}" in asks and name not in self.known:
                self.refused.add(name)

    def note_fields(self, command: str, fields: Iterable[gbz.Field]) -> None:
        """Keep what the fields of a command say of a scale."""
        names = _FIELDS.get(command, {})
        for each in fields:
            if each.name in names and isinstance(each.value, int):
                self.known[names[each.name]] = each.value
            elif each.name == _PACKED_DIGITS and isinstance(each.value, int):
                self.known["price digits"] = each.value & 0xF0

    def words(self, number: int, form: str) -> Part | None:
        """Return the number with its scale and unit; None for a form that has no scale."""
        if not self.refused.isdisjoint(_SCALED_BY.get(form, ())):
            return amount(f"{whole(number)} unscaled", number)
        match form:
            case "money" | "price" | "standing_charge" | "cut_off":
                return self._price(number, form)
            case "consumption":
                return self._consumption(number)
            case "block_threshold":
                return self._threshold(number)
            case "uncontrolled_flow":
                return self._flow(number)
            case "duration":
                return amount(self._duration(number), number)
            case "conversion_factor":
                return amount(self._digits(number, "conversion digits"), number)
            case "calorific_value":
                unit = enumeration("calorific_unit", self.known.get("calorific unit", -1))
                figures = self._digits(number, "calorific digits")
                return amount(f"{figures} {unit}" if unit else figures, number)
        return None

    def _price(self, number: int, form: str) -> Part:
        if form == "cut_off" and number == NOT_CHANGED:
            return "not changed"
        unit = self._unit("price unit", _KWH)
        per = {"price": f" a {unit}", "standing_charge": " a day"}.get(form, "")
        return spans.money(f"{self._money(number)}{per}", number)

    def _money(self, number: int) -> str:
        digits = self.known.get("price digits")
        places = _DEFAULT_DECIMALS if digits is None else digits >> 4
        currency = self.known.get("currency", 826)
        return money(number, places, _CURRENCIES.get(currency, f"of currency {currency}"))

    def _digits(self, number: int, name: str) -> str:
        """Write as many decimals as the upper half of a trailing digit says."""
        digits = self.known.get(name)
        return whole(number) if digits is None else decimal(number, digits >> 4)

    def _unit(self, name: str, default: str = "") -> str:
        number = self.known.get(name)
        if number is None:
            return default
        return enumeration("zcl_unit", number & ~_BCD) or f"unit {number}"

    def _figures(self, number: int, unit: str) -> int | None:
        """Return what a register holds; None where it is to be in BCD, and is not."""
        if not self.known.get(unit, 0) & _BCD:
            return number
        digits = f"{number:x}"
        return int(digits) if digits.isdecimal() else None

    def _consumption(self, number: int) -> Part:
        """Scale to thousandths of m3 (RTDS 4.5.0) for a GSME whose message says nothing."""
        unit = self._unit("unit", _CUBIC_METRES)
        multiplier = self.known.get("multiplier", 1)
        held = self._figures(number, "unit")
        if held is None:
            return f"out of range: {number:X} is no BCD"
        figures = ratio(held, multiplier, self.known.get("divisor", _LITRES))
        return amount(f"{figures} {unit}", number)

    def _threshold(self, number: int) -> Part:
        """Scale gas blocks, counted in Wh; with multiplier and divisor, in thousandths of kWh."""
        multiplier = self.known.get("threshold multiplier", 1)
        divisor = self.known.get("threshold divisor", _WH_IN_KWH)
        if number == _NO_THRESHOLD:
            return amount("no limit", number)
        if self._unit("price unit", _KWH) != _KWH:
            return amount(
                f"{ratio(number, multiplier, divisor)} {self._unit('price unit')}", number
            )
        scaled = number * _WH_IN_KWH * multiplier
        if divisor and not scaled % divisor:
            return amount(whole_with_unit(scaled // divisor, "Wh"), number)
        return amount(f"{ratio(number * _WH_IN_KWH, multiplier, divisor)} Wh", number)

    def _duration(self, number: int) -> str:
        """Write minutes, days, weeks or months, as the lower half of the duration type says."""
        if number == _ENDLESS:
            return "until changed"
        base = self.known.get("time base", 0) & 0x0F
        unit = _TIME_BASES[base] if base < len(_TIME_BASES) else f"of time base {base}"
        return f"{whole(number)} {unit}{'s' if number != 1 and base < len(_TIME_BASES) else ''}"

    def _flow(self, number: int) -> Part:
        """Write it per hour: the threshold is a rate of flow."""
        unit = self._unit("flow unit")
        if "flow divisor" not in self.known:
            return amount(whole(number), number)
        multiplier = self.known.get("flow multiplier", 1)
        held = self._figures(number, "flow unit")
        if held is None:
            return f"out of range: {number:X} is no BCD"
        figures = ratio(held, multiplier, self.known["flow divisor"])
        return amount(f"{figures} {unit}/h" if unit else figures, number)
