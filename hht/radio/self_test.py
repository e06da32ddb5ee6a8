"""Is the dongle fit for the job? Opens it, asks what it is, listens, and says so in one line."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.radio.dongle import PATIENCE, Dongle

if TYPE_CHECKING:
    from hht.radio.opening.line_memory import LineMemory

_SCAN_SECONDS = 15.0
_SCAN_DURATION = 2  # 77 ms a channel


@dataclass(frozen=True, slots=True)
class DongleCheck:
    """What was found, and `error` when the dongle is not fit; `line` says either to a person."""

    url: str
    found: str = ""
    error: HhtError | None = None
    eui64: EntityId | None = None
    ezsp_version: int | None = None
    board_name: str = ""
    networks: int = 0

    @property
    def ok(self) -> bool:
        """Whether the dongle is fit."""
        return self.error is None

    @property
    def line(self) -> str:
        """All of it; when not `ok`, what to do as well."""
        return str(self.error) if self.error else f"{self.url}: {self.found}"


async def check_dongle(
    url: str,
    *,
    hht: EntityId | None = None,
    reception: str = "either",
    patience: float = PATIENCE,
    memory: "LineMemory | None" = None,
) -> DongleCheck:
    """Check a dongle from end to end but for joining; never raises HhtError.

    `hht` is the Entity Identifier in the handheld's certificate: a hub takes it from no
    other EUI-64.
    """
    try:
        dongle = await Dongle.open(url, reception=reception, patience=patience, memory=memory)
    except HhtError as error:
        return DongleCheck(url, error=error)
    try:
        return await _examine(url, dongle, hht)
    except HhtError as error:
        return DongleCheck(url, error=error, **_nature(dongle))
    finally:
        await dongle.close()


async def _examine(url: str, dongle: Dongle, hht: EntityId | None) -> DongleCheck:
    if hht is not None and hht != dongle.eui64:
        raise HhtError(
            f"The dongle's EUI-64 {dongle.eui64} is not the Entity Identifier {hht} "
            "of this handheld's certificate",
            where=url,
            remedy="Use the dongle that belongs to it.",
        )
    beacons = await dongle.active_scan(duration=_SCAN_DURATION, timeout=_SCAN_SECONDS)
    networks = len({beacon.extended_pan_id for beacon in beacons})
    await _try_interpan(dongle)
    line = f", {dongle.line}" if dongle.line else ""
    board = f", board {dongle.board_name}" if dongle.board_name else ""
    heard = "1 network" if networks == 1 else f"{networks or 'no'} networks"
    found = (
        f"EZSP {dongle.ezsp_version}{board}{line}, EUI-64 {dongle.eui64}, "
        f"{heard} heard on channels 11 to 26, inter-PAN set up"
    )
    return DongleCheck(url, found, networks=networks, **_nature(dongle))


async def _try_interpan(dongle: Dongle) -> None:
    """Set inter-PAN reception up and down: firmware that cannot do it says so here."""
    await dongle.open_interpan(11, 0xFFFF)
    await dongle.close_interpan()


class _Nature(TypedDict):
    eui64: EntityId
    ezsp_version: int
    board_name: str


def _nature(dongle: Dongle) -> _Nature:
    return _Nature(
        eui64=dongle.eui64, ezsp_version=dongle.ezsp_version, board_name=dongle.board_name
    )
