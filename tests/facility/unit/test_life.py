"""A unit with a package that must not be used says why on its display, and uses no radio."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from facility_samples import eui
from hub_stage import copy_of
from package_samples import NOW, content, keys, package

from hht.clock import ManualClock
from hht.facility.package.keys import FacilityKey, point_of
from hht.facility.package.refusals import WORDS, Refusal
from hht.facility.unit.display import Display, DisplayFile, Stage, read_display
from hht.facility.unit.life import Life, again_after
from hht.facility.unit.memory import UnitMemory
from hht.facility.unit.why import NEW_PACKAGE
from hht.hub_profile import load_profile
from hht.simulator.site.preparation import identity_row
from hht.simulator.site.record import Site
from hht.store import CommandEvent
from hht.store.databases import open_store

LAST_DAY = int((NOW - timedelta(days=1)).timestamp())


def secret(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_numbers().private_value.to_bytes(32, "big")


def memory(**changes: object) -> UnitMemory:
    fields: dict[str, object] = {
        "eui": str(eui(1)),
        "agreement_key": secret(keys().unit),
        "signing_key": secret(keys().unit),
        "signing_certificate": b"certificate",
        "facilities": [point_of(keys().facility.public)],
        "active": package(),
    }
    return UnitMemory(**(fields | changes))  # type: ignore[arg-type]


async def shown_by(folder: Path, unit: UnitMemory) -> Display:
    """Let the unit live, and fail where it reaches for its radio."""

    def no_radio(entity: str) -> str:
        raise AssertionError(f"it used its radio as {entity}")

    display = DisplayFile(folder, unit.eui, lambda shown: None)
    clock = ManualClock(NOW)
    await Life(folder, unit, display, no_radio, load_profile("stand-in"), clock).run()
    shown = read_display(folder)
    assert shown is not None
    return shown


@pytest.mark.parametrize(
    ("refusal", "changes"),
    [
        (Refusal.OTHER_UNIT, {"active": package(2)}),
        (Refusal.UNKNOWN_FACILITY, {"facilities": [point_of(FacilityKey.generate().public)]}),
        (Refusal.EXPIRED, {"active": package(not_after=LAST_DAY)}),
        (Refusal.TORN, {"active": package()[:-1]}),
        (Refusal.TORN, {"active": b"", "inactive": package()[:500]}),
        (Refusal.ALTERED, {"active": package()[:-1] + b"\x00"}),
        (Refusal.BAD_SIGNATURE, {"active": package()[:30] + b"\x7f" + package()[31:]}),
        (Refusal.NOT_A_PACKAGE, {"active": b"something else"}),
        (Refusal.OTHER_KEY, {"agreement_key": bytes(31) + b"\x05"}),
        (Refusal.REPLAYED, {"newest": 1 << 60, "newest_digest": bytes(32)}),
    ],
)
async def test_a_package_that_must_not_be_used_is_refused_with_its_reason(
    tmp_path: Path, refusal: Refusal, changes: dict[str, object]
) -> None:
    shown = await shown_by(tmp_path, memory(**changes))
    assert (shown.stage, shown.reason) == (Stage.REFUSED, WORDS[refusal][0])
    assert shown.is_over


async def test_a_unit_without_a_package_asks_for_one(tmp_path: Path) -> None:
    shown = await shown_by(tmp_path, memory(active=b""))
    assert (shown.stage, shown.reason) == (Stage.EMPTY, "")


async def test_a_unit_without_credentials_of_its_own_says_so(tmp_path: Path) -> None:
    shown = await shown_by(tmp_path, memory())
    assert shown.stage is Stage.STOPPED
    assert "identity" in shown.reason


def ccs01_had(folder: Path, *events: CommandEvent) -> None:
    """Give the unit's store a CCS01 that has come as far as this."""
    with open_store(folder, content().mode) as store:
        first, *_ = store.commands.of_job(store.jobs.add(content().job_pack()).id)
        for event in events:
            store.commands.move(first.id, event, "no room in the log")


async def test_a_refused_command_without_which_nothing_can_be_sent_is_the_end_with_its_reason(
    tmp_path: Path, site: Site
) -> None:
    site = copy_of(site, tmp_path / "site")
    ccs01_had(tmp_path, CommandEvent.SEND, CommandEvent.DELIVERED, CommandEvent.NEGATIVE)
    device = site.device("PPMID")
    who = identity_row(site, device.entity_id, device.install_code)
    shown = await shown_by(tmp_path, memory(zigbee=who, hht=who))
    assert (shown.stage, shown.remedy) == (Stage.STOPPED, NEW_PACKAGE)
    assert shown.reason == "1-add.xml: no room in the log"


def test_what_fails_again_is_tried_for_half_a_minute_before_the_unit_stops() -> None:
    assert [again_after(failures) for failures in range(5)] == [2, 2, 4, 8, 16]


def test_a_display_has_room_for_every_line() -> None:
    from hht.facility.unit.display import LINES

    assert set(LINES) == set(Stage)
    assert max(map(len, LINES.values())) <= 40
