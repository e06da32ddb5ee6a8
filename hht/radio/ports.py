"""The serial ports of this machine, those first that look like an EZSP dongle."""

import os
from collections.abc import Iterable
from dataclasses import dataclass

_NAMED = 4  # ports in one line
# USB vendors of EmberZNet dongles, or of the serial chips on them.
VENDORS = {
    0x0403: "FTDI",
    0x10C4: "Silicon Labs",
    0x1366: "SEGGER",
    0x1A86: "WCH",
    0x303A: "Espressif",
}


@dataclass(frozen=True, slots=True)
class Port:
    """A serial port; `path` is for `--radio` and stays the same when plugged in again."""

    path: str
    vendor_id: int | None = None
    product_id: int | None = None
    maker: str = ""
    product: str = ""
    serial_number: str = ""

    @property
    def stick(self) -> str:
        """USB ids and serial number, which go from port to port; "" without a serial number."""
        ids = f"{self.vendor_id or 0:04x}:{self.product_id or 0:04x}"
        return f"{ids}:{self.serial_number}" if self.serial_number else ""

    @property
    def likely(self) -> bool:
        """Is it of a vendor whose chips are on EZSP dongles?"""
        return self.vendor_id in VENDORS

    def __str__(self) -> str:
        """Describe the port in one line, for a person who has to choose."""
        name = " ".join(filter(None, (self.maker, self.product)))
        ids = f" [{self.vendor_id:04x}:{self.product_id or 0:04x}]" if self.vendor_id else ""
        return f"{self.path}  {name or 'serial port'}{ids}"


def list_ports() -> list[Port]:
    """List every serial port, the likely dongles first."""
    import serialx

    ports = [
        Port(
            path=found.device,
            vendor_id=found.vid,
            product_id=found.pid,
            maker=found.manufacturer or VENDORS.get(found.vid or 0, ""),
            product=found.product or "",
            serial_number=found.serial_number or "",
        )
        for found in serialx.list_serial_ports()
    ]
    return sorted(ports, key=lambda port: (not port.likely, port.path))


def the_dongle(ports: Iterable[Port]) -> Port | None:
    """Pick the one port that looks like a dongle; None when there is none or a choice."""
    likely = [port for port in ports if port.likely]
    return likely[0] if len(likely) == 1 else None


def is_unplugged(address: str) -> bool:
    """Return whether an address is the path of a serial port that is not there."""
    path = address.partition("?")[0]
    return path.startswith("/") and not os.path.exists(path)


def stick_name(path: str) -> str:
    """Return a stick's USB ids and serial number, in whatever port; else the path itself."""
    if "://" in path:
        return path
    real = os.path.realpath(path)
    sticks = (port.stick for port in list_ports() if os.path.realpath(port.path) == real)
    return next(sticks, "") or path


class Plug:
    """The address of a stick, which is followed to another port when it is put back there."""

    def __init__(self, address: str) -> None:
        self._named = self.address = address
        self._stick = ""

    def name(self, address: str) -> None:
        """Use this address from now on; one that was named before is still followed."""
        if address != self._named:
            self._named = self.address = address
            self._stick = ""

    def note_opened(self) -> None:
        """Remember which stick is at the address."""
        self._stick = stick_name(self.address.partition("?")[0])

    def find(self) -> str:
        """Return where the stick is now; the last address where it is nowhere else.

        Several sticks may have one serial number: then none is followed.
        """
        path, mark, line = self.address.partition("?")
        if self._stick and stick_name(path) != self._stick:
            ports = [port.path for port in list_ports() if port.stick == self._stick]
            if len(ports) == 1:
                self.address = f"{ports[0]}{mark}{line}"
        return self.address


def known_ports() -> str:
    """Say which ports look like dongles, for the end of a remedy; "" where none does."""
    paths = [port.path for port in list_ports() if port.likely][:_NAMED]
    return f" (ports here: {', '.join(paths)})" if paths else ""


def port_to_name() -> str:
    """Return what to do about an address at which no dongle can be."""
    return f"Name the dongle's port, such as /dev/ttyUSB0{known_ports()}."


def radio_option() -> str:
    """Suggest a --radio option: the one port that looks like a dongle, else an example."""
    port = the_dongle(list_ports())
    return f"--radio {port.path}" if port else "--radio /dev/ttyUSB0 (or the port of your dongle)"
