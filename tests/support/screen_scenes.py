"""Every screen in a state that is always the same: for snapshots, languages and colours."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from duis_samples import GPF
from install_steps import asked, with_visit
from screen_bench import Bench
from screen_steps import at_the_hubs, at_the_jobs, at_the_plan, at_the_queue
from screen_visit import Script
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, ECS70_COMMAND, open_store, pack
from textual.events import Paste
from textual.screen import Screen

from hht.clock import Clock
from hht.duis.job_pack import JobPack
from hht.journeys.equipment import RadioKit
from hht.session.errors import MembershipEnded, WindowClosed
from hht.store import CommandState, Store
from screens.commission.screen import CommissionScreen
from screens.connect.screen import ConnectScreen
from screens.context import HhtContext
from screens.debrief.screen import DebriefScreen
from screens.forms.failure import FailureScreen
from screens.forms.form import FormScreen
from screens.glance.screen import GlanceScreen
from screens.help.palette import Palette
from screens.help.screen import HelpScreen
from screens.home.screen import HomeScreen
from screens.inspector.screen import InspectorScreen
from screens.install.screen import InstallScreen
from screens.message.screen import MessageScreen
from screens.more.screen import MoreScreen
from screens.practise.screen import PractiseScreen
from screens.queue.screen import QueueScreen
from screens.service.lookups import Titled
from screens.shell import Place
from screens.summary.screen import SummaryScreen

Reach = Callable[[Bench, Script], Awaitable[None]]


@dataclass(frozen=True)
class Basis:
    """What a scene's context is made from."""

    context: HhtContext
    folder: Path
    clock: Clock
    script: Script


def of_pack(basis: Basis, job: JobPack) -> HhtContext:
    """Return the context with this job alone, at the basis' time."""

    def opened() -> Store:
        store = open_store(basis.folder, clock=basis.clock)
        store.jobs.add(job)
        return store

    def equipped(job_id: int) -> RadioKit:
        return replace(basis.context.equip(job_id), clock=basis.clock)

    return replace(basis.context, open_store=opened, equip=equipped, clock=basis.clock)


def two_commands(basis: Basis) -> HhtContext:
    """Return the context with a job of two Local Commands."""
    return of_pack(basis, pack(CCS01_COMMAND, ECS70_COMMAND))


def asks_of_its_hub(basis: Basis) -> HhtContext:
    """Return the context with a job that asks about its hub, too."""
    return with_visit(basis.context, basis.folder, clock=basis.clock)


@dataclass(frozen=True)
class Scene:
    """A screen by name, how to get there, what the visit does on the way, what it begins with."""

    name: str
    screen: type[Screen[Any]]
    reach: Reach
    prepare: Callable[[Script], object] = lambda script: None
    given: Callable[[Basis], HhtContext] = two_commands


async def shown(bench: Bench, screen: str) -> None:
    """Wait until that screen is on show and stays as it is, however busy the machine."""
    await bench.until_it_holds(lambda: getattr(bench.app.screen, "HELP", None) == screen)
    await bench.settled()


async def _home(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)


