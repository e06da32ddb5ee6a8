"""What a simulated premises is made of: hub, neighbours, Devices, air, job and faults, as data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hht.entity_id import EntityId


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
    """The job's hub; `log_entries` is how many Devices its CHF Device Log holds already.

    `wan_variant` is what its label says. `quieter_channel` is the lower-band sub-GHz channel that a
    scan finds quieter, -1 for none. `scans_with_hht`: it scans though an HHT is in the HAN.
    `channel_table` are the 2.4 GHz channels that it can use, empty for all. `lost_by_move`: after a
    change of channel it is off the air until its power was off and on.
    """

    gpf: EntityId
    chf: EntityId
    place: RadioPlace
    powered_minutes: float
    log_entries: int
    joining_refused: bool
    wan_variant: str = ""
    quieter_channel: int = -1
    scans_with_hht: bool = False
    channel_table: tuple[int, ...] = ()
    lost_by_move: bool = False


@dataclass(frozen=True, slots=True)
class NeighbourSpec:
    """Another premises' hub within earshot."""

    gpf: EntityId
    place: RadioPlace


SUB_GHZ = "sub-GHz"
BANDS = ("2.4 GHz", SUB_GHZ)
COMES_BACK = ("secured", "unsecured", "orphan")
"""How a Device comes back to a hub that has changed its channel; see docs/scenarios.md."""


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """A Device of the premises. `wake_minutes` is 0 for one that never sleeps; one that does stays
    awake for `awake_minutes` after it has joined.

    `comes_back` is one of COMES_BACK; one that `stays_behind` does not follow its hub to another
    channel until its power was off and on. `band` is one of BANDS, empty if not given.

    `draft_ihd`: a DRAFT, the IHD of the paper of 2016 that became SECMP0007, a Type 1 Device
    that is updated as an HCALCS is. `without_updates`: its own firmware is so old that it neither
    names a version nor fetches an image.

    `joined`: it is in the SM HAN from the beginning. `works_with` are the labels of those that it
    is joined with, on both sides, from the beginning. `certificate_of_another`: where a join
    carries its certificate, that is another unit's. `as_hht`: a unit that lets itself in, first
    under this Entity Identifier; its radio has a line of its own and is not simulated here.
    """

    type: str
    entity_id: EntityId
    label: str
    lqi: int
    rssi: int
    wake_minutes: float
    install_code_wrong: bool
    joined: bool
    works_with: tuple[str, ...] = ()
    certificate_of_another: bool = False
    as_hht: EntityId | None = None
    comes_back: str = "secured"
    stays_behind: bool = False
    draft_ihd: bool = False
    without_updates: bool = False
    band: str = ""
    awake_minutes: float = 0


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
class DongleSpec:
    """The virtual dongle: the EZSP version it speaks, and the names of what it gets wrong."""

    ezsp: int = 13
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One phrase of a job: what to do, and the labels of the Devices it is about."""

    action: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobSpec:
    """The job of the premises; the head-end composes its Local Commands from `steps`.

    `answers` are what the supplier knows of the visit beforehand, by question; `wan_variant` is
    the hub's that is to be fitted. `channel_plan` are the channels that the building's shared HAN
    uses. A `walk_in` has no pack: the trainee begins the job.
    """

    reference: str
    title: str
    premises: str
    steps: tuple[Step, ...]
    answers: Mapping[str, str | bool] | None = None
    wan_variant: str = ""
    walk_in: bool = False
    channel_plan: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that happens `seconds` after a moment; `number` is which Command for "command".

    Seconds are of the premises' clock. `commands` are those that the DCC delivers over a WAN that
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
class ImageSpec:
    """A firmware image for the Device with the label `device`; `version` is 8 hexadecimal digits.

    `size` counts the bytes of the manufacturer image. It comes to the hub `seconds` after the
    milestone `after`, or the Device holds it from the beginning (`held`). `wrong` is "", "hash"
    (the Activate Firmware names another), "hardware" (it is for another) or "image" (it does not
    verify).
    """

    device: str
    version: str
    size: int
    after: str = ""
    seconds: float = 0
    held: bool = False
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class SiteSpec:
    """One premises with its job.

    `source` is the scenario's name or file that describes it, `profile` the hub profile's name,
    `speed` how many seconds of the premises pass in one of the wall clock.
    """

    name: str
    source: str = field(compare=False)
    profile: str
    speed: float
    job: JobSpec
    hub: HubSpec
    neighbours: tuple[NeighbourSpec, ...]
    devices: tuple[DeviceSpec, ...]
    air: AirSpec
    faults: tuple[Fault, ...]
    dongle: DongleSpec = DongleSpec()
    images: tuple[ImageSpec, ...] = ()


_ENTITIES = {"gpf", "chf", "entity_id", "as_hht"}


def to_json(spec: SiteSpec) -> dict[str, Any]:
    """Convert the specification to JSON values; `site_spec` reads it back."""
    return asdict(spec, dict_factory=_row)


def site_spec(row: Mapping[str, Any]) -> SiteSpec:
    """Read what `to_json` wrote; KeyError, TypeError or ValueError for anything else."""
    job, air = row["job"], row["air"]
    return SiteSpec(
        name=row["name"],
        source=row["source"],
        profile=row["profile"],
        speed=row["speed"],
        job=JobSpec(**_with_tuples({**job, "steps": _steps(job["steps"])})),
        hub=HubSpec(**_with_tuples(_identified(row["hub"]))),
        neighbours=tuple(NeighbourSpec(**_identified(each)) for each in row["neighbours"]),
        devices=tuple(DeviceSpec(**_with_tuples(_identified(each))) for each in row["devices"]),
        air=AirSpec(**{**air, "noise": {int(c): level for c, level in air["noise"].items()}}),
        faults=tuple(
            Fault(**{**each, "commands": _steps(each["commands"])}) for each in row["faults"]
        ),
        dongle=_dongle(row.get("dongle", {})),
        images=tuple(ImageSpec(**each) for each in row.get("images", ())),
    )


def _dongle(row: Mapping[str, Any]) -> DongleSpec:
    """Read the dongle; a site written before there was a choice has none in it."""
    return DongleSpec(**{**row, "faults": tuple(row.get("faults", ()))})


def _row(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, EntityId) else value for name, value in pairs}


def _identified(row: Mapping[str, Any]) -> dict[str, Any]:
    """Read the Entity Identifiers and the radio place in the fields of a hub or Device."""
    named = (name for name in _ENTITIES & row.keys() if row[name])
    entities = {name: EntityId.parse(row[name]) for name in named}
    places = {"place": RadioPlace(**row["place"])} if "place" in row else {}
    return {**row, **entities, **places}


def _with_tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the lists of JSON into the tuples that they were."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in row.items()}


def _steps(rows: list[Mapping[str, Any]]) -> tuple[Step, ...]:
    return tuple(Step(row["action"], tuple(row["labels"])) for row in rows)
