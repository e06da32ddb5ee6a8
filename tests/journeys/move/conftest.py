"""The waits of a change of channel, kept brief: the hub of these tests is in the same loop."""

import pytest

from hht.journeys.move import move_journey
from hht.simulator.hub.membership import new_network


@pytest.fixture(autouse=True)
def _brief_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_network, "REFORM_SECONDS", 0.1)
    monkeypatch.setattr(move_journey, "SETTLING_SECONDS", 0.3)
    monkeypatch.setattr(move_journey, "GLANCE_SECONDS", 0.05)
