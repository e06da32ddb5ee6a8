"""The images that a hub holds for its Devices; what it has room for is data of the hub profile."""

from collections.abc import Iterator
from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.hub_profile import HubProfile
from hht.simulator.site.images import SiteImage

_HOUR = 3600  # seconds


@dataclass(slots=True)
class Held:
    """One image for one Device; `since` is premises' seconds, `sent` bytes went to the Device.

    `reported`: the Device has ended its transfer, and the hub has said so.
    """

    device: EntityId
    image: SiteImage
    since: float
    sent: int = 0
    reported: bool = False


class ImageBuffer:
    """A buffer of one image a Device, oldest first, within the profile's bytes and hours."""

    def __init__(self, profile: HubProfile) -> None:
        self._profile = profile
        self._held: dict[EntityId, Held] = {}

    def __iter__(self) -> Iterator[Held]:
        return iter(tuple(self._held.values()))

    def get(self, device: EntityId) -> Held | None:
        return self._held.get(device)

    def put(self, held: Held) -> list[Held]:
        """Take an image in; return those that had to go for it, or itself where it has no room."""
        room = self._profile.image_buffer_bytes
        if len(held.image.raw) > room:
            return [held]
        gone = []
        before = self._held.pop(held.device, None)
        if before:
            gone.append(before)
        while self._size() + len(held.image.raw) > room:
            oldest = next(iter(self._held))
            gone.append(self._held.pop(oldest))
        self._held[held.device] = held
        return gone

    def drop(self, device: EntityId) -> None:
        """Drop an image: the Device has it, or will never have it."""
        self._held.pop(device, None)

    def expired(self, now: float) -> list[Held]:
        """Return and drop what no Device has fetched in the profile's hours."""
        limit = self._profile.image_patience_hours * _HOUR
        late = [each for each in self._held.values() if now - each.since > limit]
        for each in late:
            self.drop(each.device)
        return late

    def _size(self) -> int:
        return sum(len(each.image.raw) for each in self._held.values())
