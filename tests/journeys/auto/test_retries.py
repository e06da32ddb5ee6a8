"""Which failures of a visit without a person are worth a second try, and which a new connection."""

from types import SimpleNamespace
from typing import Any, cast

from hht.clock import ManualClock
from hht.journeys.auto.retries import Retries
from hht.journeys.visit import Visit
from hht.radio.errors import DongleRefused, NotDelivered

FAILED = NotDelivered("/dev/ttyUSB0", "DELIVERY_FAILED")


def retries(view: Any) -> Retries:
    visit = SimpleNamespace(view=view, clock=ManualClock())
    return Retries(cast(Visit, visit), 60.0, None, 2, lambda: False)


def test_what_is_never_acknowledged_is_a_hub_that_went_away() -> None:
    counts = SimpleNamespace(delivered=0)
    made = retries(SimpleNamespace(counts=counts))
    assert [made.needs_reconnect(FAILED) for _ in range(6)] == [False, False, True] * 2


def test_a_loss_now_and_then_is_none() -> None:
    counts = SimpleNamespace(delivered=0)
    made = retries(SimpleNamespace(counts=counts))
    for _ in range(10):
        counts.delivered += 1
        assert not made.needs_reconnect(FAILED)
        assert not made.needs_reconnect(FAILED)


def test_a_dongle_that_refuses_is_opened_again_at_once() -> None:
    made = retries(SimpleNamespace(counts=SimpleNamespace(delivered=0)))
    assert made.needs_reconnect(DongleRefused("/dev/ttyUSB0", "sendUnicast", "BUSY"))
