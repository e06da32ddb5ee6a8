"""Is the dongle fit for the job? Opens it, asks what it is, listens, and says so in one line."""

from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.radio.dongle import PATIENCE, Dongle
from hht.radio.errors import DongleError

_SCAN_SECONDS = 15.0
_SCAN_DURATION = 2  # 77 ms a channel


@dataclass(frozen=True, slots=True)
class DongleCheck:
    """What was found; `line` says it to a person, with what to do when not `ok`."""

    url: str
    ok: bool
    line: str
    eui64: EntityId | None = None
    ezsp_version: int | None = None
    board_name: str = ""
    networks: int = 0


async def check_dongle(
    url: str,
    *,
    hht: EntityId | None = None,
    reception: str = "either",
    patience: float = PATIENCE,
) -> DongleCheck:
    """Check a dongle from end to end but for joining; never raises DongleError.

    `hht` is the Entity Identifier in the handheld's certificate: a hub takes it from no
    other EUI-64.
    """
    try:
        dongle = await Dongle.open(url, reception=reception, patience=patience)
    except DongleError as error:
        return DongleCheck(url, False, str(error))
    try:
        return await _examine(url, dongle, hht)
    except DongleError as error:
        return _found(url, dongle, str(error))
    finally:
        await dongle.close()


async def _examine(url: str, dongle: Dongle, hht: EntityId | None) -> DongleCheck:
    if hht is not None and hht != dongle.eui64:
        wrong = (
            f"{url}: The dongle's EUI-64 {dongle.eui64} is not the Entity Identifier {hht} "
            "of this handheld's certificate. Use the dongle that belongs to it."
        )
        return _found(url, dongle, wrong)
    beacons = await dongle.active_scan(duration=_SCAN_DURATION, timeout=_SCAN_SECONDS)
    networks = len({beacon.extended_pan_id for beacon in beacons})
    await _try_interpan(dongle)
    board = f", board {dongle.board_name}" if dongle.board_name else ""
    heard = "1 network" if networks == 1 else f"{networks or 'no'} networks"
    line = (
        f"{url}: EZSP {dongle.ezsp_version}{board}, EUI-64 {dongle.eui64}, "
        f"{heard} heard on channels 11 to 26, inter-PAN set up"
    )
    return _found(url, dongle, line, networks)


async def _try_interpan(dongle: Dongle) -> None:
    """Set inter-PAN reception up and down: firmware that cannot do it says so here."""
    await dongle.open_interpan(11, 0xFFFF)
    await dongle.close_interpan()


def _found(url: str, dongle: Dongle, line: str, networks: int | None = None) -> DongleCheck:
    return DongleCheck(
        url,
        networks is not None,
        line,
        dongle.eui64,
        dongle.ezsp_version,
        dongle.board_name,
        networks or 0,
    )
