"""Firmware on a visit: an Activate Firmware goes once its hash was confirmed, and is followed.

The hash that CS06 names is shown with what the Device has said of its image; who confirms it
confirms that very hash. A future-dated one is answered at once, and its outcome is an Alert later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.journeys.die_at import Publish
from hht.journeys.events import ActivationConfirmed
from hht.journeys.firmware.images import (
    LATER_OUTCOME,
    NOT_VERIFIED,
    VERIFIED,
    Activation,
    ImageSeen,
    activation_of,
    image_seen,
    to_be_reported,
)
from hht.journeys.plan.plan import Plan
from hht.store import Capture, CommandRow, Store

JOURNEY = "firmware"
WORTH_WAITING = timedelta(hours=1)
"""A future-dated activation that is due later than this is not waited for on site."""


class HashNotConfirmed(HhtError):
    """An Activate Firmware that nobody has compared, or another hash than was shown."""

    code = "HHT-11"


@dataclass(frozen=True, slots=True)
class ActivationAsk:
    """An Activate Firmware to confirm: its SHA-256, when it runs, what the Device said of it."""

    command_id: int
    device: EntityId
    sha256: str
    at: datetime | None
    image: ImageSeen

    @property
    def may_yet_be_verified(self) -> bool:
        """Whether it is worth asking again: the Device has said nothing against this image."""
        return self.image in (ImageSeen.VERIFIED, ImageSeen.UNHEARD)


@dataclass(frozen=True, slots=True)
class FirmwareView:
    """What is to be confirmed next, and the activations whose outcome is still awaited here."""

    ask: ActivationAsk | None
    awaited: tuple[CommandRow, ...]


class FirmwareJourney:
    """A journey that survives a kill: what was confirmed is kept before it is published.

    `plan` is the visit's own, brought up to date by it.
    """

    def __init__(
        self,
        store: Store,
        job_id: int,
        plan: Plan,
        clock: Clock,
        publish: Publish,
        captures: Iterable[Capture] = (),
    ) -> None:
        self._store = store
        self._job_id = job_id
        self._plan = plan
        self._clock = clock
        self._publish = publish
        found = ((row.id, activation_of(row.raw)) for row in plan.rows)
        self._activations: dict[int, Activation] = {n: each for n, each in found if each}
        self._heard: list[Capture] = []
        snapshot = store.journeys.load(job_id, JOURNEY) or {}
        self._confirmed = {int(n): str(sha) for n, sha in snapshot.get("confirmed", {}).items()}
        for capture in captures:
            self.note(capture)

    def note(self, capture: Capture) -> None:
        """Take in what a Device says of an image, or of what it did later."""
        is_about_image = capture.alert_code in (VERIFIED, NOT_VERIFIED)
        if self._activations and (is_about_image or capture.message_code == LATER_OUTCOME):
            self._heard.append(capture)

    def ask(self, row: CommandRow | None) -> ActivationAsk | None:
        """Return what is to be confirmed before this goes; None where nothing is."""
        activation = self._activations.get(row.id) if row else None
        if row is None or activation is None:
            return None
        sha256 = activation.sha256.hex()
        if self._confirmed.get(row.id) == sha256:
            return None
        seen = image_seen(row, self._heard)
        return ActivationAsk(row.id, row.device, sha256, activation.at, seen)

    def confirm(self, command_id: int, sha256: str) -> None:
        """Keep that somebody has compared this hash; HashNotConfirmed for another one."""
        activation = self._activations.get(command_id)
        if activation is None or activation.sha256.hex() != sha256:
            raise HashNotConfirmed(
                "This is not the hash of that Activate Firmware", remedy="Look at it once more."
            )
        self._confirmed[command_id] = sha256
        kept = {str(number): each for number, each in self._confirmed.items()}
        self._store.journeys.save(self._job_id, JOURNEY, {"confirmed": kept})
        self._publish(ActivationConfirmed(command_id, self._plan.row(command_id).device, sha256))

    def check(self, row: CommandRow) -> None:
        """Refuse an Activate Firmware whose hash nobody has confirmed."""
        if self.ask(row):
            raise HashNotConfirmed(
                "Nobody has confirmed the hash of this firmware",
                where=row.title,
                remedy="Compare it with the image that the Device has verified.",
            )

    def view(self, next_row: CommandRow | None) -> FirmwareView | None:
        """Return the state of everything; None for a job that activates nothing."""
        if not self._activations:
            return None
        rows = [self._plan.row(number) for number in self._activations]
        soon = self._clock.now() + WORTH_WAITING
        awaited = (
            row
            for row in to_be_reported(rows, self._heard)
            if (at := self._activations[row.id].at) and at < soon
        )
        return FirmwareView(self.ask(next_row), tuple(awaited))
