"""A unit with a package that must not be used says why on its display, and uses no radio."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from facility_samples import eui
from package_samples import NOW, keys, package

from hht.clock import ManualClock
from hht.facility.package.keys import FacilityKey, point_of
from hht.facility.package.refusals import WORDS, Refusal
from hht.facility.unit.display import Display, DisplayFile, Stage, read_display
from hht.facility.unit.life import Life, again_after
from hht.facility.unit.memory import UnitMemory
from hht.hub_profile import load_profile

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


def test_what_fails_again_is_tried_for_half_a_minute_before_the_unit_stops() -> None:
    assert [again_after(failures) for failures in range(5)] == [2, 2, 4, 8, 16]


def test_a_display_has_room_for_every_line() -> None:
    from hht.facility.unit.display import LINES

    assert set(LINES) == set(Stage)
    assert max(map(len, LINES.values())) <= 40
