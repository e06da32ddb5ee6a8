"""The hub over inter-PAN: key establishment with an HHT, then its admission by CCS01."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from hht.entity_id import EntityId
from hht.hub_profile import HubProfile
from hht.simulator.hub.key_establishment_server import KeyEstablishmentServer
from hht.simulator.stack.node import RadioNode
from hht.zse.errors import MalformedFrame
from hht.zse.interpan import fragmentation
from hht.zse.interpan.admission import (
    OTHER_REASON,
    SUCCESS,
    Admission,
    answer_frame,
    build_admission_answer,
    is_admission,
    read_admission,
)
from hht.zse.interpan.fragmentation import ACCEPTED, FragmentAnswer
from hht.zse.interpan.frame import InterPanFrame, decode_interpan
from hht.zse.interpan.transfer import SecuredReceiver, secured_frames
from hht.zse.zcl import KEY_ESTABLISHMENT, ZclFrame

_TRIES = 3
"""Sendings of a fragment; as often as an APS frame is repeated."""
_ANSWER_SECONDS = 2.0
"""Until a fragment is sent again; an HHT only has to store it."""

Admit = Callable[[Admission], bool]


@dataclass(slots=True)
class _Partner:
    """One HHT with which a link key was agreed over inter-PAN."""

    key: bytes = field(repr=False)
    receiver: SecuredReceiver
    counter: int = 0
    answered: "asyncio.Future[FragmentAnswer | None] | None" = None


class InterPanServer:
    """The handler of one hub's inter-PAN frames while `is_open`; `admit` decides on an HHT."""

    def __init__(
        self,
        node: RadioNode,
        keys: KeyEstablishmentServer,
        profile: HubProfile,
        is_open: Callable[[], bool],
        admit: Admit,
    ) -> None:
        self._node = node
        self._keys = keys
        self._profile = profile
        self._is_open = is_open
        self._admit = admit
        self._partners: dict[EntityId, _Partner] = {}
        self._sending: set[asyncio.Task[None]] = set()

    def hear(self, raw: bytes, lqi: int, rssi: int) -> None:
        """Handle one MAC frame; drop it while the window is closed or if it is for another."""
        if not self._is_open():
            self._node.drop("an inter-PAN frame while the window is closed")
            return
        try:
            frame = decode_interpan(raw, self._key_of)
            if frame.destination == self._node.eui64:
                self._take(frame)
        except MalformedFrame as error:
            self._node.drop(str(error))

    def reset(self) -> None:
        """Forget every link key, as a power cut does."""
        self._partners.clear()
        for task in self._sending:
            task.cancel()

    def _key_of(self, source: EntityId) -> bytes | None:
        partner = self._partners.get(source)
        return partner.key if partner else None

    def _take(self, frame: InterPanFrame) -> None:
        in_clear = not frame.secured and not fragmentation.is_ipmf(frame.payload)
        if in_clear and frame.cluster == KEY_ESTABLISHMENT:
            self._establish_key(frame)
        elif in_clear or frame.source not in self._partners:
            self._node.drop("an inter-PAN frame in clear that is no key establishment")
        else:
            self._take_secured(frame, self._partners[frame.source])

    def _establish_key(self, frame: InterPanFrame) -> None:
        answer = self._keys.handle(frame.source, ZclFrame.decode(frame.payload))
        if answer.link_key is not None and self._key_of(frame.source) != answer.link_key:
            key = answer.link_key
            self._partners[frame.source] = _Partner(key, SecuredReceiver(key))
            self._node.air.show_key(f"inter-PAN link key {frame.source}", key)
        if answer.frame is not None:
            self._node.send_raw(self._reply(frame, answer.frame.encode()).encode())

    def _take_secured(self, frame: InterPanFrame, partner: _Partner) -> None:
        if not frame.secured:
            part = fragmentation.decode_ipmf(frame.payload)
            if isinstance(part, FragmentAnswer):
                self._hear_answer(partner, part)
                return
        answer, message = partner.receiver.feed(frame)
        if answer is not None:
            self._node.send_raw(self._reply(frame, answer.encode()).encode())
        if message is not None:
            self._take_message(message, partner)

    def _take_message(self, message: InterPanFrame, partner: _Partner) -> None:
        request = ZclFrame.decode(message.payload)
        wanted = (self._profile.admission_cluster, self._profile.admission_profile_id)
        if (message.cluster, message.profile) != wanted or not is_admission(self._profile, request):
            self._node.drop("a secured inter-PAN frame that is no HHT's CCS01")
            return
        admission = read_admission(self._profile, request.payload, partner.key)
        is_its_own = admission.hht == message.source
        result = SUCCESS if is_its_own and self._admit(admission) else OTHER_REASON
        payload = build_admission_answer(self._profile, admission, result, partner.key)
        answer = answer_frame(self._profile, payload, request.sequence)
        partner.counter += 1
        reply = self._reply(message, answer.encode())
        frames = secured_frames(reply, partner.key, partner.counter, self._profile)
        task = asyncio.get_running_loop().create_task(self._send(frames, partner))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _send(self, frames: list[bytes], partner: _Partner) -> None:
        """Send the frames of one message; each fragment waits for the answer to the one before."""
        if len(frames) == 1:
            self._node.send_raw(frames[0])
            return
        for index, raw in enumerate(frames):
            if not await self._send_one(raw, index, partner):
                return

    async def _send_one(self, raw: bytes, index: int, partner: _Partner) -> bool:
        for _ in range(_TRIES):
            partner.answered = asyncio.get_running_loop().create_future()
            self._node.send_raw(raw)
            answer = await self._node.clock.wait(partner.answered, _ANSWER_SECONDS)
            if answer is not None and answer.index == index:
                return answer.status == ACCEPTED
        return False

    def _hear_answer(self, partner: _Partner, answer: FragmentAnswer) -> None:
        if partner.answered and not partner.answered.done():
            partner.answered.set_result(answer)

    def _reply(self, frame: InterPanFrame, payload: bytes) -> InterPanFrame:
        return InterPanFrame(
            source=self._node.eui64,
            source_pan=self._node.pan_id,
            destination=frame.source,
            destination_pan=frame.source_pan,
            mac_sequence=self._node.next_mac_sequence(),
            cluster=frame.cluster,
            payload=payload,
            profile=frame.profile,
        )
