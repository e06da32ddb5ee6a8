"""Active and energy scans of a simulated node, and the beacons it hears."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from hht.simulator.stack.ports import Radio
from hht.simulator.stack.types import BeaconHeard
from hht.zse.frames.mac import BROADCAST, BeaconPayload, MacCommand, MacFrame, MacKind

SCAN_DWELL = 0.003
"""Wall seconds that an active scan stays beside what the air takes to bring an answer; a real one
stays as long as asked, which would make a trainee wait for nothing."""

OnBeacon = Callable[[BeaconHeard], None]


class Scanner:
    """The scans of one node. With `dwell` None an active scan too stays on each channel as long as
    asked."""

    def __init__(self, radio: Radio) -> None:
        self._radio = radio
        self.dwell: float | None = SCAN_DWELL
        self._listener: OnBeacon | None = None

    async def active(
        self, channels: Iterable[int], seconds: float, on_beacon: OnBeacon | None
    ) -> list[BeaconHeard]:
        """Ask for beacons on each channel; the node comes back to its own afterwards."""
        heard: list[BeaconHeard] = []

        def take(beacon: BeaconHeard) -> None:
            heard.append(beacon)
            if on_beacon:
                on_beacon(beacon)

        home = self._radio.channel
        try:
            with self.beacons_to(take):
                for channel in channels:
                    self._radio.channel = channel
                    self.request_beacons()
                    await self._stay(seconds)
        finally:
            self._radio.channel = home
        return heard

    async def energy(self, channels: Iterable[int], seconds: float) -> dict[int, int]:
        """Measure the highest level in dBm on each channel; stay there as long as asked.

        What is heard depends on it: a shorter stay would be a quieter one. The node hears nothing
        on its own channel meanwhile.
        """
        radio, levels = self._radio, {}
        home = radio.channel
        try:
            for channel in channels:
                radio.channel, since = channel, radio.clock.elapsed()
                await radio.clock.sleep(seconds)
                levels[channel] = radio.air.energy(channel, radio, since)
        finally:
            radio.channel = home
        return levels

    async def _stay(self, seconds: float) -> None:
        """Stay `seconds`, or with a dwell until what was sent has come, on a slow machine too.

        What a machine that stops for a moment takes longer than asked is not counted.
        """
        clock, air = self._radio.clock, self._radio.air
        enough = seconds if self.dwell is None else self.dwell * clock.speed + 2 * air.slowest
        left = seconds
        while True:
            await clock.sleep(min(enough, left))
            left -= enough
            if left <= 0 or not air.is_carrying(self._radio.channel):
                return

    def request_beacons(self) -> None:
        """Send a beacon request on the node's present channel."""
        payload = bytes([MacCommand.BEACON_REQUEST])
        sequence = self._radio.next_mac_sequence()
        self._radio.send_mac(MacFrame(MacKind.COMMAND, sequence, payload, BROADCAST, BROADCAST))

    @contextmanager
    def beacons_to(self, listener: OnBeacon) -> Iterator[None]:
        """Pass beacons to `listener` inside the with block."""
        before, self._listener = self._listener, listener
        try:
            yield
        finally:
            self._listener = before

    def heard(self, mac: MacFrame, lqi: int, rssi: int) -> None:
        """Handle a beacon frame."""
        payload = BeaconPayload.decode(mac.payload)
        if self._listener is None or not isinstance(mac.source, int) or mac.source_pan is None:
            return
        self._listener(
            BeaconHeard(
                channel=self._radio.channel,
                pan_id=mac.source_pan,
                extended_pan_id=payload.extended_pan_id,
                short_address=mac.source,
                permit_joining=payload.permit_joining,
                stack_profile=payload.stack_profile,
                update_id=payload.update_id,
                lqi=lqi,
                rssi=rssi,
            )
        )
