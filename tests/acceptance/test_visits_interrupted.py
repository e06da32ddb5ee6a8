"""Random visits, interrupted at random: killed, without dongle or hub, locked; each completes.

A seed draws the visit and what happens to it. The suite plays a few seeds, HHT_LONG=1 forty.
"""

import asyncio
import contextlib
import json
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from journey_stage import Stage, sent
from patience import PATIENCE
from play_visit import QUIET_SECONDS
from sampling import LONG
from store_samples import CCS01_COMMAND, open_store, pack

from hht.clock import ManualClock
from hht.duis.job.head import PackVisit
from hht.events import Event
from hht.gbcs.keystore import PemFolder
from hht.hub_profile import load_profile
from hht.journeys.auto.play import play
from hht.journeys.equipment import RadioKit
from hht.journeys.events import CommandSent, Summary
from hht.journeys.install.answers import Source
from hht.journeys.install.install_journey import InstallJourney
from hht.journeys.premises.devices import HanState
from hht.journeys.visit import Visit
from hht.session.identity import load_identity
from hht.store import CommandState, Store, StoreLocked

pytestmark = pytest.mark.whole_program

SEEDS = range(40 if LONG else 2)
VISITS = ("no-wan-install", "special-install-mesh", "next-day-resume")
MOMENTS = (
    *("step_started", "step_done", "command_sent", "command_changed", "install_answered"),
    *("response_captured", "alert_captured", "report_ready", "hub_found", "left"),
)
RESPONSE_SECONDS = 5
"""What a hub takes with it is waited for so long; Devices without latency answer at once."""

BYTES_OF_A_VISIT = 20_000
"""As many cross the dongle's line, both ways, in the longest of these visits."""

HUB = ("CHF", "GPF")
KILLED, PIN = -9, "471148-0815"


@pytest.fixture
def chance(request) -> random.Random:
    return random.Random(request.param)


@pytest.fixture
def stage(chance: random.Random, tmp_path: Path) -> Iterator[Stage]:
    stage = Stage.make(tmp_path / "stage", chance.choice(VISITS))
    stage.start_hub()
    yield stage
    stage.stop()


def kill_at_an_event(stage: Stage, chance: random.Random) -> set[int]:
    moment = f"{chance.choice(MOMENTS)}:{chance.randint(1, 6)}"
    code, events = stage.play(HHT_DIE_AT=moment)
    assert code in (0, KILLED), moment
    return sent(events)


def kill_around_a_commit(stage: Stage, chance: random.Random) -> set[int]:
    code, events = stage.play(HHT_CRASH_AT=str(chance.randint(1, 60)))
    assert code in (0, KILLED)
    return sent(events)


def kill_amid_the_bytes(stage: Stage, chance: random.Random) -> set[int]:
    """Killed once so many bytes have crossed the dongle's line, wherever the program then is."""
    return asyncio.run(_killed_after(stage, chance.randint(1, BYTES_OF_A_VISIT)))


async def _killed_after(stage: Stage, octets: int) -> set[int]:
    cable = await Cable.to(stage.port.number)
    program = stage.start_play(cable.address)
    cable.watch = lambda carried: program.kill() if carried >= octets else None
    try:
        assert program.stdout is not None
        printed = await asyncio.wait_for(asyncio.to_thread(program.stdout.read), PATIENCE)
        code = await asyncio.to_thread(program.wait, PATIENCE)
    finally:
        program.kill()
        cable.close()
    assert code in (0, KILLED), octets
    return sent([json.loads(line) for line in printed.splitlines()])


def pull_the_dongle(stage: Stage, chance: random.Random) -> set[int]:
    """The dongle is gone for a moment, while program and hub live on."""
    moment, number = chance.choice(MOMENTS), chance.randint(1, 4)
    published: list[Event] = []

    async def work(store: Store) -> None:
        cable = await Cable.to(stage.port.number)

        def watch(event: Event) -> None:
            published.append(event)
            if event.name == moment and [each.name for each in published].count(moment) == number:
                cable.pull()

        await play(visit_on(stage, store, watch, cable.address))
        cable.close()

    with stage.open_store() as store:
        asyncio.run(work(store))
    return {each.command_id for each in published if isinstance(each, CommandSent)}


def kill_the_hub(stage: Stage, chance: random.Random) -> set[int]:
    """The hub dies, its dongle with it, and is there again soon; the program lives on.

    Not while a Device is about to join: a power cut closes joining, and only another CCS01 helps.
    """
    moment, number = chance.choice(MOMENTS), chance.randint(1, 4)
    published: list[Event] = []
    starting: list[threading.Thread] = []

    def watch(event: Event) -> None:
        published.append(event)
        is_due = [each.name for each in published].count(moment) >= number
        if is_due and not starting and nobody_is_joining(visit):
            stage.kill_hub()
            starting.append(threading.Thread(target=stage.start_hub))
            starting[0].start()

    with stage.open_store() as store:
        visit = visit_on(stage, store, watch, stage.address)
        asyncio.run(_play(visit))
    for each in starting:
        each.join()
    return {each.command_id for each in published if isinstance(each, CommandSent)}