async def _more(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    bench.app.go(Place.MORE)
    await shown(bench, "more")


async def _practise(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    bench.app.go(Place.PRACTISE)
    await shown(bench, "practise")


async def _question(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    await bench.press("enter")
    await asked(bench, "visit")


async def _metal(bench: Bench, script: Script) -> None:
    await _question(bench, script)
    await bench.app.service.hub.note(lambda journey: journey.answer_from_job())
    bench.app.job.ask_again("MetalObstructionCheck")
    await asked(bench, "MetalObstructionCheck")
    await bench.settled()


async def _lights(bench: Bench, script: Script) -> None:
    await _metal(bench, script)
    bench.app.job.ask_again("lights")
    await asked(bench, "lights")
    await bench.press("2")
    await bench.settled()


async def _summary(bench: Bench, script: Script) -> None:
    await _metal(bench, script)
    bench.app.go(Place.SUMMARY)
    await shown(bench, "summary")


async def _hubs(bench: Bench, script: Script) -> None:
    await at_the_hubs(bench)


async def _wrong_hub(bench: Bench, script: Script) -> None:
    await _hubs(bench, script)
    await bench.press("2")
    await _asked(bench)


async def _steps_failed(bench: Bench, script: Script) -> None:
    await _hubs(bench, script)
    await bench.press("enter")
    await bench.until("HUB-03")


async def _plan(bench: Bench, script: Script) -> None:
    await at_the_plan(bench)


async def _asked(bench: Bench) -> None:
    """Wait for a form."""
    await shown(bench, "form")


async def _doubt(bench: Bench, script: Script) -> None:
    await _plan(bench, script)
    await bench.press("enter")
    await bench.until_offered("settle")
    await bench.press("s")
    await _asked(bench)


async def _leave(bench: Bench, script: Script) -> None:
    await _plan(bench, script)
    await bench.press("l")
    await _asked(bench)


async def _lost(bench: Bench, script: Script) -> None:
    await _plan(bench, script)
    script.lose(MembershipEnded(GPF))
    await bench.until_it_holds(lambda: bench.app.status and bench.app.status.alarm)


async def _done(bench: Bench, script: Script) -> None:
    await _plan(bench, script)
    await bench.press("a")
    await bench.until("✓  2 Command 1")


async def _queue(bench: Bench, script: Script) -> None:
    await at_the_queue(bench)


async def _message(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    messages = [
        Titled("Command 1: Add", CCS01_COMMAND),
        Titled("Response: Add", CCS01_RESPONSE, CCS01_COMMAND),
    ]
    bench.app.push_screen(MessageScreen(messages, 1))
    await shown(bench, "message")


async def _inspector(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    await bench.press("i")
    await shown(bench, "inspector")


async def _help(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    await bench.press("f1")
    await bench.until_it_holds(lambda: isinstance(bench.app.screen, HelpScreen))
    await bench.settled()


async def _palette(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    await bench.press("ctrl+p")
    await bench.until_it_holds(lambda: isinstance(bench.app.screen, Palette))
    await bench.settled()


async def _debrief(bench: Bench, script: Script) -> None:
    from screen_visit import DEBRIEF

    await at_the_jobs(bench)
    bench.app.push_screen(DebriefScreen(DEBRIEF))
    await shown(bench, "debrief")


async def _glance(bench: Bench, script: Script) -> None:
    await _doubt(bench, script)
    await bench.press("escape", "f3")
    await bench.until_it_holds(lambda: bench.app.screen.HELP == "glance")


async def _in_gloves(bench: Bench, script: Script) -> None:
    await _plan(bench, script)
    bench.app.go(Place.GLOVE)
    await bench.settled()
    bench.app.notices = ()  # what it says goes away by the machine's clock
    await bench.settled()


async def _bad_news(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    bench.app.screen.post_message(Paste("00-DB-99-99-99-99-99-01"))
    await bench.until_it_holds(lambda: bool(bench.app.notices))


def _closed_window(script: Script) -> None:
    script.failures["inter-pan-cbke"] = WindowClosed(GPF, 60)


def _in_doubt(script: Script) -> None:
    script.answers[0] = CommandState.UNKNOWN


SCENES = (
    Scene("home", HomeScreen, _home),
    Scene("bad-news", HomeScreen, _bad_news),
    Scene("glance", GlanceScreen, _glance, _in_doubt),
    Scene("gloves", CommissionScreen, _in_gloves),
    Scene("more", MoreScreen, _more),
    Scene("practise", PractiseScreen, _practise),
    Scene("question", InstallScreen, _question, given=asks_of_its_hub),
    Scene("metal", InstallScreen, _metal, given=asks_of_its_hub),
    Scene("lights", InstallScreen, _lights, given=asks_of_its_hub),
    Scene("summary", SummaryScreen, _summary, given=asks_of_its_hub),
    Scene("hubs", ConnectScreen, _hubs),
    Scene("wrong-hub", FormScreen, _wrong_hub),
    Scene("failure", FailureScreen, _steps_failed, _closed_window),
    Scene("plan", CommissionScreen, _plan),
    Scene("doubt", FormScreen, _doubt, _in_doubt),
    Scene("leave", FormScreen, _leave),
    Scene("lost", CommissionScreen, _lost),
    Scene("done", CommissionScreen, _done),
    Scene("queue", QueueScreen, _queue),
    Scene("message", MessageScreen, _message),
    Scene("inspector", InspectorScreen, _inspector),
    Scene("help", HelpScreen, _help),
    Scene("palette", Palette, _palette),
    Scene("debrief", DebriefScreen, _debrief),
)
