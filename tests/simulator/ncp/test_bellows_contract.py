"""bellows keeps each of the private parts that the virtual co-processor's adapter uses."""

import inspect
from typing import Any

import pytest
from bellows.ash import AshProtocol, NcpState
from bellows.ezsp import EZSP

from hht.simulator.ncp.bellows_adapter import AshLine, known_schemas

METHODS = {
    "_cancel_pending_data_frames": ["self", "exc"],
    "_enter_failed_state": ["self", "reset_code"],
    "_change_ack_timeout": ["self", "new_value"],
    "_send_data_frame": ["self", "frame"],
    "_write_frame": ["self", "frame"],
}


@pytest.mark.parametrize("name", METHODS)
def test_a_method_still_takes_what_it_is_given(name: str) -> None:
    parameters = list(inspect.signature(getattr(AshProtocol, name)).parameters)
    assert parameters[: len(METHODS[name])] == METHODS[name]


def test_a_line_still_has_its_numbers_its_state_and_its_wait() -> None:
    owner: Any = None
    line = AshProtocol(owner)
    assert (line._rx_seq, line._tx_seq, line._ncp_state) == (0, 0, NcpState.CONNECTED)
    assert line._t_rx_ack > 0
    assert line._transport is None


def test_reserved_octets_are_escaped_and_the_flag_ends_a_frame() -> None:
    owner: Any = None
    assert AshLine(owner).stuffed(b"\x7e\x11a") == b"\x7d\x5e\x7d\x31a\x7e"


@pytest.mark.parametrize("version", [8, 13, 14, 18])
def test_every_version_still_has_a_table_of_its_frames(version: int) -> None:
    assert known_schemas(version) == EZSP._BY_VERSION[version].COMMANDS
    number, asked, answered = known_schemas(version)["version"]
    assert (number, type(asked), type(answered)) == (0, dict, dict)
