"""Training scenarios: TOML files that a trainer writes, checked with the line of each mistake.

A scenario names the site (hub, neighbours, Devices), the job's Commands, the faults that strike in
the middle, what the trainee is told, and the outcome it is expected to reach. The files are in
assets/scenarios; a path to a file of one's own does as well as a name.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from hht.entity_id import EntityId
from hht.errors import InputError
from hht.gbcs.asn1.codes import DeviceType
from hht.training.scenario_reader import Table, read_table
from hht.training.steps import Step, parse_step

SITES = ("rtds",)
"""Scenarios that are no exercise: a hub to try messages on."""
OUTCOMES = ("complete", "incomplete", "failed")
DEVICE_TYPES = ("ESME", "GSME", "PPMID", "HCALCS")
MOMENTS = ("power-on", "admitted", "joined", "command")
FAULTS = (
    "power-cut", "noise", "device-off", "device-on", "wan-returns", "drop-frames", "window-closed"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RadioPlace:
    """Where a network is heard: channel 11-26, PAN id, LQI 0-255, RSSI in dBm."""

    channel: int
    pan_id: int
    lqi: int
    rssi: int


@dataclass(frozen=True, slots=True)
class HubSpec:
    """The job's hub. `window_minutes` None leaves the limit to the hub profile."""

    gpf: EntityId
    chf: EntityId
    place: RadioPlace
    powered_minutes: float
    log_entries: int
    joining_refused: bool


@dataclass(frozen=True, slots=True)
class NeighbourSpec:
    """Another premises' hub within earshot."""

    gpf: EntityId
    place: RadioPlace


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """A Device of the premises. `wake_minutes` is 0 for one that never sleeps."""

    type: str
    entity_id: EntityId
    label: str
    lqi: int
    rssi: int
    wake_minutes: float
    install_code_wrong: bool


