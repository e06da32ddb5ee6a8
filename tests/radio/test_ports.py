"""Which serial ports look like a dongle."""

import pytest

from hht.radio import ports as radio_ports
from hht.radio.ports import Plug, Port, list_ports, the_dongle


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


def stick(path: str, serial_number: str = "0001") -> Port:
    return Port(path, 0x10C4, 0xEA60, serial_number=serial_number)


@pytest.fixture
def ports(monkeypatch: pytest.MonkeyPatch) -> list[Port]:
    """The ports of this machine, to be changed."""
    plugged_in: list[Port] = []
    monkeypatch.setattr(radio_ports, "list_ports", lambda: plugged_in)
    return plugged_in


def test_a_stick_is_followed_to_the_port_that_it_comes_back_in(ports: list[Port]) -> None:
    ports[:] = [stick("/dev/ttyUSB0")]
    plug = Plug("/dev/ttyUSB0?baud=460800")
    plug.note_opened()
    ports.clear()
    assert plug.find() == "/dev/ttyUSB0?baud=460800"
    ports[:] = [stick("/dev/ttyUSB0", "another"), stick("/dev/ttyUSB1")]
    assert plug.find() == "/dev/ttyUSB1?baud=460800"
    plug.name("/dev/ttyUSB0?baud=460800")
    assert plug.find() == "/dev/ttyUSB1?baud=460800"


def test_a_port_that_a_person_names_is_used_whatever_stick_was_there_before(
    ports: list[Port],
) -> None:
    ports[:] = [stick("/dev/ttyUSB0"), stick("/dev/ttyUSB5", "another")]
    plug = Plug("/dev/ttyUSB0")
    plug.note_opened()
    plug.name("/dev/ttyUSB5")
    assert plug.find() == "/dev/ttyUSB5"


@pytest.mark.parametrize("number", ["0001", ""])
def test_sticks_that_cannot_be_distinguished_are_not_followed(
    ports: list[Port], number: str
) -> None:
    ports[:] = [stick("/dev/ttyUSB0", number)]
    plug = Plug("/dev/ttyUSB0")
    plug.note_opened()
    ports[:] = [stick("/dev/ttyUSB1", number), stick("/dev/ttyUSB2", number)]
    assert plug.find() == "/dev/ttyUSB0"


def test_the_address_of_a_server_is_nothing_to_follow(ports: list[Port]) -> None:
    ports[:] = [stick("/dev/ttyUSB0")]
    plug = Plug("socket://127.0.0.1:1")
    plug.note_opened()
    assert plug.find() == "socket://127.0.0.1:1"
