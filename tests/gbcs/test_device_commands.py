"""What CCS01, CCS02, CS03 and CS04 say of Devices."""

import pytest

from hht.entity_id import EntityId
from hht.gbcs.device_commands import (
    AddDevice,
    JoinDevice,
    RemoveDevice,
    UnjoinDevice,
    device_command,
)

pytestmark = pytest.mark.shared

ESME, GSME, PPMID = (EntityId.parse(f"00-DB-12-34-56-78-90-A{n}") for n in (0, 1, 4))


@pytest.mark.parametrize(
    ("name", "kind", "device"),
    [
        ("CCS01_8.11_SUCCESS_COMMAND", AddDevice, ESME),
        ("CCS02_8.11_SUCCESS_COMMAND", RemoveDevice, ESME),
        ("CS03A1_8.7.1_SUCCESS_COMMAND", JoinDevice, ESME),
        ("CS03CCritical_8.7.1_SUCCESS_COMMAND", JoinDevice, GSME),
        ("CS03CNonCritical_8.7.2_SUCCESS_COMMAND", JoinDevice, PPMID),
        ("CS04B_8.8.2_ERROR_COMMAND", UnjoinDevice, GSME),
    ],
)
def test_the_device_is_named(reference_messages, name, kind, device) -> None:
    command = device_command(reference_messages[name])
    assert isinstance(command, kind)
    assert command.device == device


def test_ccs01_names_the_key_and_the_type(reference_messages) -> None:
    command = device_command(reference_messages["CCS01_8.11_SUCCESS_COMMAND"])
    assert isinstance(command, AddDevice)
    assert (len(command.install_code), command.device_type) == (16, 0)
    assert command.install_code.hex() not in repr(command)


def test_a_join_by_method_c_carries_the_other_devices_certificate(reference_messages) -> None:
    command = device_command(reference_messages["CS03CCritical_8.7.1_SUCCESS_COMMAND"])
    assert isinstance(command, JoinDevice)
    assert command.certificate[:1] == b"\x30"
    assert (command.other, command.other_type) == (EntityId.parse("00DB123456789098"), 5)


def test_any_other_command_names_none(reference_messages) -> None:
    assert device_command(reference_messages["ECS70_6.11_SUCCESS_COMMAND"]) is None