@dataclass(frozen=True, slots=True)
class AirSpec:
    """The air: loss 0-1 per frame, latency in milliseconds, noise in dBm by channel."""

    loss: float
    latency_ms: float
    noise: dict[int, int]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that happens `seconds` after a moment; `number` is which Command for "command"."""

    what: str
    after: str
    number: int
    seconds: float
    duration: float
    device: str
    channel: int
    level: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """One exercise, as its file gives it; `source` is what `load_scenario` was asked for."""

    name: str
    source: str
    title: str
    expects: str
    briefing: str
    profile: str
    job_reference: str
    job_title: str
    premises: str
    steps: tuple[Step, ...]
    hub: HubSpec
    neighbours: tuple[NeighbourSpec, ...]
    devices: tuple[DeviceSpec, ...]
    air: AirSpec
    faults: tuple[Fault, ...]
    par_minutes: float


def scenario_names() -> tuple[str, ...]:
    """The names of the scenarios that come with the program."""
    folder = files("assets") / "scenarios"
    names = (entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in names))


def list_scenarios() -> tuple[Scenario, ...]:
    """Every scenario that comes with the program."""
    return tuple(load_scenario(name) for name in scenario_names())


def load_scenario(name: str) -> Scenario:
    """Read a scenario by name or path; InputError names the file, the line and what is wrong."""
    source = _find(name)
    where = f"{source.name}"
    try:
        text = source.read_text("utf-8")
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"This is not TOML: {error}", where=where, remedy="Correct it.") from None
    return _scenario(name, read_table(document, text, where))


def _find(name: str) -> Traversable:
    path = Path(name)
    if path.suffix == ".toml" and path.is_file():
        return path.resolve()
    if name in SITES:
        return files("assets") / "sites" / f"{name}.toml"
    source = files("assets") / "scenarios" / f"{name}.toml"
    if name not in scenario_names():
        raise InputError(
            f"There is no scenario {name!r}",
            remedy=f"Choose one of {', '.join(scenario_names())}, or give a .toml file.",
        )
    return source


def _scenario(source: str, top: Table) -> Scenario:
    job = top.table("job")
    devices = tuple(map(_device, top.tables("devices")))
    labels = tuple(device.label for device in devices)
    scenario = Scenario(
        name=Path(source).stem,
        source=source,
        title=top.text("title"),
        expects=top.choice("expects", OUTCOMES),
        briefing=top.text("briefing"),
        profile=top.text("profile", "stand-in"),
        job_reference=job.text("reference"),
        job_title=job.text("title"),
        premises=job.text("premises"),
        steps=_steps(job, devices),
        hub=_hub(top.table("hub")),
        neighbours=tuple(map(_neighbour, top.tables("neighbours"))),
        devices=devices,
        air=_air(top.table("air", required=False)),
        faults=tuple(_fault(table, labels) for table in top.tables("faults")),
        par_minutes=top.number("par_minutes", 20, low=0),
    )
    for table in (job, top):
        table.finish()
    _check_identities(top, scenario)
    return scenario


def _steps(job: Table, devices: tuple[DeviceSpec, ...]) -> tuple[Step, ...]:
    kinds = {device.label: DeviceType[device.type] for device in devices}
    try:
        return tuple(parse_step(phrase, kinds) for phrase in job.texts("commands"))
    except ValueError as error:
        raise job.mistake(("commands",), str(error)) from None


def _hub(table: Table) -> HubSpec:
    spec = HubSpec(
        gpf=table.entity_id("gpf"),
        chf=table.entity_id("chf"),
        place=_place(table),
        powered_minutes=table.number("powered_minutes", 0, low=0),
        log_entries=table.integer("log_entries", 0, low=0, high=16),
        joining_refused=table.boolean("joining_refused"),
    )
    table.finish()
    return spec


def _neighbour(table: Table) -> NeighbourSpec:
    spec = NeighbourSpec(table.entity_id("gpf"), _place(table))
    table.finish()
    return spec


def _place(table: Table) -> RadioPlace:
    return RadioPlace(
        channel=table.integer("channel", low=11, high=26),
        pan_id=table.integer("pan_id", low=1, high=0xFFFE),
        lqi=table.integer("lqi", 255, low=0, high=255),
        rssi=table.integer("rssi", -50, low=-110, high=0),
    )


def _device(table: Table) -> DeviceSpec:
    spec = DeviceSpec(
        type=table.choice("type", DEVICE_TYPES),
        entity_id=table.entity_id("entity_id"),
        label=table.text("label"),
        lqi=table.integer("lqi", 200, low=0, high=255),
        rssi=table.integer("rssi", -60, low=-110, high=0),
        wake_minutes=table.number("wake_minutes", 0, low=0),
        install_code_wrong=table.boolean("install_code_wrong"),
    )
    table.finish()
    return spec


def _air(table: Table) -> AirSpec:
    noise = table.table("noise", required=False)
    spec = AirSpec(
        loss=table.number("loss", 0, low=0, high=1),
        latency_ms=table.number("latency_ms", 0, low=0),
        noise={
            c: noise.integer(str(c), low=-110, high=0) for c in range(11, 27) if str(c) in noise
        },
    )
    noise.finish()
    table.finish()
    return spec


def _fault(table: Table, labels: Iterable[str]) -> Fault:
    needs_device = table.choice("what", FAULTS).startswith("device-")
    fault = Fault(
        what=table.choice("what", FAULTS),
        after=table.choice("after", MOMENTS),
        number=table.integer("number", 1, low=1),
        seconds=table.number("seconds", 0, low=0),
        duration=table.number("duration", 0, low=0),
        device=table.choice("device", tuple(labels)) if needs_device else "",
        channel=table.integer("channel", 11, low=11, high=26),
        level=table.number("level", 0, low=-110, high=1),
    )
    table.finish()
    return fault


def _check_identities(top: Table, scenario: Scenario) -> None:
    """Every Entity Identifier names one thing; a CHF, a GPF and each Device are all different."""
    seen = {scenario.hub.gpf, scenario.hub.chf}
    if len(seen) == 1:
        raise top.mistake(("hub", "chf"), "the CHF and the GPF have different Entity Identifiers")
    for index, device in enumerate(scenario.devices):
        if device.entity_id in seen:
            path = ("devices", index, "entity_id")
            raise top.mistake(path, f"{device.entity_id} is used twice")
        seen.add(device.entity_id)
    for index, neighbour in enumerate(scenario.neighbours):
        if neighbour.gpf in seen:
            raise top.mistake(("neighbours", index, "gpf"), f"{neighbour.gpf} is used twice")
        seen.add(neighbour.gpf)
