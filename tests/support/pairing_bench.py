"""A job that pairs Devices in a store of its own, without a hub: its events are put in by hand."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store_samples import bring

from hht.clock import Clock, SystemClock
from hht.duis.job_pack import JobPack, read_job_pack
from hht.entity_id import EntityId
from hht.events import Event
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.device_commands import AddDevice, JoinDevice, device_command
from hht.gbcs.message import Cra, Message
from hht.journeys.firmware.firmware_journey import FirmwareJourney
from hht.journeys.move.standing import MoveView, view_of_move
from hht.journeys.move.states import Move, MoveState
from hht.journeys.pairing.pairing_journey import DevicePairing, PairingJourney
from hht.journeys.pairing.steps import PairingStep, Stage
from hht.journeys.plan.plan import Plan
from hht.journeys.premises.device_logs import CHF_LOG
from hht.journeys.premises.devices import HanState, Premises, Proof
from hht.simulator.devices.core import alerts
from hht.simulator.devices.types.chf_log import ChfLog
from hht.simulator.head_end.job_phrases import parse_step
from hht.simulator.site.preparation import prepare_site
from hht.store import Capture, CommandRow, CommandState, JobRow, Mode, Store
from hht.training.scenario.load import load_scenario

MORNING = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@dataclass
class PairingBench:
    """The journey over a store; `later` moves the clock, `bring` a Local Command."""

    store: Store
    job: JobRow
    gone: float = 0.0
    published: list[Event] = field(default_factory=list)
    plan: Plan = field(init=False)
    premises: Premises = field(init=False)
    journey: PairingJourney = field(init=False)
    firmware: FirmwareJourney = field(init=False)
    move: MoveView = field(init=False)

    def __post_init__(self) -> None:
        self.move = view_of_move(self.job, Move())
        self.restart()

    @property
    def clock(self) -> Clock:
        return SystemClock(wall=lambda: MORNING.timestamp() + self.gone)

    def restart(self) -> None:
        """Begin as a program does that has just been started."""
        captures = self.store.captures.of_job(self.job.id)
        self.plan = Plan(self.store.commands.of_job(self.job.id))
        self.premises = Premises.of(self.job, captures)
        self.journey = PairingJourney(
            *(self.store, self.job.id, self.plan, self.premises, self.clock),
            self.published.append,
            captures,
            missed=lambda: self.move.missed,
        )
        self.firmware = FirmwareJourney(
            *(self.store, self.job, self.plan, self.clock, self.published.append), captures=captures
        )

    def hub_moved(self, heard: str = "") -> None:
        """Let the hub be back on another channel, and one of the Devices have been heard since."""
        at = self.clock.now()
        devices = {self.id_of(heard): at} if heard else {}
        move = Move(MoveState.WATCHING, since=at, hub_at=at, looked_at=at, heard=devices)
        self.move = view_of_move(self.job, move)

    def later(self, seconds: float) -> None:
        self.gone += seconds

    def id_of(self, label: str) -> EntityId:
        return next(each.entity_id for each in self.job.devices if each.label == label)

    def bring(self, row: CommandRow, state: CommandState, reason: str = "") -> None:
        bring(self.store, row.id, state, reason)
        self.plan.update(self.store.commands.get(row.id))

    def added(self, label: str) -> None:
        """Let the hub have answered its CCS01 now."""
        row = self.add_of(label)
        self.journey.note_sending(row)
        self.bring(row, CommandState.ANSWERED)
        self.journey.opened(self.id_of(label), MORNING + timedelta(seconds=self.gone))

    def stands(self, label: str, state: HanState, proof: Proof = Proof.LOG_ALERT) -> None:
        """Let the hub have shown that a Device is in its log, or on the HAN."""
        now = MORNING + timedelta(seconds=self.gone)
        self.premises.place(self.id_of(label), state, proof, now)

    def hear(self, label: str) -> None:
        """Let a Device have sent something now."""
        assert self.job.hub_gpf
        said = captured_alert(self.id_of(label), self.job.hub_gpf, b"", 0x00CF, 0)
        self.premises.note(replace(said, received_at=self.clock.now()))

    def add_of(self, label: str) -> CommandRow:
        wanted = self.id_of(label)
        return next(r for r, c in self._said() if isinstance(c, AddDevice) and c.device == wanted)

    def joins_of(self, label: str) -> list[CommandRow]:
        wanted = self.id_of(label)
        return [
            row
            for row, c in self._said()
            if isinstance(c, JoinDevice) and wanted in (c.device, c.other)
        ]

    def _said(self) -> list[tuple[CommandRow, object]]:
        return [(row, device_command(Message.parse(row.raw))) for row in self.plan.rows]

    def device(self, label: str) -> DevicePairing:
        view = self.journey.view
        assert view
        return next(each for each in view.devices if each.task.device == self.id_of(label))

    def step(self, label: str, stage: Stage) -> PairingStep:
        return next(each for each in self.device(label).steps if each.stage is stage)


def pairing_pack(
    folder: Path, scenario: str = "ppmid-engineer", commands: tuple[str, ...] = ()
) -> JobPack:
    """The job pack of a scenario, with other Local Commands where some are given."""
    site = load_scenario(scenario).site
    types = {each.label: DeviceType[each.type] for each in site.devices}
    steps = tuple(parse_step(each, types) for each in commands)
    job = replace(site.job, steps=steps or site.job.steps)
    return read_job_pack(prepare_site(replace(site, job=job), folder / "site", 1).job_dir)


def pairing_bench(
    folder: Path, scenario: str = "ppmid-engineer", commands: tuple[str, ...] = ()
) -> PairingBench:
    """The scenario's job in a store of its own."""
    store = Store.open(folder / "training.db", Mode.TRAINING)
    return PairingBench(store, store.jobs.add(pairing_pack(folder, scenario, commands)))


def activation_report(
    device: EntityId, hub: EntityId, counter: int, code: int = 0x8F66, result: int = 0
) -> Capture:
    """A Device's later word on the Activate Firmware with this counter (00CA)."""
    number = counter.to_bytes(counter.bit_length() // 8 + 1, "big")
    body = bytes.fromhex(f"0203 00{code:04X} 180F 32303330303131353039303030305A")
    body += bytes([2, len(number)]) + number
    body += bytes.fromhex(f"3009 0201{result:02X} 0404 0123ABCF")
    payload = b"\x30" + bytes([len(body)]) + body
    supplier = EntityId.parse("90-B3-D5-1F-30-01-00-00")
    message = Message(Cra.ALERT, 1, device, supplier, 0x00CA, payload, signature=bytes(64))
    return captured_alert(device, hub, message.encode(), 0x00CA, code)


def log_alert(hub: EntityId, log: ChfLog, counter: int) -> bytes:
    """The hub's Alert 8F12 (CS14), which brings its whole Device Log."""
    payload = alerts.dlms(CHF_LOG, counter, MORNING, log.backup(MORNING))
    broker = EntityId.parse("90-B3-D5-1F-30-02-00-00")
    return Message(Cra.ALERT, counter, hub, broker, 0x0018, payload).encode()


def captured_alert(
    originator: EntityId, hub: EntityId, raw: bytes, message_code: int, code: int
) -> Capture:
    """An Alert as the store would have it."""
    return Capture(
        id=1,
        job_id=1,
        hub=hub,
        received_at=MORNING,
        raw=raw,
        cra=Cra.ALERT,
        originator=originator,
        recipient=None,
        counter=1,
        message_code=message_code,
        alert_code=code,
        command_id=None,
        return_id=None,
        judgement=None,
    )
