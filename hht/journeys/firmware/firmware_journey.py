"""Firmware on a visit: an Activate Firmware goes once its hash was confirmed, and is followed.

The hash that CS06 names is shown with what the Device has said of its image; who confirms it
confirms that very hash. A future-dated one is answered at once, and its outcome is an Alert later.
"""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hht.clock import Clock
from hht.duis.job.device import JobDevice
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.future_dated import LATER_OUTCOMES
from hht.journeys.die_at import Publish
from hht.journeys.events import ActivationConfirmed
from hht.journeys.firmware.images import (
    FOLLOWED,
    NOT_VERIFIED,
    VERIFIED,
    Activation,
    ImageSeen,
    activation_of,
    image_seen,
    to_be_reported,
)
from hht.journeys.firmware.several_images import about_last_image, sent_last
from hht.journeys.firmware.standing import Standing, standing_of
from hht.journeys.plan.later_outcomes import failed_later
from hht.journeys.plan.plan import Plan
from hht.store import Capture, CommandEvent, CommandRow, JobRow, Store
from hht.store.command_states import may_happen
from hht.store.errors import MAY_PASS

JOURNEY = "firmware"
_ARRIVING = (Standing.NOTHING_HEARD, Standing.TRANSFERRED)
"""What is between a job that says an image was sent, and its Device's own word on it."""
WORTH_WAITING = timedelta(hours=1)
"""A future-dated activation that is due later than this is not waited for on site."""


class HashNotConfirmed(HhtError):
    """An Activate Firmware that was not compared, or another hash than was shown."""

    code = "HHT-11"


@dataclass(frozen=True, slots=True)
class ActivationAsk:
    """An Activate Firmware to confirm: its SHA-256, when it runs, what the Device said of it.

    `again` says that it was put off before.
    """

    command_id: int
    device: EntityId
    sha256: str
    at: datetime | None
    image: ImageSeen
    again: bool = False

    @property
    def is_verified(self) -> bool:
        """Whether the Device has verified this very image, here or as the job says."""
        return self.image in (ImageSeen.VERIFIED, ImageSeen.VERIFIED_BEFORE)

    @property
    def is_contradicted(self) -> bool:
        """Whether the Device has said that it holds another image, or that this one is bad."""
        return self.image in (ImageSeen.ANOTHER, ImageSeen.NOT_VERIFIED)


@dataclass(frozen=True, slots=True)
class FirmwareView:
    """What is to be confirmed next, and the activations whose outcome is still awaited here.

    `arriving` are the Devices to which an image is on its way, `asks` all that is to be confirmed.
    Of the Local Commands (ids) and Devices in `missed` the HHT may have missed what is awaited: it
    was out meanwhile.
    """

    ask: ActivationAsk | None
    awaited: tuple[CommandRow, ...]
    arriving: tuple[JobDevice, ...] = ()
    asks: tuple[ActivationAsk, ...] = ()
    missed: frozenset[int | EntityId] = frozenset()

    @property
    def is_awaiting(self) -> bool:
        """Whether a Device may still report an image or an activation."""
        return bool(self.awaited or self.arriving)

    def ask_of(self, command_id: int) -> ActivationAsk | None:
        """Return what is to be confirmed before this Local Command goes; None where nothing is."""
        return next((each for each in self.asks if each.command_id == command_id), None)


