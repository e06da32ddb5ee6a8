"""Units that come back hand over what they captured: at a bench, or at any port."""

import json
from pathlib import Path

import pytest
from capture_samples import captured
from facility_site import FacilitySite

from hht.facility.unit.memory import SUFFIX, UnitMemory
from hht.store import Mode, Store

pytestmark = pytest.mark.whole_program


def test_a_bench_collects_what_units_have_captured_and_the_items_are_queued(
    tmp_path: Path,
) -> None:
    site = FacilitySite(tmp_path).make(3)
    wanted = [captured(position) for position in (1, 2)]
    paths = sorted(site.units_dir.glob(f"*{SUFFIX}"))
    for path, capture in zip(paths, wanted, strict=False):
        memory = UnitMemory.load(path)
        memory.captures = [capture.encode()]
        memory.save(path)
    load = site.load(2)
    (collected,) = (row for row in load.events if row["event"] == "collected")
    assert collected == {"event": "collected", "captures": 2, "items": 2}
    assert all(not UnitMemory.load(path).captures for path in paths)
    with Store.open(site.data_dir / "training.db", Mode.TRAINING) as store:
        raw = {capture.raw for capture in store.captures.all()}
        states = [row.state.value for row in store.returns.all()]
    assert raw == {capture.gbcs for capture in wanted}
    assert states == ["ready"] * 2
    assert json.loads(site.hht("collect", "--json").stdout)["captures"] == 0
