"""The tables of a scenario file about its premises: hub, neighbours, Devices, air, dongle."""

from hht.simulator.head_end.job_phrases import HUB_LABELS
from hht.simulator.ncp.faults.catalogue import FAULTS as DONGLE_FAULTS
from hht.simulator.ncp.versions import VERSIONS
from hht.simulator.site.device_limits import DEVICE_TYPES, too_many
from hht.simulator.site.spec import (
    BANDS,
    COMES_BACK,
    AirSpec,
    DeviceSpec,
    DongleSpec,
    HubSpec,
    NeighbourSpec,
    RadioPlace,
)
from hht.training.scenario.reader import Table

_CHANNELS = range(11, 27)


def channels_of(table: Table, name: str) -> tuple[int, ...]:
    """Return some of the 2.4 GHz channels; empty where none is given."""
    given = table.integers(name) if name in table else ()
    if any(each not in _CHANNELS for each in given):
        raise table.mistake((name,), f"{name} has what is not from 11 to 26")
    if len(set(given)) < len(given):
        raise table.mistake((name,), f"{name} has a channel twice")
    return given


def hub_of(table: Table) -> HubSpec:
    place, usable = _place(table), channels_of(table, "channel_table")
    if usable and place.channel not in usable:
        what = f"channel_table has not the channel {place.channel} that the hub is on"
        raise table.mistake(("channel_table",), what)
    spec = HubSpec(
        gpf=table.entity_id("gpf"),
        chf=table.entity_id("chf"),
        place=place,
        powered_minutes=table.number("powered_minutes", 0, low=0),
        log_entries=table.integer("log_entries", 0, low=0, high=16),
        joining_refused=table.boolean("joining_refused"),
        wan_variant=table.text("wan_variant") if "wan_variant" in table else "",
        quieter_channel=table.integer("quieter_channel", -1, low=-1, high=61),
        scans_with_hht=table.boolean("scans_with_hht"),
        channel_table=usable,
        lost_by_move=table.boolean("lost_by_move"),
    )
    table.finish()
    return spec


def neighbour_of(table: Table) -> NeighbourSpec:
    spec = NeighbourSpec(table.entity_id("gpf"), _place(table))
    table.finish()
    return spec


def _place(table: Table) -> RadioPlace:
    return RadioPlace(
        channel=table.integer("channel", low=_CHANNELS[0], high=_CHANNELS[-1]),
        pan_id=table.integer("pan_id", low=1, high=0xFFFE),
        lqi=table.integer("lqi", 255, low=0, high=255),
        rssi=table.integer("rssi", -50, low=-110, high=0),
        loss=table.number("loss", 0, low=0, high=1),
    )


def devices_of(top: Table) -> tuple[DeviceSpec, ...]:
    taken = set(HUB_LABELS)
    devices = []
    for table in top.tables("devices"):
        device = _device(table)
        if device.label in taken:
            raise table.mistake(("label",), f"the label {device.label!r} is taken")
        taken.add(device.label)
        devices.append(device)
        if excess := too_many([each.type for each in devices]):
            raise table.mistake(("type",), excess)
    for table, device in zip(top.tables("devices"), devices, strict=True):
        for label in device.works_with:
            if label not in taken:
                raise table.mistake(("works_with",), f"{label!r} is no Device here")
    return tuple(devices)


AWAKE_MINUTES = 10
"""How long a Device that sleeps listens after it has joined, unless the scenario says it; ours."""


def _device(table: Table) -> DeviceSpec:
    kind = table.choice("type", tuple(DEVICE_TYPES))
    spec = DeviceSpec(
        type=kind,
        entity_id=table.entity_id("entity_id"),
        label=table.text("label"),
        lqi=table.integer("lqi", 200, low=0, high=255),
        rssi=table.integer("rssi", -60, low=-110, high=0),
        wake_minutes=table.number("wake_minutes", 0, low=0),
        install_code_wrong=table.boolean("install_code_wrong"),
        joined=table.boolean("joined"),
        works_with=table.texts("works_with") if "works_with" in table else (),
        certificate_of_another=table.boolean("certificate_of_another"),
        as_hht=table.entity_id("as_hht") if "as_hht" in table else None,
        comes_back=table.choice("comes_back", COMES_BACK, COMES_BACK[0]),
        stays_behind=table.boolean("stays_behind"),
        draft_ihd=table.boolean("draft_ihd"),
        without_updates=table.boolean("without_updates"),
        band=table.choice("band", BANDS) if "band" in table else "",
        awake_minutes=table.number("awake_minutes", 0 if kind == "GSME" else AWAKE_MINUTES, low=0),
    )
    if spec.draft_ihd and spec.type != "IHD":
        raise table.mistake(("draft_ihd",), f"the draft is of an IHD, not of a {spec.type}")
    if spec.as_hht and spec.type != "PPMID":
        raise table.mistake(("as_hht",), f"no {spec.type} lets itself in, only a PPMID")
    table.finish()
    return spec


def air_of(table: Table) -> AirSpec:
    noise = table.table("noise", required=False)
    spec = AirSpec(
        latency_ms=table.number("latency_ms", 0, low=0),
        jitter_ms=table.number("jitter_ms", 0, low=0),
        late=table.number("late", 0, low=0, high=1),
        late_ms=table.number("late_ms", 300, low=0),
        duplicates=table.number("duplicates", 0, low=0, high=1),
        noise={c: noise.integer(str(c), low=-110, high=0) for c in _CHANNELS if str(c) in noise},
    )
    noise.finish()
    table.finish()
    return spec


def dongle_of(table: Table) -> DongleSpec:
    spec = DongleSpec(
        ezsp=table.integer("ezsp", DongleSpec().ezsp, low=min(VERSIONS), high=max(VERSIONS)),
        faults=table.texts("faults") if "faults" in table else (),
    )
    if spec.ezsp not in VERSIONS:
        raise table.mistake(("ezsp",), f"the virtual dongle speaks no EZSP {spec.ezsp}")
    for name in spec.faults:
        if name not in DONGLE_FAULTS:
            known = ", ".join(sorted(DONGLE_FAULTS))
            raise table.mistake(
                ("faults",), f"there is no dongle fault {name!r}; there are {known}"
            )
    table.finish()
    return spec
