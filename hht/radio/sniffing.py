"""Everything that is on one channel, as the manufacturing library hears it."""

import contextlib
from collections.abc import AsyncGenerator

from hht.radio.errors import DongleError
from hht.radio.ezsp.compat import mfglib_frame
from hht.radio.ezsp.link import EzspLink
from hht.radio.inbox import Inbox
from hht.radio.interpan import start_library
from hht.radio.types import HeardFrame


async def sniff(
    link: EzspLink, channel: int, heard: Inbox[HeardFrame]
) -> AsyncGenerator[HeardFrame, None]:
    """Yield every frame, for whichever device, until closed; nothing is acknowledged.

    They wait in `heard`, which counts what it had no room for. DongleRefused where the firmware
    cannot.
    """
    with link.listening("mfglibRxHandler", lambda fields: heard.put(mfglib_frame(fields))):
        await start_library(link, channel)
        try:
            while True:
                yield await heard.take(link.scope.hold)
        finally:
            with contextlib.suppress(DongleError):
                await link.order("mfglibEnd")
