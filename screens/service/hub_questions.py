"""The questions of a visit about its hub: the answers noted, labels scanned, the WAN coverage."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hht.errors import HhtError

if TYPE_CHECKING:
    from hht.journeys.install.coverage import Coverage
    from hht.journeys.install.install_journey import InstallJourney
    from hht.journeys.install.scanning import Scanned
    from hht.journeys.visit import Visit
    from screens.service.at_work import AtWork


class HubQuestions:
    """What is noted of the hub of the open job."""

    def __init__(self, service: AtWork) -> None:
        self._service = service

    async def coverage(self) -> Coverage | None:
        """Return the WAN coverage of the open job's premises; looking at it is noted.

        None where the job brings no answer.
        """
        journey = install_of(self._service.open_visit())
        return await self._service.worker_loop.run(journey.look_at_coverage)

    async def note(self, step: Callable[[InstallJourney], object]) -> None:
        """Note something on the install journey."""
        await self._service.note(lambda visit: step(install_of(visit)))

    async def scan_label(self, label: str) -> Scanned:
        """Take a label on the visit; what it is, and what it answered."""
        found: list[Scanned] = []
        await self.note(lambda journey: found.append(journey.scan(label)))
        return found[0]

    async def name_label(self, scanned: Scanned, kind: str) -> Scanned:
        """Note whose label was scanned; what it is to the job then."""
        found: list[Scanned] = []
        await self.note(lambda journey: found.append(journey.name_label(scanned, kind)))
        return found[0]


def install_of(visit: Visit) -> InstallJourney:
    """Return the install journey of a visit; HhtError where its job asks nothing."""
    if visit.install is None:
        raise HhtError("This job asks nothing about its hub", remedy="Open another job.")
    return visit.install
