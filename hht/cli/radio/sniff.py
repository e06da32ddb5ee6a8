"""`hht radio sniff`: every frame that a dongle hears on one channel, and a capture of it."""

import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json
from hht.cli.radio.check import named_dongle
from hht.files import there_already
from hht.spans import counted

if TYPE_CHECKING:
    from hht.radio.types import HeardFrame
    from hht.zse.frames.pcap import PcapFile

ChannelOption = Annotated[int, typer.Option(min=11, max=26, help="IEEE 802.15.4 channel.")]
SecondsOption = Annotated[float | None, typer.Option(min=0, help="End after so many seconds.")]
CountOption = Annotated[int | None, typer.Option(min=1, help="End after so many frames.")]
PcapOption = Annotated[
    Path | None,
    typer.Option("--pcap", help="Keep what is heard, for Wireshark; it must not exist yet."),
]


def register(program: typer.Typer) -> None:
    """Add the command to the group."""
    program.command("sniff")(sniff)


def sniff(
    context: typer.Context,
    channel: ChannelOption = 11,
    seconds: SecondsOption = None,
    count: CountOption = None,
    pcap: PcapOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the dongle hears on a channel, until Ctrl-C."""
    import asyncio

    settings: Context = context.obj
    if pcap is not None and pcap.is_file():  # what was heard once is not heard again
        raise there_already(pcap)
    ear = _Ear(channel, count, pcap, as_json)
    dongle = named_dongle(settings)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(_listen(dongle, settings.data_dir, ear, seconds))
    finally:
        ear.end()


class _Ear:
    """A listener that prints and keeps each frame, and counts them."""

    def __init__(self, channel: int, count: int | None, pcap: Path | None, as_json: bool) -> None:
        self.channel = channel
        self.heard = self.dropped = 0
        self._count = count
        self._as_json = as_json
        self._pcap = pcap
        self._file: PcapFile | None = None
        self._listens = False

    def begin(self) -> None:
        """Begin the capture file: once a dongle listens, so that none is left without that."""
        self._file = _pcap_file(self._pcap)
        self._listens = True

    async def take_all(self, frames: "AsyncIterator[HeardFrame]") -> None:
        """Take frames until there are as many as were asked for."""
        async for frame in frames:
            self._take(frame)
            if self.heard == self._count:
                return

    def _take(self, frame: "HeardFrame") -> None:
        from hht.clock import SYSTEM_CLOCK
        from hht.radio.checking.summary import summarise

        self.heard += 1
        at, summary = SYSTEM_CLOCK.now(), summarise(frame.raw)
        if self._file is not None:
            self._file.write(
                frame.raw, at=at.timestamp(), channel=self.channel, rssi=frame.rssi, lqi=frame.lqi
            )
        if self._as_json:
            row = {"at": at.isoformat(), "channel": self.channel, "rssi": frame.rssi}
            parts = {name: getattr(summary, name) for name in summary.__slots__}
            print_json(row | {"lqi": frame.lqi} | parts | {"frame": frame.raw.hex()})
            return
        signal = f"{frame.rssi:>4} dBm lqi {frame.lqi:>3} {len(frame.raw):>3} B"
        print(f"{at:%H:%M:%S}.{at.microsecond // 1000:03} {signal}  {summary}", flush=True)

    def end(self) -> None:
        """Close the capture, if there is one, and say how much was heard."""
        if self._file is not None:
            self._file.close()
        if self._listens:
            lost = f", {self.dropped} more came too fast to be kept" if self.dropped else ""
            heard = f"{counted(self.heard, 'frame')} heard on channel {self.channel}{lost}"
            print(heard, file=sys.stderr)


def _pcap_file(path: Path | None) -> "PcapFile | None":
    from hht.zse.frames.pcap import PcapFile

    return PcapFile(path) if path else None


async def _listen(url: str, data_dir: Path, ear: _Ear, seconds: float | None) -> None:
    from hht.radio.dongle import Dongle
    from hht.radio.opening.line_memory import LineMemory

    dongle = await Dongle.open(url, memory=LineMemory(data_dir))
    try:
        ear.begin()
        print(f"Listening on channel {ear.channel}; Ctrl-C ends it", file=sys.stderr)
        async with contextlib.aclosing(dongle.sniff(ear.channel)) as frames:
            with contextlib.suppress(TimeoutError):
                async with dongle.clock.timeout(seconds):
                    await ear.take_all(frames)
    finally:
        ear.dropped = dongle.dropped
        await dongle.close()
