"""The screens that a journey leads to, each in a state that is always the same."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from duis_samples import GPF
from install_steps import asked
from move_samples import moved, ways
from pairing_bench import pairing_pack
from screen_bench import Bench
from screen_job import ONTO_THE_HAN, enter_each, hub_of
from screen_scenes import Basis, Scene, of_pack, shown, two_commands
from screen_steps import at_the_hubs, at_the_jobs, at_the_plan
from screen_visit import Judged, Script
from store_samples import CCS01_COMMAND, CS14_ALERT, open_store, pack
from wan_matrix_samples import COVERAGE

from hht.duis.job.brief import JobBrief
from hht.duis.job.head import PackVisit
from hht.facility.unit.display import LINES, Display, Stage
from hht.journeys.events import ConnectionLost, HubChosen, Left, StepStarted
from hht.journeys.move.standing import MoveView
from hht.journeys.premises.devices import HanState, Proof
from hht.outbox.capture import capture_message
from hht.store import CommandEvent, Mode, Store
from hht.texts import text
from screens.alerts.screen import AlertsScreen
from screens.context import HhtContext
from screens.coverage.screen import CoverageScreen
from screens.devices.screen import DevicesScreen
from screens.firmware.screen import FirmwareScreen
from screens.forms.path import PathScreen
from screens.forms.typed import TypedScreen
from screens.lock.screen import LockScreen
from screens.manual.screen import ManualScreen, PageScreen
from screens.move.screen import MoveScreen
from screens.pairing.screen import PairingScreen
from screens.paused import PausedScreen
from screens.replay.screen import ReplayScreen
from screens.set_up.pin_setting import PinScreen
from screens.shell import Place
from screens.survey.screen import SurveyScreen
from screens.unit.screen import UnitScreen

PAGE = """# What to record

Note the hub's **label**, and the time of each step.

- the channel
- what the app said
"""
HAPPENED = (
    HubChosen(GPF),
    StepStarted("ccs01"),
    ConnectionLost("The dongle went away", "Plug it in."),
    Left(GPF),
)


def _of_scenario(name: str, basis: Basis) -> HhtContext:
    """Return the context with that scenario's job, whose hub is the only one heard."""
    job = pairing_pack(basis.folder, name)
    basis.script.hubs = (hub_of(job),)
    return of_pack(basis, job)


def _pairing_job(basis: Basis) -> HhtContext:
    return _of_scenario("ppmid-engineer", basis)


def _firmware_job(basis: Basis) -> HhtContext:
    return _of_scenario("firmware-hcalcs", basis)


def _covered_job(basis: Basis) -> HhtContext:
    job = replace(pack(), visit=PackVisit({}), brief=JobBrief(coverage=COVERAGE))
    return of_pack(basis, job)


def _protected(basis: Basis) -> HhtContext:
    """Return the context of live data behind a PIN."""

    def opened_live() -> Store:
        return open_store(basis.folder, Mode.LIVE, clock=basis.clock)

    with opened_live() as store:
        store.jobs.add(pack(CCS01_COMMAND, mode=None))
        store.vault.protect("271828")
    return replace(basis.context, mode="live", open_store=opened_live, clock=basis.clock)


def _unit_job(basis: Basis) -> HhtContext:
    exercise = Judged(basis.script)
    exercise.display = Display(
        "00-DB-00-00-00-61-10-A4", Stage.LETTING_IN, LINES[Stage.LETTING_IN], "", 1, 3, 4
    )
    return replace(two_commands(basis), exercise=exercise)


async def _go(bench: Bench, place: Place, screen: str) -> None:
    bench.app.go(place)
    await shown(bench, screen)


async def _on_the_han(bench: Bench) -> None:
    """Connect to the hub of whichever job there is."""
    await enter_each(bench, *ONTO_THE_HAN)
    await shown(bench, "commission")


async def _pairing(bench: Bench, script: Script) -> None:
    """Show a Device that may join, its joining time running."""
    await _on_the_han(bench)
    await _go(bench, Place.PAIRING, "pairing")
    visit = script.visit
    assert visit

    def added() -> None:
        device, now = visit.pairing.tasks[0].device, visit.clock.now()
        for event in (CommandEvent.SEND, CommandEvent.POSITIVE):
            visit.store.commands.move(1, event)
        visit.premises.place(device, HanState.IN_LOG, Proof.LOG_ALERT, now)
        visit.pairing.opened(device, now - timedelta(seconds=40))

    await bench.app.service.worker_loop.run(added)
    await bench.app.service.look()
    await bench.settled()


