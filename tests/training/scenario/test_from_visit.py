"""A scenario of what went wrong on a visit: its troubles are in it, and no person's name is."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hht.duis.job.head import PackVisit
from hht.store import CommandState, Store
from hht.store.rows import CommandRow
from hht.training.exercise.run import TrainingRun
from hht.training.scenario.from_visit import scenario_text
from hht.training.scenario.load import check_scenario, load_scenario
from hht.training.scenario.spec import Scenario
from hht.training.scenario.visit_draft import Visit

SILENT = 6
"""The position of a Join that the ESME does not answer."""


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visit, Store]]:
    """A visit on which nothing has happened yet."""
    folder = tmp_path_factory.mktemp("visit")
    run = TrainingRun.begin(folder, "no-wan-install", 1)
    with run.open_store() as store:
        job = store.jobs.add(run.pack)
        yield Visit(job, store.commands.of_job(job.id), (), 12.5, "complete"), store


@pytest.fixture
def visit(visits: tuple[Visit, Store]) -> Visit:
    return visits[0]


def event(name: str, at: float, **facts: Any) -> dict[str, Any]:
    return {"event": name, "elapsed": at, **facts}


def sent(position: int, at: float) -> dict[str, Any]:
    return event("command_sent", at, position=position)


def changed(position: int, state: str, at: float) -> dict[str, Any]:
    return event("command_changed", at, position=position, state=state)


def failed(code: str, at: float) -> dict[str, Any]:
    return event("failed", at, what="secret words", code=code)


def made(visit: Visit, tmp_path: Path, *events: dict[str, Any], **changes: Any) -> Scenario:
    """Make the scenario, check it, and load it."""
    path = tmp_path / "made.toml"
    path.write_text(scenario_text(replace(visit, events=events, **changes)))
    assert check_scenario(str(path)) == []
    return load_scenario(str(path))


def has_no_use(row: CommandRow) -> bool:
    """Return whether it is the Activate Firmware, or the mask of channel 25 alone."""
    return row.title.startswith("Run the new firmware") or row.title.endswith("channels 25")


JOINED = event("step_done", 4, step="join")


def test_its_job_has_every_command_of_the_visit(visit: Visit, tmp_path: Path) -> None:
    own = load_scenario("no-wan-install").site.job.steps
    scenario = made(visit, tmp_path)
    assert set(scenario.site.job.steps) == set(own)
    assert scenario.par_minutes == 13
    assert (scenario.expects, scenario.site.faults) == ("complete", ())


def test_a_closed_window_is_closed_when_the_trainee_comes(visit: Visit, tmp_path: Path) -> None:
    scenario = made(visit, tmp_path, failed("HUB-03", 8), failed("HUB-03", 20))
    assert scenario.site.hub.powered_minutes > 60
    assert (scenario.expected.failure, scenario.score.needed_power_cycles) == ("HUB-03", 1)


def test_a_refused_join_is_refused_again(visit: Visit, tmp_path: Path) -> None:
    scenario = made(visit, tmp_path, failed("HUB-07", 8), outcome="failed")
    assert scenario.site.hub.joining_refused
    assert (scenario.expects, scenario.expected.failure) == ("failed", "HUB-07")


def test_a_visit_that_failed_expects_its_last_failure(visit: Visit, tmp_path: Path) -> None:
    scenario = made(visit, tmp_path, failed("HUB-01", 8), failed("HUB-02", 9), outcome="failed")
    assert scenario.expected.failure == "HUB-02"


def test_a_lost_connection_is_a_hub_without_power_at_the_same_command(
    visit: Visit, tmp_path: Path
) -> None:
    lost = event("connection_lost", 9, what="secret words", remedy="")
    events = (JOINED, sent(0, 5), sent(4, 7), changed(4, "unknown", 8), lost)
    (fault,) = made(visit, tmp_path, *events).site.faults
    assert (fault.what, fault.after, fault.number) == ("power-cut", "command", 5)


def test_a_stay_that_the_hub_ended_is_not_also_a_power_cut(visit: Visit, tmp_path: Path) -> None:
    lost = event("connection_lost", 9, what="", remedy="")
    (fault,) = made(visit, tmp_path, JOINED, sent(2, 5), failed("HUB-10", 9), lost).site.faults
    assert fault.what == "stay-ended"


@pytest.mark.parametrize(("answered", "seconds"), [(None, 0), (80.5, 61)])
def test_a_silent_device_is_off_for_as_long_as_it_was_silent(
    visit: Visit, tmp_path: Path, answered: float | None, seconds: int
) -> None:
    events = [JOINED, sent(SILENT, 10), changed(SILENT, "unknown", 20)]
    events += [changed(SILENT, "answered", answered)] if answered else []
    (fault,) = made(visit, tmp_path, *events, outcome="incomplete").site.faults
    label = next(
        each.label for each in visit.job.devices if each.entity_id == visit.commands[SILENT].device
    )
    assert (fault.what, fault.device, fault.duration) == ("device-off", label, seconds)


def test_a_label_with_another_code_is_a_wrong_install_code(visit: Visit, tmp_path: Path) -> None:
    device = str(visit.job.devices[0].entity_id)
    scenario = made(visit, tmp_path, event("label_compared", 3, device=device, found="differs"))
    assert [each.install_code_wrong for each in scenario.site.devices] == [True, False, False]


def test_the_air_is_as_it_was_heard(visit: Visit, tmp_path: Path) -> None:
    ours = {"gpf": "x", "channel": 20, "pan_id": 7, "lqi": 90, "rssi": -88, "is_jobs_hub": True}
    other = {**ours, "gpf": "y", "channel": 25, "rssi": -300, "is_jobs_hub": False}
    scenario = made(visit, tmp_path, event("hub_found", 1, **ours), event("hub_found", 1, **other))
    place = scenario.site.hub.place
    assert (place.channel, place.lqi, place.rssi) == (20, 90, -88)
    assert [each.place.rssi for each in scenario.site.neighbours] == [-110]


RETURN = "CHFNoFaultReturnType"
KINDS: dict[str, dict[str, str | bool]] = {
    "install": {"replaced": False, "wan": False, "PremiseType": "Terraced"},
    "fault-return": {"CHFFaultReason": "Damaged case", "OtherDeviceID": "00-DB-00-00-00-00-61-A0"},
    "no-fault-return": {RETURN: "No Fault Return (general)"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_visit_to_the_hub_comes_back_as_itself(
    visit: Visit, tmp_path: Path, kind: str
) -> None:
    answers = {"visit": kind, **KINDS[kind]}
    private = {"notes": "ring twice", "DeviceID": str(visit.job.hub_chf), "MPxN": "1200000000005"}
    ready = event("report_ready", 9, service="8.14.3", return_id=1)
    hub_alone = {"commands": (), "answers": answers | private}
    scenario = made(visit, tmp_path, ready, **hub_alone)
    job = scenario.site.job
    assert (job.steps, scenario.expected.report) == ((), "8.14.3")
    assert set(job.answers or {}) == {*answers, "MPxN"}
    assert (job.answers or {})["visit"] == kind
    text = (tmp_path / "made.toml").read_text()
    assert [each for each in private.values() if each in text] == []


def test_a_hub_of_the_wrong_variant_is_again_for_the_trainee_to_find(
    visit: Visit, tmp_path: Path
) -> None:
    brief = replace(visit.job.brief, wan_variant="Cellular+Mesh")
    answers = {"visit": "no-fault-return", "variant": "Cellular"}
    scenario = made(visit, tmp_path, job=replace(visit.job, brief=brief), answers=answers)
    site = scenario.site
    assert (site.job.wan_variant, site.hub.wan_variant) == ("Cellular+Mesh", "Cellular")
    assert site.job.answers == {"visit": "install"}


def test_a_job_that_was_begun_on_site_is_begun_again(visit: Visit, tmp_path: Path) -> None:
    bare = replace(visit.job, visit=PackVisit({}))
    facts = {"commands": (), "job": bare, "answers": {"visit": "install"}}
    assert made(visit, tmp_path, **facts).site.job.walk_in
    assert not made(visit, tmp_path, **{**facts, "job": visit.job}).site.job.walk_in


def test_nothing_of_the_customer_or_of_any_device_is_taken_over(
    visit: Visit, tmp_path: Path
) -> None:
    device = str(visit.job.devices[0].entity_id)
    events = (
        JOINED,
        sent(SILENT, 5),
        changed(SILENT, "unknown", 8),
        failed("HUB-03", 9),
        event("connection_lost", 40, what="secret words", remedy="secret words"),
        event("label_compared", 41, device=device, found="differs"),
        event("hub_found", 1, gpf=str(visit.job.hub_gpf), channel=15, pan_id=6699, lqi=1,
              rssi=-1, is_jobs_hub=True),
    )  # fmt: skip
    text = scenario_text(replace(visit, events=events))
    job = visit.job
    names = [job.reference, job.title, job.premises, str(job.hub_gpf), str(job.hub_chf), "6699"]
    names += [str(each.entity_id) for each in job.devices] + ["secret words"]
    names += [each.install_code.hex() for each in job.devices if each.install_code]
    assert [each for each in names if each.lower() in text.lower()] == []


def test_a_job_without_any_device_makes_a_scenario_all_the_same(
    visit: Visit, tmp_path: Path
) -> None:
    bare = replace(visit.job, devices=())
    scenario = made(visit, tmp_path, job=bare, commands=visit.commands[:1])
    assert [each.action for each in scenario.site.job.steps] == ["add"]
    assert made(visit, tmp_path, job=bare, commands=()).site.devices


KINDS_OF_WORK = ["firmware-wrong-hash", "firmware-meters-future-dated", "firmware-ppmid"]
KINDS_OF_WORK += ["sub-ghz-scan", "channel-move", "channel-mask-refused"]


@pytest.mark.parametrize("name", KINDS_OF_WORK)
def test_firmware_and_channels_come_back_as_the_same_commands(tmp_path: Path, name: str) -> None:
    run = TrainingRun.begin(tmp_path, name, 1)
    with run.open_store() as store:
        job = store.jobs.add(run.pack)
        visit = Visit(job, store.commands.of_job(job.id), (), 12.5, "complete")
    scenario, own = made(visit, tmp_path), load_scenario(name)
    assert Counter(scenario.site.job.steps) == Counter(own.site.job.steps)
    assert scenario.site.job.channel_plan == own.site.job.channel_plan
    assert scenario.is_draft == own.is_draft
    activated = {each.labels[0] for each in own.site.job.steps if "activate" in each.action}
    assert {each.device for each in scenario.site.images} == activated


def test_what_a_hub_or_a_device_refused_is_refused_again(tmp_path: Path) -> None:
    site = {}
    for name in ("firmware-wrong-hash", "channel-mask-refused"):
        run = TrainingRun.begin(tmp_path, name, 1)
        with run.open_store() as store:
            job = store.jobs.add(run.pack)
            rows = [
                replace(row, state=CommandState.REFUSED if has_no_use(row) else row.state)
                for row in store.commands.of_job(job.id)
            ]
            visit = Visit(job, rows, (), 12.5, "incomplete")
        site[name] = made(visit, tmp_path).site
    assert [each.wrong for each in site["firmware-wrong-hash"].images] == ["hash"]
    assert 25 not in site["channel-mask-refused"].hub.channel_table


def test_a_hub_that_was_lost_or_changed_its_channel_does_so_again(
    visit: Visit, tmp_path: Path
) -> None:
    lost = event("hub_not_back", 9, seconds=120.0, steps=())
    changed = event("hub_back", 20, kind="sub-ghz", channel=15, was=None, said="", seconds=0.0)
    scenario = made(visit, tmp_path, failed("HUB-03", 2), lost, lost, changed)
    hub = scenario.site.hub
    assert (hub.lost_by_move, hub.quieter_channel) == (True, 2)
    assert scenario.score.needed_power_cycles == 1


@pytest.mark.parametrize(("away", "scans"), [((), True), (("sub-ghz",), False)])
def test_a_hub_scans_with_the_hht_unless_that_was_sent_away_for_it(
    tmp_path: Path, away: tuple[str, ...], scans: bool
) -> None:
    run = TrainingRun.begin(tmp_path, "sub-ghz-scan", 1)
    with run.open_store() as store:
        job = store.jobs.add(run.pack)
        visit = Visit(job, store.commands.of_job(job.id), (), 12.5, "complete")
    scenario = made(visit, tmp_path, *(event("move_away", 9, kind=each) for each in away))
    assert (scenario.site.hub.scans_with_hht, scenario.auto_speed) == (scans, 300)
