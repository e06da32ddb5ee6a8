"""A job pack as the only job of the app, its hub the only one heard, and the way onto its HAN."""

from pathlib import Path

from screen_bench import Bench
from screen_visit import Script
from store_samples import open_store

from hht.duis.job_pack import JobPack
from hht.journeys.view import HubView
from hht.store import Store
from screens.context import HhtContext

ONTO_THE_HAN = ("open", "connect_this", "go_on")
"""What Enter does, one after the other, from the list of jobs to the plan."""


def hub_of(job: JobPack) -> HubView:
    """Return the job's hub as it is heard."""
    assert job.hub_gpf
    return HubView(job.hub_gpf, 19, 0x5101, 205, -55)


def begin_with(job: JobPack, context: HhtContext, script: Script, folder: Path) -> HhtContext:
    """Have the context open a database of this job alone, and the script hear its hub alone."""
    script.hubs = (hub_of(job),)

    def opened() -> Store:
        store = open_store(folder)
        store.jobs.add(job)
        return store

    context.open_store = opened
    return context


async def enter_each(bench: Bench, *actions: str) -> None:
    """Press Enter for each of these actions, once it is offered."""
    for action in actions:
        await bench.until_offered(action)
        await bench.press("enter")