def nobody_is_joining(visit: Visit) -> bool:
    """Whether every Device is on the HAN already, or none was spoken of yet."""
    devices = [each for each in visit.premises.devices(visit.clock.now()) if each.type not in HUB]
    untouched = all(row.state is CommandState.WAITING for row in visit.view.commands)
    return untouched or all(each.state is HanState.ON_HAN for each in devices)


async def _play(visit: Visit) -> None:
    await play(visit)


class Cable:
    """The line between program and dongle, which can be pulled: it can be opened again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self.address = ""
        self._carried = 0
        self.watch: Callable[[int], None] = lambda carried: None
        """Called with the bytes that have crossed so far, before they are handed on."""

    @classmethod
    async def to(cls, port: int) -> "Cable":
        cable = cls(port)
        cable._server = await asyncio.start_server(cable._carry, "127.0.0.1", 0)
        cable.address = f"socket://127.0.0.1:{cable._server.sockets[0].getsockname()[1]}"
        return cable

    def pull(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def close(self) -> None:
        self.pull()
        if self._server is not None:
            self._server.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far, to_far = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers += [writer, to_far]
        await asyncio.gather(self._pump(reader, to_far), self._pump(far, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(4096):
                self._carried += len(data)
                self.watch(self._carried)
                writer.write(data)
        writer.close()


def visit_on(stage: Stage, store: Store, watch, address: str) -> Visit:
    identity = load_identity(stage.run_dir / "hht-identity.json")
    profile = replace(load_profile(), response_seconds=RESPONSE_SECONDS)
    kit = RadioKit(address, identity, profile, PemFolder(stage.run_dir / "keys"))
    return Visit(store, 1, kit, watch, quiet_seconds=QUIET_SECONDS)


INTERRUPTS = (
    *(kill_at_an_event, kill_around_a_commit, kill_amid_the_bytes),
    *(pull_the_dongle, kill_the_hub),
)


@pytest.mark.parametrize("chance", SEEDS, indirect=True)
def test_a_visit_interrupted_at_random_completes(stage: Stage, chance: random.Random) -> None:
    for interrupt in chance.choices(
        INTERRUPTS,
        k=chance.randint(2, 4),
    ):
        answered = stage.answered()
        assert not interrupt(stage, chance) & answered
    code, events = stage.play()
    assert code == 0
    with stage.open_store() as store:
        numbers = [row["id"] for row in store.database.rows("SELECT id FROM events ORDER BY id")]
        assert numbers == list(range(1, len(numbers) + 1))
        (report,) = store.returns.reports_of(1)
        assert report.state == "ready"
        stand = [(row.title, str(row.state), row.reason) for row in store.commands.of_job(1)]
    assert events[-1]["outcome"] == "complete", (events[-1], stand)
    assert events[-1]["event"] == Summary.name
    assert (events[-1]["uncaptured"], events[-1]["reports"]) == (0, 1)


@pytest.mark.parametrize("chance", range(len(SEEDS) * 4), indirect=True)
def test_questions_locked_or_killed_at_random_stand_where_they_were(
    chance: random.Random, tmp_path: Path
) -> None:
    """Locking refuses the answer being given and changes nothing; the PIN is the one key."""
    answers: dict[str, object] = {
        "visit": "install",
        "replaced": chance.random() < 0.5,
        "CHFLocation": "Deep indoors",
        "AerialInstall": False,
        "wan": chance.random() < 0.5,
        "PremiseType": "Terraced",
        "MetalObstructionCheck": True,
        "SharedObstructionCheck": False,
        "ConnectivityObstructionCheck": False,
        "MPxN": "2000000000015",
    }
    store = open_store(tmp_path)
    store.vault.protect(PIN)
    job = store.jobs.add(_pack_with(answers))
    clock = ManualClock()
    journey = InstallJourney(store, job, clock=clock)
    while (asked := journey.answers.next) is not None:
        if chance.random() < 0.1:
            before = journey.answers
            store.vault.lock()
            with pytest.raises(StoreLocked):
                journey.put_off(asked.id)
            assert journey.answers == before
            store.vault.unlock(PIN)
        if chance.random() < 0.3:
            again = InstallJourney(store, job, clock=clock)
            assert again.answers.next == asked
            journey = again
        if asked.id in journey.from_job:
            journey.answer(asked.id, journey.from_job[asked.id], chance.choice(list(Source)[:2]))
        else:
            journey.skip(asked.id, "not there")
    assert journey.queue_report() == InstallJourney(store, job, clock=clock).queue_report()
    assert len(store.returns.reports_of(job.id)) == 1
    store.close()


def _pack_with(answers):
    return replace(pack(CCS01_COMMAND), visit=PackVisit(answers))
