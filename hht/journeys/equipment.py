"""What a visit needs beside the store: the dongle, the HHT's credentials, the hub profile."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from hht.clock import SYSTEM_CLOCK, Clock
from hht.errors import HhtError

if TYPE_CHECKING:
    from hht.gbcs.protection import KeyStore
    from hht.hub_profile import HubProfile
    from hht.radio.opening.line_memory import LineMemory
    from hht.session.identity import HhtIdentity
    from hht.store import Store


@dataclass(frozen=True, slots=True)
class RadioKit:
    """The dongle, the credentials and the profile of one visit.

    `clock` shows the time of day at the premises, `speed` is how many of its seconds pass in one;
    `memory` knows on which line which dongle answered. Where there is no `identity`, `identify`
    looks for one again, with IdentityUnusable for why there is none.
    """

    radio_url: str
    identity: "HhtIdentity | None" = field(repr=False)
    profile: "HubProfile"
    keys: "KeyStore | None" = field(default=None, repr=False)
    clock: Clock = SYSTEM_CLOCK
    speed: float = 1.0
    memory: "LineMemory | None" = None
    identify: "Callable[[], HhtIdentity] | None" = field(default=None, repr=False)


class ProfileUnusable(HhtError):
    """A job's hub profile that cannot be read, as one whose file is gone."""

    code = "HHT-13"


@dataclass
class LiveEquipment:
    """The live database, the HHT's own identity, and the dongle that --radio named."""

    data_dir: Path
    radio: str | None

    @cached_property
    def store(self) -> "Store":
        """The live database; one connection serves the whole app."""
        from hht.store.databases import open_store

        return open_store(self.data_dir, "live")

    def open_store(self) -> "Store":
        """Open the live database."""
        return self.store

    def equip(self, job_id: int) -> RadioKit:
        """Return the dongle that --radio names, the HHT's own identity, and the job's hub profile.

        A visit begins without a dongle, which is needed when the hub is looked for, and without
        an identity, which is needed when it is connected to.
        """
        from hht.hub_profile import DEFAULT
        from hht.journeys.own_identity import own_identity
        from hht.radio.opening.line_memory import LineMemory
        from hht.session.identity import IdentityUnusable

        identify = partial(own_identity, self.data_dir, self.store)
        identity = None
        with suppress(IdentityUnusable):
            identity = identify()
        name, memory = self.store.jobs.get(job_id).profile or DEFAULT, LineMemory(self.data_dir)
        profile = _profile_of_job(name)
        return RadioKit(self.radio or "", identity, profile, memory=memory, identify=identify)


def _profile_of_job(name: str) -> "HubProfile":
    from hht.hub_profile import load_profile

    try:
        return load_profile(name)
    except HhtError as error:
        remedy = "Give the job another one: 'hht jobs profile'; or bring the file back."
        raise ProfileUnusable(error.what, where=error.where, remedy=remedy) from None
