"""The serial ports of this machine, those first that look like an EZSP dongle."""

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
    """A serial port; `path` is what `--radio` takes and stays the same when plugged in again."""

    path: str
    vendor_id: int | None = None
    product_id: int | None = None
    maker: str = ""
    product: str = ""
    serial_number: str = ""

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


def known_ports() -> str:
    """Say which ports look like dongles, for the end of a remedy; "" where none does."""
    paths = [port.path for port in list_ports() if port.likely][:_NAMED]
    return f" (ports here: {', '.join(paths)})" if paths else ""


def radio_option() -> str:
    """Suggest a --radio option: the one port that looks like a dongle, else an example."""
    port = the_dongle(list_ports())
    return f"--radio {port.path}" if port else "--radio /dev/ttyUSB0 (or the port of your dongle)"
