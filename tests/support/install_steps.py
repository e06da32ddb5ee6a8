"""A job with questions about its hub, and the steps of tests that answer them on the screen."""

from dataclasses import replace
from pathlib import Path

from screen_bench import Bench
from store_samples import CCS01_COMMAND, ECS70_COMMAND, open_store, pack

from hht.clock import SYSTEM_CLOCK, Clock
from hht.duis.job.head import PackVisit
from hht.journeys.install.answers import Given
from hht.store import Store
from screens.context import HhtContext

NO_WAN: dict[str, str | bool] = {
    "visit": "install",
    "CHFConnectionMethod": "Hot-shoe",
    "replaced": False,
    "CHFLocation": "Deep indoors",
    "AerialInstall": False,
    "wan": False,
    "PremiseType": "Low Rise Apartment (MDU <= 5 floors)",
    "MetalObstructionCheck": True,
    "SharedObstructionCheck": False,
    "ConnectivityObstructionCheck": False,
    "MPxN": "2000000000015",
}


def with_visit(
    context: HhtContext,
    folder: Path,
    answers: dict[str, str | bool] | None = None,
    clock: Clock = SYSTEM_CLOCK,
) -> HhtContext:
    """The context with a job of two Local Commands whose pack answers these questions."""

    def opened() -> Store:
        store = open_store(folder, clock=clock)
        visit = PackVisit(NO_WAN if answers is None else answers)
        store.jobs.add(replace(pack(CCS01_COMMAND, ECS70_COMMAND), visit=visit))
        return store

    return replace(context, open_store=opened, clock=clock)


async def asked(bench: Bench, name: str) -> None:
    """Wait until this question is on show."""
    await bench.until_offered(f"take('{name}')")


def given(bench: Bench) -> dict[str, Given]:
    """What was noted so far."""
    assert bench.app.view
    assert bench.app.view.install
    return dict(bench.app.view.install.answers.given)
