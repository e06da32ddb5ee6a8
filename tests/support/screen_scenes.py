"""Every screen in a state that is always the same: for snapshots, languages and colours."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from duis_samples import GPF
from install_steps import asked
from screen_bench import Bench
from screen_steps import at_the_hubs, at_the_jobs, at_the_plan, at_the_queue
from screen_visit import Script
from store_samples import CCS01_COMMAND, CCS01_RESPONSE

from hht.session.errors import MembershipEnded, WindowClosed
from hht.store import CommandState
from screens.debrief.screen import DebriefScreen
from screens.help.screen import HelpScreen
from screens.message.screen import MessageScreen
from screens.service.lookups import Titled
from screens.shell import Place

Reach = Callable[[Bench, Script], Awaitable[None]]


@dataclass(frozen=True)
class Scene:
    """A screen by name, how to get there, and what the visit does on the way."""

    name: str
    reach: Reach
    prepare: Callable[[Script], object] = lambda script: None
    is_visit: bool = False
    """Whether the job asks about its hub, too."""


async def _shown(bench: Bench, screen: str) -> None:
    """Wait until that screen is on show and stays as it is, however busy the machine."""
    await bench.until_it_holds(lambda: getattr(bench.app.screen, "HELP", None) == screen)
    await bench.settled()


async def _home(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)


async def _more(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    bench.app.go(Place.MORE)
    await _shown(bench, "more")


async def _practise(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    bench.app.go(Place.PRACTISE)
    await _shown(bench, "practise")


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
    await _shown(bench, "summary")


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
    await _shown(bench, "form")


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
    await _shown(bench, "message")


async def _inspector(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    await bench.press("i")
    await _shown(bench, "inspector")


async def _help(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    await bench.press("f1")
    await bench.until_it_holds(lambda: isinstance(bench.app.screen, HelpScreen))
    await bench.settled()


async def _debrief(bench: Bench, script: Script) -> None:
    from screen_visit import DEBRIEF

    await at_the_jobs(bench)
    bench.app.push_screen(DebriefScreen(DEBRIEF))
    await _shown(bench, "debrief")


async def _glance(bench: Bench, script: Script) -> None:
    await _doubt(bench, script)
    await bench.press("escape", "f3")
    await bench.until_it_holds(lambda: bench.app.screen.HELP == "glance")


async def _in_gloves(bench: Bench, script: Script) -> None:
    await _plan(bench, script)
    bench.app.go(Place.GLOVE)
    await bench.settled()
    bench.app.clear_notifications()  # what it says goes away by the machine's clock
    await bench.settled()


def _closed_window(script: Script) -> None:
    script.failures["inter-pan-cbke"] = WindowClosed(GPF, 60)


def _in_doubt(script: Script) -> None:
    script.answers[0] = CommandState.UNKNOWN


SCENES = (
    Scene("home", _home),
    Scene("glance", _glance, _in_doubt),
    Scene("gloves", _in_gloves),
    Scene("more", _more),
    Scene("practise", _practise),
    Scene("question", _question, is_visit=True),
    Scene("metal", _metal, is_visit=True),
    Scene("lights", _lights, is_visit=True),
    Scene("summary", _summary, is_visit=True),
    Scene("hubs", _hubs),
    Scene("wrong-hub", _wrong_hub),
    Scene("failure", _steps_failed, _closed_window),
    Scene("plan", _plan),
    Scene("doubt", _doubt, _in_doubt),
    Scene("leave", _leave),
    Scene("lost", _lost),
    Scene("done", _done),
    Scene("queue", _queue),
    Scene("message", _message),
    Scene("inspector", _inspector),
    Scene("help", _help),
    Scene("debrief", _debrief),
)
