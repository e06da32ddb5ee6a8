"""A whole visit with one thing wrong with the dongle: it completes, or soon ends with why."""

from pathlib import Path

import pytest
from visit_stage import scene

from hht.journeys.auto import play
from hht.journeys.events import Failed

PASSED_OVER = (
    *("filters-deaf", "mfglib-refused", "no-mac-filters", "fixed-tables"),
    *("raw-refused", "raw-refused-once", "raw-never-complete", "raw-complete-odd"),
    *("unicast-full-at-times", "poll-refused", "scan-busy-once", "network-lost"),
    *("assert-in-visit", "callbacks-short", "callbacks-long", "callbacks-unknown"),
    *("answers-longer", "board-name-unanswered", "no-op-unanswered", "custom-frame-unanswered"),
    *("reset-twice", "reset-flood", "reset-stale-frames", "overflow"),
)
REFUSED_FOR_GOOD = {
    "unicast-full": "sendUnicast",
    "link-key-refused": "importLinkKey",
    "security-refused": "setInitialSecurityState",
    "no-endpoint": "addEndpoint",
}


@pytest.mark.parametrize("fault", PASSED_OVER)
@pytest.mark.slow
async def test_what_can_be_passed_over_stops_no_visit(tmp_path: Path, fault: str) -> None:
    async with scene(tmp_path) as on:
        on.ncp.switch_on([fault])
        summary = await play(on.arrive())
    assert summary.outcome == "complete", [event for event in on.told if isinstance(event, Failed)]


@pytest.mark.parametrize("fault", REFUSED_FOR_GOOD)
async def test_a_step_refused_for_good_ends_with_its_reason(tmp_path: Path, fault: str) -> None:
    async with scene(tmp_path) as on:
        on.ncp.switch_on([fault])
        summary = await play(on.arrive())
        failures = on.of(Failed)
    assert summary.outcome == "failed"
    assert len(failures) == 3
    assert f"The dongle refused {REFUSED_FOR_GOOD[fault]} (" in failures[-1].what
    assert failures[-1].remedy