async def _firmware(bench: Bench, script: Script) -> None:
    await _on_the_han(bench)
    await _go(bench, Place.FIRMWARE, "firmware")


async def _coverage(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    await bench.press("enter")
    await asked(bench, "visit")
    await bench.press("w")
    await shown(bench, "coverage")


async def _move(bench: Bench, script: Script) -> None:
    await at_the_plan(bench)
    await _go(bench, Place.MOVE, "move")


async def _survey(bench: Bench, script: Script) -> None:
    await at_the_hubs(bench)
    await _go(bench, Place.SURVEY, "survey")
    await bench.press("enter")
    await bench.until("11 12 13")
    await bench.until_offered("listen")
    await bench.settled()


async def _devices(bench: Bench, script: Script) -> None:
    await at_the_plan(bench)
    await _go(bench, Place.DEVICES, "devices")


async def _alerts(bench: Bench, script: Script) -> None:
    await at_the_plan(bench)
    visit = script.visit
    assert visit
    store, job, now = visit.store, visit.job.id, visit.clock.now()
    await bench.app.service.worker_loop.run(
        lambda: capture_message(store, CS14_ALERT, hub=GPF, job_id=job, received_at=now)
    )
    await bench.app.service.look()  # else the count to return follows at a moment of the clock's
    await _go(bench, Place.ALERTS, "alerts")


async def _replay(bench: Bench, script: Script) -> None:
    await at_the_plan(bench)
    visit = script.visit
    assert visit

    def happen() -> None:
        for second, event in enumerate(HAPPENED):
            at = visit.clock.now() + timedelta(seconds=second)
            visit.store.events.add(event, at=at, job_id=visit.job.id, sitting=1, seconds=second)

    await bench.app.service.worker_loop.run(happen)
    await _go(bench, Place.REPLAY, "replay")
    await bench.press("enter", "enter", "enter")
    await bench.settled()


async def _unit(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    await bench.press("enter")
    await shown(bench, "unit")


async def _lock(bench: Bench, script: Script) -> None:
    await shown(bench, "lock")


async def _paused(bench: Bench, script: Script) -> None:
    await at_the_plan(bench)
    bench.app.context.is_paused = lambda: True
    await shown(bench, "paused")


async def _manual(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    await _go(bench, Place.MANUAL, "manual")


async def _page(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    bench.app.show(PageScreen("What to record", PAGE))
    await shown(bench, "manual")


async def _pin(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    await _go(bench, Place.PIN, "form")
    await bench.press("2")
    await shown(bench, "pin")


async def _typed(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    await bench.press("slash")
    await shown(bench, "typed")


async def _path(bench: Bench, script: Script) -> None:
    await at_the_jobs(bench)
    bench.app.push_screen(PathScreen(text("import.which"), Path("job.zip")))
    await shown(bench, "path")


def _moving(script: Script) -> None:
    script.move = MoveView(moved(), ways(), ())


JOURNEY_SCENES = (
    Scene("pairing", PairingScreen, _pairing, given=_pairing_job),
    Scene("firmware", FirmwareScreen, _firmware, given=_firmware_job),
    Scene("coverage", CoverageScreen, _coverage, given=_covered_job),
    Scene("move", MoveScreen, _move, _moving),
    Scene("survey", SurveyScreen, _survey),
    Scene("devices", DevicesScreen, _devices),
    Scene("alerts", AlertsScreen, _alerts),
    Scene("replay", ReplayScreen, _replay),
    Scene("unit", UnitScreen, _unit, given=_unit_job),
    Scene("lock", LockScreen, _lock, given=_protected),
    Scene("paused", PausedScreen, _paused),
    Scene("manual", ManualScreen, _manual),
    Scene("page", PageScreen, _page),
    Scene("pin", PinScreen, _pin),
    Scene("typed", TypedScreen, _typed),
    Scene("path", PathScreen, _path),
)
