"""The firmware images of a scenario file."""

import re
from collections.abc import Sequence

from hht.simulator.hub.milestones import MOMENTS
from hht.simulator.site.spec import DeviceSpec, ImageSpec
from hht.training.scenario.reader import Table

WRONG = ("", "hash", "hardware", "image")
_FITTING = ("ESME", "GSME", "HCALCS", "PPMID")
_VERSION = re.compile(r"[0-9A-F]{8}")
_LARGEST = 750_000
"""What CHTS asks a hub to hold of one image; more only makes a class wait."""


def read_images(top: Table, devices: Sequence[DeviceSpec]) -> tuple[ImageSpec, ...]:
    """Read `[[images]]`; InputError with the line of the first mistake."""
    by_label = {each.label: each for each in devices}
    return tuple(_image(table, by_label) for table in top.tables("images"))


def _image(table: Table, devices: dict[str, DeviceSpec]) -> ImageSpec:
    held = table.boolean("held")
    spec = ImageSpec(
        device=table.text("device"),
        version=table.text("version"),
        size=table.integer("bytes", 8000, low=1, high=_LARGEST),
        after="" if held else table.choice("after", MOMENTS),
        seconds=0 if held else table.number("seconds", 0, low=0),
        held=held,
        wrong=table.choice("wrong", WRONG[1:]) if "wrong" in table else "",
    )
    table.finish()
    device = devices.get(spec.device)
    fits = device is not None and (device.type in _FITTING or device.draft_ihd)
    if device is None or not fits:
        raise table.mistake(("device",), f"{spec.device!r} is no Device here that takes firmware")
    if not _VERSION.fullmatch(spec.version):
        raise table.mistake(("version",), "the version is not eight hexadecimal digits in capitals")
    return spec
