"""One request and its answer over inter-PAN under the link key, in fragments if needed."""

import contextlib
import itertools
from collections.abc import Callable
from typing import TypeVar

from hht.hub_profile import HubProfile
from hht.session.errors import FitsNoFrame
from hht.session.interpan_link import InterPanLink
from hht.session.key_agreement import TRIES
from hht.zse.errors import MalformedFrame
from hht.zse.frames.mac import MAX_FRAME
from hht.zse.interpan.fragmentation import ACCEPTED, FragmentAnswer, decode_ipmf, is_ipmf
from hht.zse.interpan.frame import InterPanFrame
from hht.zse.interpan.transfer import SecuredReceiver, secured_frames

FRAGMENT_SECONDS = 2.0  # until a fragment is sent again; the hub only has to store it
Answer = TypeVar("Answer")


class SecuredExchange:
    """An exchange of messages of the profile's admission cluster with one hub."""

    def __init__(self, link: InterPanLink, key: bytes, profile: HubProfile) -> None:
        self._link = link
        self._key = key
        self._profile = profile
        self._receiver = SecuredReceiver(key)
        self._counters = itertools.count(1)
        self._heard: list[bytes] = []

    async def ask(self, request: bytes, read: Callable[[bytes], Answer | None]) -> Answer | None:
        """Send a ZCL frame and return the first answer that `read` finds; None if there is none.

        Each try has its own frame counter, so that a repeat is not taken for a replay.
        """
        seconds = self._profile.admission_timeout_seconds / TRIES
        for _ in range(TRIES):
            if not await self._send(request):
                continue
            with contextlib.suppress(TimeoutError):
                async with self._link.clock.timeout(seconds):
                    return await self._answer(read)
        return None

    async def _answer(self, read: Callable[[bytes], Answer | None]) -> Answer:
        while True:
            while self._heard:
                if (answer := read(self._heard.pop(0))) is not None:
                    return answer
            await self._take(await self._link.receive(self._profile.admission_cluster))

    async def _send(self, message: bytes) -> bool:
        """Send a message; return whether the hub accepted all of it, by its fragments."""
        cluster, profile_id = self._profile.admission_cluster, self._profile.admission_profile_id
        frame = self._link.frame(cluster, message, profile_id)
        frames = secured_frames(frame, self._key, next(self._counters), self._profile)
        if len(frames) == 1:
            self._check_size(frames[0])
            await self._link.send(frames[0])
            return True
        for index, raw in enumerate(frames):
            if not await self._send_fragment(raw, index):
                return False
        return True

    def _check_size(self, raw: bytes) -> None:
        if len(raw) > MAX_FRAME:
            raise FitsNoFrame(len(raw), self._profile.name)

    async def _send_fragment(self, raw: bytes, index: int) -> bool:
        for _ in range(TRIES):
            await self._link.send(raw)
            with contextlib.suppress(TimeoutError):
                async with self._link.clock.timeout(FRAGMENT_SECONDS):
                    return await self._is_accepted(index)
        return False

    async def _is_accepted(self, index: int) -> bool:
        """Return whether the hub accepted a fragment; its answer to the message accepts all."""
        while True:
            answer = await self._take(await self._link.receive(self._profile.admission_cluster))
            if self._heard:
                return True
            if answer is not None and answer.index == index:
                return answer.status == ACCEPTED

    async def _take(self, frame: InterPanFrame) -> FragmentAnswer | None:
        """Keep what is part of the hub's message; return its answer to a fragment of ours."""
        with contextlib.suppress(MalformedFrame):
            if not frame.secured and is_ipmf(frame.payload):
                piece = decode_ipmf(frame.payload)
                if isinstance(piece, FragmentAnswer):
                    return piece
            answer, message = self._receiver.feed(frame)
            if answer is not None:
                cluster = self._profile.admission_cluster
                reply = self._link.frame(cluster, answer.encode(), frame.profile)
                await self._link.send(reply.encode())
            if message is not None:
                self._heard.append(message.payload)
        return None
