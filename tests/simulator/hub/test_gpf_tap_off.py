"""Tap-off messages: the GPF executes what the GSME was sent for both, or raises 0x819E."""

from pathlib import Path

import pytest
from device_bench import NOW, Bench

from hht.clock import ManualClock
from hht.gbcs.message import Cra, Message
from hht.simulator.devices.core.device import FORMAT_CHECK_FAILED, Refusal
from hht.simulator.head_end.compose import payloads
from hht.simulator.hub.gas.gpf_tap_off import TAPPED_OFF, GpfTapOff

CALENDAR = bytes.fromhex("00000000804a371c0029601c0100002300")
GCS25 = bytes.fromhex(
    f"010902 00 0700 0014 090009{CALENDAR.hex()}"
    "01 0700 0016 090101 00000000804a371c0029601c01000002230001"
)
PATIENCE = 60.0
BILLING_PERIOD = (0x0700, 0x09)


class Tapped:
    """A bench whose messages to and from the GSME pass a tap-off."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench.make(folder)
        self.bench.put_all_in_the_han()
        self.gpf = self.bench.fleet.gpf
        self.clock = ManualClock(NOW)
        self.alerts: list[Message] = []
        self.tap = GpfTapOff(self.gpf, self.clock, PATIENCE, self._emit)

    def _emit(self, raw: bytes) -> None:
        self.alerts.append(Message.parse(raw))

    def join(self) -> None:
        for name in ("cs03b-gsme-gpf", "cs03b-gpf-gsme"):
            self.bench.give(name)

    def command(self) -> bytes:
        return self.bench.command("GSME", payloads.GCS25, GCS25, critical=True)

    def deliver(self, raw: bytes, *, answered: bool = True) -> None:
        self.tap.passes(raw)
        for answer in self.bench.give_raw(raw):
            if answered:
                self.tap.heard(answer)

    async def wait(self) -> None:
        """Let the GPF's patience end."""
        await self.clock.run(PATIENCE + 1)


@pytest.fixture
async def tapped(tmp_path: Path) -> Tapped:
    return Tapped(tmp_path / "run")


def test_the_tap_off_messages_are_those_of_gbcs() -> None:
    assert sorted(f"{code:04X}" for code in TAPPED_OFF) == [
        "0015", "006B", "006F", "0071", "007C", "007E", "0088", "00A3",
    ]  # fmt: skip


async def test_a_gpf_mirrors_what_its_gsme_was_sent(tapped: Tapped) -> None:
    tapped.join()
    tapped.deliver(tapped.command())
    assert tapped.gpf.objects.kept[BILLING_PERIOD] == CALENDAR
    await tapped.wait()
    assert tapped.alerts == []


async def test_a_gpf_taps_no_gsme_that_it_is_not_joined_with(tapped: Tapped) -> None:
    tapped.deliver(tapped.command())
    assert BILLING_PERIOD not in tapped.gpf.objects.kept
    await tapped.wait()
    assert tapped.alerts == []


async def test_nothing_else_is_tapped_off(tapped: Tapped) -> None:
    tapped.join()
    tapped.deliver(tapped.bench.commands["gcs28-gsme"], answered=False)
    await tapped.wait()
    assert tapped.alerts == []


async def test_without_the_response_of_the_gsme_nothing_is_executed_and_the_gpf_says_so(
    tapped: Tapped,
) -> None:
    tapped.join()
    tapped.deliver(tapped.command(), answered=False)
    await tapped.wait()
    assert BILLING_PERIOD not in tapped.gpf.objects.kept
    check_alert(tapped)


async def test_a_command_that_the_gsme_never_fetched_fails_for_the_gpf_too(tapped: Tapped) -> None:
    tapped.join()
    tapped.tap.lapsed(tapped.command())
    check_alert(tapped)


async def test_a_gpf_that_cannot_execute_it_says_so(
    tapped: Tapped, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(command: Message, now: object) -> None:
        raise Refusal(FORMAT_CHECK_FAILED, "not of its form")

    tapped.join()
    monkeypatch.setitem(tapped.gpf.handlers, "zcl", refuse)
    tapped.deliver(tapped.command())
    check_alert(tapped)


def check_alert(tapped: Tapped) -> None:
    (alert,) = tapped.alerts
    assert (alert.cra, alert.originator) == (Cra.ALERT, tapped.gpf.entity_id)
    assert alert.payload.hex().startswith("010900819e")
    assert tapped.gpf.events[-1].code == 0x819E
