"""Where no dongle was named, the line says which port to name."""

import pytest

from hht.radio import ports as radio_ports
from hht.radio.ports import Port

BUILT_IN, DONGLE = Port("/dev/ttyS0"), Port("/dev/serial/by-id/dongle", vendor_id=0x10C4)


@pytest.mark.parametrize(
    ("ports", "option"),
    [
        ([DONGLE, BUILT_IN], "--radio /dev/serial/by-id/dongle"),
        ([BUILT_IN], "--radio /dev/ttyUSB0 (or the port of your dongle)"),
        ([DONGLE, DONGLE], "--radio /dev/ttyUSB0 (or the port of your dongle)"),
    ],
)
def test_the_one_likely_port_is_named(
    monkeypatch: pytest.MonkeyPatch, ports: list[Port], option: str
) -> None:
    monkeypatch.setattr(radio_ports, "list_ports", lambda: ports)
    assert radio_ports.radio_option() == option