class FirmwareJourney:
    """A journey that survives a kill: what was confirmed is kept before it is published.

    `plan` is the visit's own, brought up to date by it.
    """

    def __init__(
        self,
        store: Store,
        job: JobRow,
        plan: Plan,
        clock: Clock,
        publish: Publish,
        captures: Iterable[Capture] = (),
    ) -> None:
        self._store = store
        self._job = job
        self._plan = plan
        self._clock = clock
        self._publish = publish
        found = ((row.id, activation_of(row.raw)) for row in plan.rows)
        self._activations: dict[int, Activation] = {n: each for n, each in found if each}
        self._heard: list[Capture] = []
        self._put_off: set[int] = set()
        kept = store.journeys.load(job.id, JOURNEY) or {}
        self._confirmed = {int(n): str(sha) for n, sha in kept.get("confirmed", {}).items()}
        self._was_in: bool = kept.get("was_in", False)
        devices = map(EntityId.parse, kept.get("missed_devices", ()))
        self._missed: set[int | EntityId] = {*kept.get("missed_commands", ()), *devices}
        for capture in captures:
            self.note(capture)

    def note(self, capture: Capture) -> None:
        """Take in what a Device says of an image, or of what it did later."""
        if capture.alert_code in FOLLOWED or capture.message_code in LATER_OUTCOMES:
            self._heard.append(capture)
        if capture.alert_code in (VERIFIED, NOT_VERIFIED):
            self._put_off.clear()

    def ask(self, row: CommandRow | None) -> ActivationAsk | None:
        """Return what is to be confirmed before this goes; None where nothing is."""
        activation = self._activations.get(row.id) if row else None
        if row is None or activation is None:
            return None
        sha256 = activation.sha256.hex()
        if self._confirmed.get(row.id) == sha256:
            return None
        seen = image_seen(row, self._heard, self._job.brief.images)
        again = row.id in self._put_off
        return ActivationAsk(row.id, row.device, sha256, activation.at, seen, again)

    def note_in(self) -> None:
        """Note that the HHT is in the HAN; where it was before, it has been out since.

        What is due may have been reported meanwhile: a hub need not keep Alerts until it is back.
        """
        if not self._follows:
            return
        if self._was_in:
            self._missed.update(row.id for row in self._awaited(self._clock.now()))
            self._missed.update(each.entity_id for each in self._arriving())
        self._was_in = True
        with contextlib.suppress(*MAY_PASS):  # it is kept with what is confirmed next
            self._keep()

    def put_off(self, command_id: int) -> None:
        """Let the rest go first, until a Device says more of an image."""
        self._put_off.add(command_id)

    @property
    def put_aside(self) -> frozenset[int]:
        """The ids of the Activate Firmwares that were put off."""
        return frozenset(self._put_off)

    def confirm(self, command_id: int, sha256: str) -> None:
        """Keep that somebody has compared this hash; HashNotConfirmed for another one."""
        activation = self._activations.get(command_id)
        if activation is None or activation.sha256.hex() != sha256:
            raise HashNotConfirmed(
                "This is not the hash of that Activate Firmware", remedy="Look at it once more."
            )
        self._confirmed[command_id] = sha256
        self._keep()
        self._publish(ActivationConfirmed(command_id, self._plan.row(command_id).device, sha256))

    def _keep(self) -> None:
        kept = {
            "confirmed": {str(number): each for number, each in self._confirmed.items()},
            "was_in": self._was_in,
            "missed_commands": [each for each in self._missed if isinstance(each, int)],
            "missed_devices": [str(each) for each in self._missed if isinstance(each, EntityId)],
        }
        self._store.journeys.save(self._job.id, JOURNEY, kept)

    def check(self, row: CommandRow) -> None:
        """Refuse an Activate Firmware whose hash was not confirmed."""
        if self.ask(row):
            raise HashNotConfirmed(
                "Nobody has confirmed the hash of this firmware",
                where=row.title,
                remedy="Compare it with the image that the Device has verified.",
            )

    @property
    def failed_later(self) -> dict[int, str]:
        """Why each future-dated Local Command was not carried out that was not, by its id."""
        return failed_later(self._plan.rows, self._heard)

    def view(self, next_row: CommandRow | None) -> FirmwareView | None:
        """Return the state of everything; None for a job without firmware."""
        if not self._follows:
            return None
        awaited = self._awaited(self._clock.now() + WORTH_WAITING)
        asks = tuple(
            ask
            for row in self._rows
            if may_happen(row.state, CommandEvent.SEND) and (ask := self.ask(row))
        )
        missed = frozenset(self._missed)
        return FirmwareView(self.ask(next_row), awaited, self._arriving(), asks, missed)

    @property
    def _follows(self) -> bool:
        """Whether the job has anything to do with firmware."""
        return bool(self._activations or self._job.brief.images)

    @property
    def _rows(self) -> list[CommandRow]:
        return [self._plan.row(number) for number in self._activations]

    def _awaited(self, until: datetime) -> tuple[CommandRow, ...]:
        """List the activations that are due before this moment, and were not heard of."""
        return tuple(
            row
            for row in to_be_reported(self._rows, self._heard)
            if (at := self._activations[row.id].at) and at < until
        )

    def _arriving(self) -> tuple[JobDevice, ...]:
        """List the Devices of which the job says that an image is on its way, and none came yet.

        A hub discards an image for the next one: what was sent before another is not awaited.
        """
        return tuple(each for each in self._job.devices if self._is_arriving(each))

    def _is_arriving(self, device: JobDevice) -> bool:
        """Return whether the image that was sent last to a Device is not spoken of by it yet."""
        entity, sent = device.entity_id, self._job.brief.images
        if (last := sent_last(entity, sent)) is None or last.verified:
            return False
        rows, heard = about_last_image(entity, sent, self._plan.rows, self._heard)
        return standing_of(entity, device.type, rows, heard) in _ARRIVING
