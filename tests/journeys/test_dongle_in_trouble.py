"""A whole visit with one thing wrong with the dongle: it completes, or soon ends with why."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sampling import LONG
from visit_stage import Scene, scene

from hht.duis.job_pack import JobPack
from hht.journeys.auto.play import play
from hht.journeys.events import Failed
from hht.radio import ports
from hht.radio.ports import Port
from hht.simulator.ncp.server import NcpServer, serve_pty

PASSED_OVER = (
    *("filters-deaf", "mfglib-refused", "no-mac-filters", "fixed-tables"),
    *("raw-refused", "raw-refused-once", "raw-never-complete", "raw-complete-odd"),
    *("unicast-full-at-times", "poll-refused", "scan-busy-once", "network-lost"),
    *("assert-in-visit", "callbacks-short", "callbacks-long", "callbacks-unknown"),
    *("answers-longer", "board-name-unanswered", "no-op-unanswered", "custom-frame-unanswered"),
    *("reset-twice", "reset-flood", "reset-stale-frames", "overflow"),
)
DELIVERED = 2  # Local Commands after which a visit that is past its trouble is broken off
CURED = (
    "naks-once",
    "silence-until-reopened",
    "unicast-full-until-reset",
    "link-key-refused-until-reset",
    "security-refused-until-reset",
)
REFUSED_FOR_GOOD = {
    "unicast-full": "sendUnicast",
    "link-key-refused": "importLinkKey",
    "security-refused": "setInitialSecurityState",
    "no-endpoint": "addEndpoint",
}


def shorter(pack: JobPack) -> JobPack:
    """Leave seven of a job's seventeen Local Commands, for meters and hub; `.ci/long` has all."""
    return pack if LONG else replace(pack, commands=pack.commands[:5] + pack.commands[13:15])


@pytest.mark.whole_program
@pytest.mark.one_in(2)
@pytest.mark.parametrize("fault", PASSED_OVER)
async def test_what_can_be_passed_over_stops_no_visit(tmp_path: Path, fault: str) -> None:
    async with scene(tmp_path, shorter) as on:
        on.ncp.switch_on([fault])
        summary = await play(on.arrive())
    assert summary.outcome == "complete", [
        event for event in on.published if isinstance(event, Failed)
    ]


@pytest.mark.whole_program
@pytest.mark.one_in(2)
@pytest.mark.parametrize("fault", CURED)
async def test_what_a_second_try_or_a_reset_cures_stops_no_visit(
    tmp_path: Path, fault: str
) -> None:
    async with scene(tmp_path) as on:
        on.ncp.switch_on([fault])
        summary = await play(on.arrive(), stop_after=DELIVERED)
        tries = Counter(event.what for event in on.of(Failed))
    assert (summary.answered, summary.unknown) == (DELIVERED, 0), tries
    assert max(tries.values(), default=0) <= 1


async def test_a_dongle_that_rejects_everything_ends_the_visit_after_a_few_tries(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        on.ncp.switch_on(["naks"])
        summary = await play(on.arrive())
        failures = on.of(Failed)
    assert summary.outcome == "failed"
    assert len(failures) == 5
    assert "rejects everything" in failures[-1].what
    assert failures[-1].remedy


@pytest.mark.whole_program
@pytest.mark.parametrize("fault", REFUSED_FOR_GOOD)
async def test_a_step_refused_for_good_ends_with_its_reason(tmp_path: Path, fault: str) -> None:
    async with scene(tmp_path) as on:
        on.ncp.switch_on([fault])
        summary = await play(on.arrive())
        failures = on.of(Failed)
    assert summary.outcome == "failed"
    assert len(failures) == 3
    assert f"The dongle refused {REFUSED_FOR_GOOD[fault]}" in failures[-1].what
    assert failures[-1].remedy


async def test_a_dongle_that_is_put_back_in_another_port_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugged_in: list[Port] = []
    monkeypatch.setattr(ports, "list_ports", lambda: plugged_in)

    async def plug_in(on: Scene) -> NcpServer:
        ncp = await serve_pty(on.handheld)
        plugged_in[:] = [Port(ncp.address, 0x10C4, 0xEA60, serial_number="0001")]
        return ncp

    async with scene(tmp_path) as on:
        await on.ncp.close()
        on.ncp = await plug_in(on)
        visit = await on.connect()
        await visit.deliver_next()
        other = await plug_in(on)  # before it is unplugged: so it has another name
        await on.ncp.close()
        on.ncp = other
        await on.until(lambda: not visit.connected)
        await visit.connect(on.site.spec.hub.gpf)
        await visit.deliver_next()
        assert visit.view.counts.answered == 2
