"""Active and energy scans over channels 11 to 26, each within its time."""

import asyncio
import contextlib
from collections.abc import Iterable
from typing import Any

import bellows.types as t

from hht.radio.errors import DongleRefused, ScanTimeout
from hht.radio.ezsp import compat
from hht.radio.ezsp.link import EzspLink, Fields, status_name, succeeded
from hht.radio.types import Beacon

POSSIBLE_DBM = range(-127, 21)
"""What a radio can have measured: -128 means nothing, and no aerial gets more than 20 dBm."""


async def active_scan(
    link: EzspLink, channels: Iterable[int], duration: int, timeout: float
) -> list[Beacon]:
    """Collect every beacon heard, in order of arrival; one that cannot be counts as unreadable."""
    found: list[Beacon] = []
    asked = frozenset(channels)

    def note(fields: Fields) -> None:
        beacon = compat.beacon(fields)
        if beacon.channel in asked and beacon.rssi in POSSIBLE_DBM:
            found.append(beacon)
        else:
            link.note_nonsense("networkFoundHandler")

    with link.listening("networkFoundHandler", note):
        await _scan(link, t.EzspNetworkScanType.ACTIVE_SCAN, asked, duration, timeout)
    return found


async def energy_scan(
    link: EzspLink, channels: Iterable[int], duration: int, timeout: float
) -> dict[int, int]:
    """Measure channel -> the highest level heard on it, in dBm; nonsense counts as unreadable."""
    levels: dict[int, int] = {}
    asked = frozenset(channels)

    def note(fields: Fields) -> None:
        channel, level = int(fields["channel"]), int(fields["maxRssiValue"])
        if channel in asked and level in POSSIBLE_DBM:
            levels[channel] = max(level, levels.get(channel, level))
        else:
            link.note_nonsense("energyScanResultHandler")

    with link.listening("energyScanResultHandler", note):
        await _scan(link, t.EzspNetworkScanType.ENERGY_SCAN, asked, duration, timeout)
    return levels


async def _scan(
    link: EzspLink, kind: Any, channels: Iterable[int], duration: int, timeout: float
) -> None:
    """Start a scan and wait for its end: ScanTimeout after `timeout` seconds."""
    ended = asyncio.Event()
    failures: list[Any] = []

    def complete(fields: Fields) -> None:
        """End the scan on success; another status is of one channel, and the scan goes on."""
        if succeeded(fields["status"]):
            ended.set()
        else:
            failures.append(fields["status"])

    with link.listening("scanCompleteHandler", complete):
        await link.order("startScan", kind, _mask(channels), duration)
        try:
            await link.scope.hold(ended.wait(), timeout)
        except (TimeoutError, asyncio.CancelledError) as error:
            await _stop(link)
            if isinstance(error, asyncio.CancelledError):
                raise
            if failures:
                raise DongleRefused(link.url, "the scan", status_name(failures[-1])) from error
            raise ScanTimeout(link.url, timeout) from error


def _mask(channels: Iterable[int]) -> t.Channels:
    return t.Channels(sum(1 << channel for channel in channels))


async def _stop(link: EzspLink) -> None:
    """Stop the scan: the dongle would refuse the next one."""
    with contextlib.suppress(DongleRefused):
        await link.command("stopScan")
