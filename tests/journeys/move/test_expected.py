"""How long a move may last: each Device that sleeps is waited for, of whatever type it is."""

import pytest

from hht.duis.job.device import JobDevice
from hht.entity_id import EntityId
from hht.hub_profile import load_profile
from hht.journeys.move.expected import expected
from hht.journeys.move.states import MoveKind

ESME, GSME, PPMID, HCALCS = (
    JobDevice(kind, EntityId.parse(f"00-DB-00-00-00-30-10-A{n}"), kind)
    for n, kind in enumerate(("ESME", "GSME", "PPMID", "HCALCS"))
)


@pytest.mark.parametrize(
    ("devices", "late", "minutes"),
    [
        ((ESME, PPMID), (), 0.5),
        ((ESME, PPMID), (PPMID,), 30),
        ((ESME, HCALCS), (HCALCS, PPMID), 30),
        ((ESME, GSME, PPMID), (PPMID,), 90),
    ],
    ids=["none", "display", "switch", "gas meter"],
)
def test_a_sub_ghz_scan_waits_three_sleeps_of_the_slowest_that_sleeps_or_seems_to(
    devices: tuple[JobDevice, ...], late: tuple[JobDevice, ...], minutes: float
) -> None:
    asleep = {each.entity_id for each in late}
    wait = expected(MoveKind.SUB_GHZ, devices, load_profile(), asleep)
    assert wait.seconds == 60 * minutes
    assert wait.warns is (minutes > 1)
