"""Which serial ports look like a dongle."""

from hht.radio.ports import Port, list_ports, the_dongle


def test_ports_of_known_vendors_are_likely_dongles() -> None:
    dongle = Port("/dev/serial/by-id/a", 0x10C4, 0xEA60, "Nabu Casa", "SkyConnect v1.0")
    printer = Port("/dev/ttyUSB1", 0x067B, 0x2303)
    builtin = Port("/dev/ttyS0")
    assert [port.likely for port in (dongle, printer, builtin)] == [True, False, False]
    assert str(dongle) == "/dev/serial/by-id/a  Nabu Casa SkyConnect v1.0 [10c4:ea60]"
    assert str(builtin) == "/dev/ttyS0  serial port"
    assert the_dongle([builtin, dongle, printer]) is dongle
    assert the_dongle([dongle, dongle]) is None
    assert the_dongle([builtin]) is None


def test_the_ports_of_this_machine_can_be_listed() -> None:
    ports = list_ports()
    assert ports == sorted(ports, key=lambda port: (not port.likely, port.path))
