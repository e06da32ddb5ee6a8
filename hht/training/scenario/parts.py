"""The tables of a scenario file, read into the scenario; every mistake has its line."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hht.duis.status_update import VARIANTS
from hht.duis.visit_questions import check_answers
from hht.gbcs.asn1.codes import DeviceType
from hht.hub_profile import DEFAULT, profile_fault
from hht.simulator.head_end.job_phrases import parse_step
from hht.simulator.hub.faults.kinds import FAULTS
from hht.simulator.hub.milestones import MOMENTS
from hht.simulator.site.device_limits import gbcs_type
from hht.simulator.site.spec import (
    DeviceSpec,
    Fault,
    HubSpec,
    JobSpec,
    SiteSpec,
    Step,
)
from hht.training.scenario.images import read_images
from hht.training.scenario.reader import Table
from hht.training.scenario.site_parts import (
    air_of,
    channels_of,
    devices_of,
    dongle_of,
    hub_of,
    neighbour_of,
)
from hht.training.scenario.spec import (
    HAPPENS,
    OUTCOMES,
    Expected,
    ExpectedAlert,
    Scenario,
    Score,
)

FASTEST = 3600
"""Seconds in one: an hour of the premises in a second of the class."""
_POINTS = {
    "minute_over_par": 2,
    "wrong_pick": 10,
    "power_cycle": 10,
    "undelivered": 5,
    "unsafe_skip": 10,
    "not_seen": 1,
    "hint": 5,
    "not_reached": 100,
    "missed": 10,
}
"""Of a hundred, where the file does not say otherwise."""


def scenario_of(source: str, top: Table) -> Scenario:
    """Read the scenario of a whole file; InputError with the line of the first mistake."""
    site = _site(source, top)
    scenario = Scenario(
        site=site,
        title=top.text("title"),
        expects=top.choice("expects", OUTCOMES),
        briefing=top.text("briefing"),
        hints=top.texts("hints") if "hints" in top else (),
        auto_speed=top.number("auto_speed", site.speed, low=1, high=FASTEST),
        par_minutes=top.number("par_minutes", 20, low=0),
        expected=_expected(top.table("expected", required=False), site.devices),
        score=_score(top.table("score", required=False)),
        is_aborted=top.boolean("is_aborted"),
        is_draft=top.boolean("is_draft"),
    )
    top.finish()
    if not scenario.is_draft and any(each.draft_ihd for each in site.devices):
        raise top.mistake(("is_draft",), "an exercise with a draft_ihd says is_draft = true")
    return scenario


def _site(source: str, top: Table) -> SiteSpec:
    devices = devices_of(top)
    job = _job(top.table("job"), devices, _answers(top))
    hub = hub_of(top.table("hub"))
    site = SiteSpec(
        name=Path(source).stem,
        source=source,
        profile=_profile(top),
        speed=top.number("speed", 1, low=1, high=FASTEST),
        job=job,
        hub=hub,
        neighbours=tuple(map(neighbour_of, top.tables("neighbours"))),
        devices=devices,
        air=air_of(top.table("air", required=False)),
        faults=tuple(_fault(each, devices, job.steps, hub) for each in top.tables("faults")),
        dongle=dongle_of(top.table("dongle", required=False)),
        images=read_images(top, devices),
    )
    _check_identities(top, site)
    return site


def _profile(top: Table) -> str:
    """Return the hub profile, by its name or by the path of its file."""
    name = top.text("profile", DEFAULT)
    if fault := profile_fault(name):
        raise top.mistake(("profile",), fault)
    return name


def _job(
    table: Table, devices: Sequence[DeviceSpec], answers: Mapping[str, str | bool] | None
) -> JobSpec:
    needs_commands = answers is None  # a visit may be about the hub alone
    job = JobSpec(
        reference=table.text("reference"),
        title=table.text("title"),
        premises=table.text("premises"),
        steps=_phrases(table, _kinds(devices)) if needs_commands or "commands" in table else (),
        answers=answers,
        wan_variant=table.text("wan_variant") if "wan_variant" in table else "",
        walk_in=table.boolean("walk_in"),
        channel_plan=channels_of(table, "channel_plan"),
    )
    table.finish()
    return job


def _answers(top: Table) -> Mapping[str, str | bool] | None:
    """Return what the supplier knows of the visit: the table [visit]; None where there is none."""
    if "visit" not in top:
        return None
    table = top.table("visit")
    given = {name: table.answer(name) for name in table}
    for name, answer in given.items():
        try:
            check_answers({name: answer})
        except ValueError as error:
            raise table.mistake((name,), str(error)) from None
    return given


def _kinds(devices: Sequence[DeviceSpec]) -> dict[str, DeviceType]:
    return {device.label: gbcs_type(device.type, draft_ihd=device.draft_ihd) for device in devices}


def _phrases(table: Table, kinds: dict[str, DeviceType]) -> tuple[Step, ...]:
    try:
        return tuple(parse_step(phrase, kinds) for phrase in table.texts("commands"))
    except ValueError as error:
        raise table.mistake(("commands",), str(error)) from None


def _fault(
    table: Table, devices: Sequence[DeviceSpec], steps: Sequence[Step], hub: HubSpec
) -> Fault:
    what = table.choice("what", tuple(FAULTS))
    kind = FAULTS[what]
    needs: dict[str, Callable[[], object]] = {
        "device": lambda: table.choice("device", [device.label for device in devices]),
        "level": lambda: table.number("level", low=kind.low, high=kind.high),
        "commands": lambda: _wan_commands(table, devices, steps),
    }
    own = {kind.needs: needs[kind.needs]()} if kind.needs else {}
    if kind.on_channel:
        own["channel"] = table.integer("channel", hub.place.channel, low=11, high=26)
    fault = Fault(
        what=what,
        after=table.choice("after", MOMENTS),
        number=table.integer("number", 1, low=1),
        seconds=table.number("seconds", 0, low=0),
        duration=table.number("duration", 0, low=0) if kind.lasts else 0,
        **own,  # type: ignore[arg-type]  # one of the three readers above
    )
    table.finish()
    return fault


def _wan_commands(
    table: Table, devices: Sequence[DeviceSpec], steps: Sequence[Step]
) -> tuple[Step, ...]:
    """Read the steps of the job that the DCC delivers once it can; none where it does not say."""
    wanted = _phrases(table, _kinds(devices)) if "commands" in table else ()
    for step in wanted:
        if step not in steps:
            phrase = " ".join((step.action, *step.labels))
            raise table.mistake(("commands",), f"{phrase!r} is not in the job")
    return wanted


def _expected(table: Table, devices: Sequence[DeviceSpec]) -> Expected:
    def count(key: str) -> int | None:
        return table.integer(key, low=0) if key in table else None

    spec = Expected(
        alerts=_alerts(table, devices),
        answered=count("answered"),
        failed=count("failed"),
        unknown=count("unknown"),
        failure=table.text("failure") if "failure" in table else "",
        report=table.choice("report", VARIANTS) if "report" in table else "",
        happens=table.texts("happens") if "happens" in table else (),
    )
    if unknown := [each for each in spec.happens if each not in HAPPENS]:
        known = ", ".join(HAPPENS)
        raise table.mistake(("happens",), f"{unknown[0]!r} is not one of {known}")
    table.finish()
    return spec


def _alerts(table: Table, devices: Sequence[DeviceSpec]) -> tuple[ExpectedAlert, ...]:
    """Read the codes, each with the label of its Device where the file names one."""
    labels = {device.label: device.entity_id for device in devices}
    found = []
    for line in table.texts("alerts") if "alerts" in table else ():
        digits, _, label = line.partition(" ")
        if not re.fullmatch("[0-9A-Fa-f]{4}", digits):
            raise table.mistake(
                ("alerts",), "an alert code is four digits such as '8F3E', its Device's label after"
            )
        if label and label not in labels:
            raise table.mistake(("alerts",), f"{label!r} is no Device of this scenario")
        found.append(ExpectedAlert(int(digits, 16), labels.get(label), label))
    return tuple(found)


def _score(table: Table) -> Score:
    points = {key: table.integer(key, value, low=0, high=100) for key, value in _POINTS.items()}
    needed = table.integer("needed_power_cycles", 0, low=0)
    unavoidable = table.integer("unavoidable", 0, low=0)
    table.finish()
    return Score(**points, needed_power_cycles=needed, unavoidable=unavoidable)


def _check_identities(top: Table, site: SiteSpec) -> None:
    """Refuse an Entity Identifier that names two things, be it CHF, GPF, Device or neighbour."""
    seen = {site.hub.gpf, site.hub.chf}
    if len(seen) == 1:
        raise top.mistake(("hub", "chf"), "the CHF and the GPF have different Entity Identifiers")
    for index, device in enumerate(site.devices):
        for name, entity in (("entity_id", device.entity_id), ("as_hht", device.as_hht)):
            if entity in seen:
                raise top.mistake(("devices", index, name), f"{entity} is used twice")
            if entity:
                seen.add(entity)
    for index, neighbour in enumerate(site.neighbours):
        if neighbour.gpf in seen:
            raise top.mistake(("neighbours", index, "gpf"), f"{neighbour.gpf} is used twice")
        seen.add(neighbour.gpf)
