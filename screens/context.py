"""What whoever starts the app hands to it: the data folder, the mode, and how to reach a hub."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from hht.gbcs.protection import KeyStore
    from hht.journeys.events import Event
    from hht.outbox.upload import UploadSummary
    from hht.session.identity import HhtIdentity
    from hht.store import Store
    from hht.training.debrief import Debrief
    from hht.zse.hub_profile import HubProfile

Upload = Callable[["Store"], Coroutine[Any, Any, "UploadSummary"]]
"""Sends everything that is due from a store to the supplier's gateway."""

ModeName = Literal["live", "training", "facility"]


def _wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class RadioKit:
    """What a visit needs beside the store: the dongle, the HHT's credentials, the hub profile.

    `clock` is the time of day at the premises, `speed` how many of its seconds pass in one.
    """

    radio_url: str
    identity: HhtIdentity = field(repr=False)
    profile: HubProfile
    keys: KeyStore | None = field(default=None, repr=False)
    clock: Callable[[], datetime] = _wall_clock
    speed: float = 1.0


class Exercise(Protocol):
    """What training has beside the visit: hands on the simulated hub, and a judge."""

    def briefing(self) -> tuple[str, str]:
        """The exercise's title, and what the trainee is told before it."""

    def job_id(self) -> int:
        """The exercise's own job among all those in the store."""

    def power_cycle(self) -> object:
        """Switch the hub off and on."""

    def note(self, event: Event) -> None:
        """Something happened on the visit."""

    def debrief(self, store: Store, job_id: int) -> Debrief:
        """Judge the play, which is over."""


def _nothing_to_close() -> None:
    """Leave everything as it is: the default of `HhtContext.close`."""


@dataclass(slots=True)
class HhtContext:
    """How the app gets at everything heavy, without importing any of it before the first paint.

    `open_store` and `equip` run once in the app's own working thread: they may import, read and
    start what they need, may take seconds, and raise HhtError. In training `open_store` also sees
    that the scenario's job is there, and `equip` starts the simulated hub. `equip` takes the job
    id and may be called again after the dongle or the hub was lost. `close` ends what they began.
    `exercise` is there in training alone; `upload` where a gateway is set up.
    """

    data_dir: Path
    mode: ModeName
    open_store: Callable[[], Store]
    equip: Callable[[int], RadioKit]
    radio_url: str | None = None
    title: str = ""
    briefing: str = ""
    close: Callable[[], None] = _nothing_to_close
    exercise: Exercise | None = None
    upload: Upload | None = None
