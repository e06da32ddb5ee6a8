"""The simulated air: carries 802.15.4 frames between stations, well or badly, on 11 to 26."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hht.clock import ScaledClock
from hht.entity_id import EntityId

MAC_RETRIES = 3  # macMaxFrameRetries
NOISE_FLOOR = -97  # dBm
_CLEAR_MARGIN = 6  # dB above the noise from which no frame is lost to it; at 0 dB all are
_ACK_REQUEST = 0x20


class Station(Protocol):
    """A radio on the air."""

    eui64: EntityId
    channel: int
    powered: bool

    def hear(self, frame: bytes, lqi: int, rssi: int) -> None:
        """Receive a frame (without FCS)."""

    def acknowledges(self, frame: bytes) -> bool:
        """Return whether this station's MAC acknowledges that frame."""


@dataclass(frozen=True, slots=True)
class Link:
    """How two stations hear each other: LQI 0 to 255, RSSI in dBm, loss 0 to 1 per frame."""

    lqi: int = 255
    rssi: int = -45
    loss: float = 0.0


@dataclass(frozen=True, slots=True)
class Transmission:
    """One frame on the air, as a tap sees it; `at` is virtual seconds since 1970."""

    frame: bytes
    channel: int
    at: float
    sender: EntityId


class Air:
    """A medium for stations on one asyncio loop; the same `seed` draws the same luck.

    `latency` and `jitter` are virtual seconds per frame; `duplicates` and `late` are shares
    of frames that come twice, or `late_by` seconds after their time. `interference` is the
    level in dBm of something else on a channel: what a link's RSSI does not clear is lost.
    `frames` counts all that was sent.
    """

    def __init__(self, seed: int | None = None, clock: ScaledClock | None = None) -> None:
        self.clock = clock or ScaledClock()
        self.random = random.Random(seed)
        self.latency = 0.0
        self.jitter = 0.0
        self.duplicates = 0.0
        self.late = 0.0
        self.late_by = 0.3
        self.interference: dict[int, int] = {}
        self.frames = 0
        self.stations: list[Station] = []
        self._in_flight: Counter[int] = Counter()
        self._last_sent: dict[tuple[int, EntityId], float] = {}
        self._links: dict[frozenset[EntityId], Link] = {}
        self._taps: list[Callable[[Transmission], None]] = []
        self._key_taps: list[Callable[[str, bytes], None]] = []

    @property
    def slowest(self) -> float:
        """Return the virtual seconds within which a frame that is not late has come."""
        return self.latency + self.jitter

    def is_carrying(self, channel: int) -> bool:
        """Return whether a frame on this channel has not yet come to a station."""
        return self._in_flight[channel] > 0

    def attach(self, station: Station) -> None:
        self.stations.append(station)

    def tap(self, listener: Callable[[Transmission], None]) -> None:
        """Show every frame sent on any channel, heard or lost, to `listener`."""
        self._taps.append(listener)

    def tap_keys(self, listener: Callable[[str, bytes], None]) -> None:
        """Show every key taken into use (what it is for, 16 bytes) to `listener`."""
        self._key_taps.append(listener)

    def show_key(self, name: str, key: bytes) -> None:
        """Show the taps a key that frames will be secured with."""
        for listener in self._key_taps:
            listener(name, key)

    def set_link(self, one: EntityId, other: EntityId, link: Link) -> None:
        """Set how these two hear each other, from now on, both ways."""
        self._links[frozenset((one, other))] = link

    def link(self, one: EntityId, other: EntityId) -> Link:
        return self._links.get(frozenset((one, other)), Link())

    def energy(self, channel: int, listener: Station, since: float) -> int:
        """Return the highest level, in dBm, of an energy scan that has stayed there `since` then.

        A network is heard while it sends: one that is silent for as long as the scan stays is not.
        """
        levels = [NOISE_FLOOR + self.random.randint(0, 5)]
        if channel in self.interference:
            levels.append(self.interference[channel])
        for (where, sender), at in self._last_sent.items():
            if where == channel and at >= since and sender != listener.eui64:
                levels.append(self.link(sender, listener.eui64).rssi)
        return max(levels)

    def transmit(self, frame: bytes, channel: int, sender: Station) -> bool:
        """Send a frame (without FCS); with the MAC's retries when it asks for an acknowledgement.

        False when it asked and none came. Hearing happens later, from the loop.
        """
        if not frame[0] & _ACK_REQUEST:
            self._carry(frame, channel, sender)
            return True
        return any(self._carry(frame, channel, sender) for _ in range(1 + MAC_RETRIES))

    def _carry(self, frame: bytes, channel: int, sender: Station) -> bool:
        """Transmit once; return whether it was acknowledged."""
        self._show(frame, channel, sender)
        acknowledged = False
        for station in self._others(channel, sender):
            link = self.link(sender.eui64, station.eui64)
            if self._lost(link, channel):
                continue
            self._schedule(station, frame, channel, link)
            if frame[0] & _ACK_REQUEST and station.acknowledges(frame):
                self._show(b"\x02\x00" + frame[2:3], channel, station)
                acknowledged = acknowledged or not self._lost(link, channel)
        return acknowledged

    def _others(self, channel: int, sender: Station) -> list[Station]:
        return [
            station
            for station in self.stations
            if station is not sender and station.powered and station.channel == channel
        ]

    def _lost(self, link: Link, channel: int) -> bool:
        noise = max(NOISE_FLOOR, self.interference.get(channel, NOISE_FLOOR))
        clear = min(max((link.rssi - noise) / _CLEAR_MARGIN, 0.0), 1.0)
        survives = (1 - link.loss) * clear
        return survives < 1 and self.random.random() >= survives

    def _schedule(self, station: Station, frame: bytes, channel: int, link: Link) -> None:
        delay = self.latency + (self.random.uniform(0, self.jitter) if self.jitter else 0.0)
        if self.late and self.random.random() < self.late:
            delay += self.late_by
        self._deliver(station, frame, channel, link, delay)
        if self.duplicates and self.random.random() < self.duplicates:
            self._deliver(station, frame, channel, link, delay)

    def _deliver(
        self, station: Station, frame: bytes, channel: int, link: Link, delay: float
    ) -> None:
        """Have the station hear the frame after `delay`, if it is still on that channel then."""

        def arrive() -> None:
            self._in_flight[channel] -= 1
            if station.channel == channel:
                station.hear(frame, link.lqi, link.rssi)

        self._in_flight[channel] += 1
        if delay:
            self.clock.call_later(delay, arrive)
        else:
            asyncio.get_running_loop().call_soon(arrive)

    def _show(self, frame: bytes, channel: int, sender: Station) -> None:
        self.frames += 1
        self._last_sent[channel, sender.eui64] = self.clock.elapsed()
        transmission = Transmission(frame, channel, self.clock.time(), sender.eui64)
        for listener in self._taps:
            listener(transmission)
