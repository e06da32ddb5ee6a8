"""What a training scenario is made of: site, job, air, faults, expectation and score, as data."""

from collections.abc import Mapping
from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.simulator.head_end.job_phrases import Step

OUTCOMES = ("complete", "incomplete", "failed")
MOMENTS = ("power-on", "admitted", "joined", "command")


@dataclass(frozen=True, slots=True)
class FaultKind:
    """What a fault needs beside its moment: "device", "level" (from `low` to `high`), "commands".

    Noise needs a channel too. `lasts` says whether a duration puts things back as they were.
    """

    title: str
    needs: str = ""
    low: float = 0
    high: float = 1
    lasts: bool = True


FAULTS: Mapping[str, FaultKind] = {
    "power-cut": FaultKind("Cut the hub's power"),
    "noise": FaultKind("Interference", "level", -110, 0),
    "drop-frames": FaultKind("Lose frames between HHT and hub", "level"),
    "late-frames": FaultKind("Make frames late", "level"),
    "duplicate-frames": FaultKind("Make frames come twice", "level"),
    "device-off": FaultKind("Switch a Device off", "device"),
    "device-on": FaultKind("Switch a Device on", "device", lasts=False),
    "window-closed": FaultKind("Close the inter-PAN window", lasts=False),
    "stay-ended": FaultKind("End the HHT's stay", lasts=False),
    "wan-returns": FaultKind("Let the WAN come back", "commands"),
}


@dataclass(frozen=True, slots=True)
class RadioPlace:
    """Where a network is heard: channel 11-26, PAN id, LQI 0-255, RSSI in dBm, loss 0-1."""

    channel: int
    pan_id: int
    lqi: int
    rssi: int
    loss: float


@dataclass(frozen=True, slots=True)
class HubSpec:
    """The job's hub; `log_entries` is how many Devices its CHF Device Log holds already."""

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
    """A Device of the premises. `wake_minutes` is 0 for one that never sleeps.

    `joined`: it is in the SM HAN from the beginning.
    """

    type: str
    entity_id: EntityId
    label: str
    lqi: int
    rssi: int
    wake_minutes: float
    install_code_wrong: bool
    joined: bool


@dataclass(frozen=True, slots=True)
class AirSpec:
    """The air: times in milliseconds, shares of frames 0-1, noise in dBm by channel."""

    latency_ms: float
    jitter_ms: float
    late: float
    late_ms: float
    duplicates: float
    noise: dict[int, int]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that happens `seconds` after a moment; `number` is which Command for "command".

    Seconds are of the training clock. `commands` are those that the DCC delivers over a WAN that
    is back; `level` is dBm for noise and a share of frames otherwise.
    """

    what: str
    after: str = ""
    number: int = 1
    seconds: float = 0
    duration: float = 0
    device: str = ""
    channel: int = 0
    level: float = 0
    commands: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What else than the outcome shows that the exercise went as it is meant to go.

    None and empty expect nothing. `failure` is a part of what a failure on the way says.
    """

    alerts: tuple[int, ...]
    answered: int | None
    failed: int | None
    unknown: int | None
    failure: str


@dataclass(frozen=True, slots=True)
class Score:
    """Points of a hundred that each finding costs.

    The power cycles that the scenario needs and the Commands that cannot be delivered cost none.
    """

    minute_over_par: int
    wrong_pick: int
    power_cycle: int
    undelivered: int
    unsafe_skip: int
    needed_power_cycles: int
    unavoidable: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """One exercise, as its file gives it; `source` is what `load_scenario` was asked for.

    `speed` is how many seconds of the premises' time pass in one of the trainee's, `auto_speed`
    the same where nobody watches.
    """

    name: str
    source: str
    title: str
    expects: str
    briefing: str
    hints: tuple[str, ...]
    profile: str
    speed: float
    auto_speed: float
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
    expected: Expected
    score: Score
