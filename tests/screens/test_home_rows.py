"""A job's row on the home screen: the one thing that still needs the engineer comes first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from duis_samples import SUPPLIER
from pairing_bench import MORNING, log_alert, pairing_bench
from store_samples import CCS01_COMMAND, bring, hear, open_store, pack

from hht.clock import SYSTEM_CLOCK
from hht.duis.job.head import PackVisit
from hht.journeys.connect import Connect, ConnectState
from hht.journeys.events import CommandSent
from hht.journeys.install.events import InstallAnswered
from hht.journeys.journal import JOURNEY
from hht.journeys.premises.devices import HanState
from hht.journeys.premises.not_joined import not_joined
from hht.journeys.summary.owed import LEFT, open_items
from hht.outbox.reports import draft_report, finalise_report
from hht.simulator.devices.types.chf_log import ChfLog
from hht.store import CommandState, Mode, Store
from hht.store.doctor import Readiness
from hht.texts import text
from screens.home.text import dongle_words, job_action, job_row, ready_text, side_text
from screens.service.lookups import JobLine, TurnedOut, job_lines, turned_out

AT = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
DONE = JobLine(
    id=1,
    reference="JOB-1",
    title="Move the HAN",
    premises="4 Quay House",
    hub=None,
    devices=(),
    states=(CommandState.ANSWERED,) * 2,
    imported_at=AT,
)


def said(line: JobLine) -> str:
    right = job_row(1, line, AT).right
    return right.plain if right else ""


def test_a_job_with_everything_answered_is_done() -> None:
    assert said(DONE) == "✓ done"


def test_a_job_whose_han_is_not_left_or_whose_visit_is_not_reported_is_not_done() -> None:
    assert job_action(DONE) == "Look at JOB-1"
    on_the_han, unreported = (replace(DONE, left_to_do=each) for each in ("leave", "report"))
    assert said(on_the_han) == "! leave the HAN"
    assert job_action(on_the_han) == "Go on with JOB-1: leave the HAN"
    assert said(unreported) == "! not reported"
    assert job_action(unreported) == "Go on with JOB-1: report the visit"


def test_a_device_that_never_joined_is_on_its_jobs_row_and_in_the_list_of_the_command_line(
    tmp_path: Path,
) -> None:
    bench = pairing_bench(tmp_path)
    with bench.store as store:
        for row in bench.plan.rows:
            bench.bring(row, CommandState.ANSWERED)
        log = ChfLog(bytes(8), limit=16)
        assert bench.job.hub_chf
        for label in ("ESME", "PPMID"):
            log.add(bench.id_of(label), b"\x11" * 16)
        for hashes, absent in ((("ESME",), 1), (("ESME", "PPMID"), 0)):
            for label in hashes:
                log.entries[bench.id_of(label)].key_hash = b"\x22" * 16
            hear(store, log_alert(bench.job.hub_chf, log, 2 - absent), bench.job.id)
            (line,) = job_lines(store, bench.clock)
            assert line.not_joined == absent
            shown = said(replace(line, uncaptured=0))
            assert shown == ("! 1 not joined" if absent else "✓ done")
            listed = ["1 not joined"] if absent else []
            assert open_items(store, bench.job, bench.clock) == listed


def test_only_while_another_program_is_on_the_han_does_a_list_ask_to_leave_it(
    tmp_path: Path,
) -> None:
    bench = pairing_bench(tmp_path)
    path = bench.store.database.path
    journey = Connect(ConnectState.CONNECTED, bench.job.hub_gpf, admitted_at=MORNING)
    bench.store.journeys.save(bench.job.id, JOURNEY, dict(journey.snapshot()))
    with bench.store, Store.open(path, Mode.TRAINING, read_only=True) as beside:
        assert open_items(beside, bench.job, bench.clock) == [], "its Local Commands come first"
        for row in bench.plan.rows:
            bench.bring(row, CommandState.ANSWERED)
        assert open_items(beside, bench.job, bench.clock) == ["leave the HAN"]
    with Store.open(path, Mode.TRAINING) as store:
        assert open_items(store, bench.job, bench.clock) == []
        [line] = job_lines(store, bench.clock)
        assert said(replace(line, uncaptured=0)) == "✓ done"


def test_a_damaged_job_is_a_row_of_its_own_with_its_address_where_that_is_known(
    tmp_path: Path,
) -> None:
    with open_store(tmp_path) as store:
        for name in ("JOB-1", "JOB-2", "JOB-3"):
            store.jobs.add(pack(CCS01_COMMAND, reference=name, premises=f"{name} High Street"))
        for change in (
            "PRAGMA ignore_check_constraints = ON",
            "UPDATE jobs SET details = x'00' WHERE id = 1",
            "UPDATE commands SET state = 'xending' WHERE job_id = 2",
        ):
            store.database.connection.execute(change)
        lines = job_lines(store, SYSTEM_CLOCK)
        rows = [job_row(n, line, AT).head.plain for n, line in enumerate(lines, 1)]
        assert rows == ["JOB-3 High Street", "JOB-2 High Street", "Job 1"]
        assert [said(line) for line in lines[1:]] == ["✗ damaged"] * 2
        assert not lines[0].damage
        assert not lines[2].is_open


def test_what_is_left_is_called_the_same_in_the_app_and_on_the_command_line() -> None:
    assert {left: text(f"home.to_{left}") for left in LEFT} == LEFT


def test_a_job_whose_hht_was_killed_while_firmware_was_awaited_is_not_done(tmp_path: Path) -> None:
    bench = pairing_bench(tmp_path, "firmware-ppmid")
    with bench.store as store:
        for row in bench.plan.rows:
            bench.bring(row, CommandState.ANSWERED)
        journey = Connect(ConnectState.CONNECTED, bench.job.hub_gpf, admitted_at=MORNING)
        store.journeys.save(bench.job.id, JOURNEY, dict(journey.snapshot()))
        (line,) = job_lines(store, bench.clock)
        assert said(replace(line, uncaptured=0)) == "! firmware awaited"
        assert job_action(line) == f"Go on with {line.reference}: wait for firmware"
        assert open_items(store, bench.job, bench.clock)[-1] == "firmware awaited"
        bench.later(timedelta(hours=19).total_seconds())
        (line,) = job_lines(store, bench.clock)
        assert said(replace(line, uncaptured=0)) == "✓ done", (
            "its membership is over, and nobody else hears the Device"
        )
        assert "firmware awaited" not in open_items(store, bench.job, bench.clock)


def test_an_unreported_visit_is_known_from_the_store_until_its_status_update_is_queued(
    tmp_path: Path,
) -> None:
    with open_store(tmp_path) as store:
        job = store.jobs.add(replace(pack(CCS01_COMMAND), visit=PackVisit({"visit": "install"})))
        draft = draft_report(store, "8.14.1", b"<x/>", originator=SUPPLIER, job_id=job.id)
        (line,) = job_lines(store, SYSTEM_CLOCK)
        assert said(replace(line, states=DONE.states)) == "! not reported"
        assert open_items(store, job, SYSTEM_CLOCK) == [], "its Local Command comes first"
        bring(store, store.commands.of_job(job.id)[0].id, CommandState.ANSWERED)
        assert open_items(store, job, SYSTEM_CLOCK) == ["not reported"]
        assert replace(line, states=DONE.states).is_open
        finalise_report(store, draft)
        (line,) = job_lines(store, SYSTEM_CLOCK)
        assert said(replace(line, uncaptured=0)) == "✓ done"
        assert open_items(store, job, SYSTEM_CLOCK) == []


def test_a_visit_without_local_commands_is_done_once_it_is_reported(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        job = store.jobs.add(replace(pack(), visit=PackVisit({"visit": "faulty"})))
        (line,) = job_lines(store, SYSTEM_CLOCK)
        assert (said(line), job_action(line)) == ("", f"Open {job.reference}")
        assert open_items(store, job, SYSTEM_CLOCK) == []
        answered = InstallAnswered("visit", "seen")
        store.events.add(answered, at=AT, job_id=job.id, sitting=1, seconds=0)
        (line,) = job_lines(store, SYSTEM_CLOCK)
        assert said(line) == "! not reported"
        assert job_action(line) == f"Go on with {job.reference}: report the visit"
        assert open_items(store, job, SYSTEM_CLOCK) == ["not reported"]
        draft = draft_report(store, "8.14.3", b"<x/>", originator=SUPPLIER, job_id=job.id)
        finalise_report(store, draft)
        (line,) = job_lines(store, SYSTEM_CLOCK)
        assert (said(line), job_action(line)) == ("✓ done", f"Look at {job.reference}")
        assert not line.is_open
        assert open_items(store, job, SYSTEM_CLOCK) == []


def test_a_job_that_owes_a_second_look_is_not_done_though_everything_is_answered() -> None:
    assert said(replace(DONE, second_look=True)) == "! second look"


def test_a_job_whose_firmware_did_not_run_when_it_was_due_is_not_done() -> None:
    assert said(replace(DONE, failed_later=1)) == "! 1 failed later"


def test_a_command_in_doubt_comes_before_a_second_look() -> None:
    states = (CommandState.ANSWERED, CommandState.UNKNOWN)
    assert said(replace(DONE, states=states, second_look=True)) == "? 1 in doubt"


def test_responses_that_were_not_kept_are_counted_beside_what_is_in_doubt() -> None:
    assert said(replace(DONE, uncaptured=2)) == "! 2 Responses not kept"
    states = (CommandState.ANSWERED, CommandState.UNKNOWN)
    assert said(replace(DONE, states=states, uncaptured=2)) == "? 1 in doubt · 2 not kept"


READY = Readiness(has_pin=False, has_room=True, is_clock_right=True)


def test_what_is_not_ready_says_what_to_do_and_a_gateway_may_be_missing(context) -> None:
    assert ready_text(READY, replace(context, radio_answers=True)).plain.splitlines() == [
        "✓ Dongle",
        "✗ PIN: M, PIN…",
        "✓ Clock",
        "✓ Room on the disk",
        "– Gateway: none, export it",
    ]


def test_an_identity_that_is_lacking_is_said_before_one_leaves(context) -> None:
    said = ready_text(READY, context, lacks_identity=True).plain
    assert "✗ Identity: M, Identity…" in said.splitlines()
    assert "Identity" not in ready_text(READY, context).plain


@pytest.mark.parametrize(
    ("address", "answers", "says"),
    [
        (None, None, "✗ Dongle: M, Dongle…"),
        ("socket://127.0.0.1:1", None, "– Dongle chosen"),
        ("socket://127.0.0.1:1", False, "✗ Dongle: no answer"),
        ("socket://127.0.0.1:1", True, "✓ Dongle"),
        ("/dev/no-such-port?baud=460800", None, "✗ Dongle: not plugged in"),
    ],
)
def test_a_dongle_is_ticked_only_once_it_has_answered(context, address, answers, says) -> None:
    given = replace(context, radio_url=address, radio_answers=answers)
    assert ready_text(READY, given).plain.splitlines()[0] == says


def test_a_dongle_that_is_not_plugged_in_is_said_to_be_so_at_every_size(context) -> None:
    given = replace(context, radio_url="/dev/no-such-port")
    assert dongle_words(given) == "Dongle  /dev/no-such-port: not plugged in"
    served = replace(context, radio_url="socket://127.0.0.1:1")
    assert dongle_words(served) == "Dongle  socket://127.0.0.1:1"


def test_a_pin_that_training_does_not_have_is_not_ticked(context) -> None:
    said = ready_text(replace(READY, has_pin=None), context).plain
    assert "– PIN: none in training" in said.splitlines()


def test_a_simulated_dongle_is_not_ticked_before_it_has_answered(context, judged) -> None:
    assert "– Dongle: simulated" in ready_text(READY, context).plain


def test_a_jobs_card_says_on_how_many_days_it_was_visited_and_when_last() -> None:
    fresh = TurnedOut((), {}, {})
    assert "Not visited yet" in side_text(DONE, AT, fresh).plain
    again = replace(DONE, visits=2, last_visit=AT)
    assert "Visits so far: on 2 days, last today" in side_text(again, AT, fresh).plain


def test_a_jobs_card_ticks_no_device_that_was_added_and_has_not_joined(tmp_path: Path) -> None:
    bench = pairing_bench(tmp_path)
    with bench.store as store:
        for row in bench.plan.rows:
            bench.bring(row, CommandState.ANSWERED)
        bench.stands("PPMID", HanState.IN_LOG)
        found = turned_out(store, bench.job.id)
        assert "◐" not in side_text(DONE, AT, found).plain, "nothing captured says so"
        absent = not_joined(found.commands, bench.premises)
        assert "◐" in side_text(DONE, AT, found._replace(not_joined=absent)).plain


def test_visits_are_the_days_on_which_something_happened_to_the_job(tmp_path) -> None:
    with open_store(tmp_path) as store:
        job, other = (store.jobs.add(pack(CCS01_COMMAND, reference=each)) for each in ("A", "B"))
        for hours in (0, 1, 30):
            moment = AT + timedelta(hours=hours)
            store.events.add(CommandSent(1, 0, "Command 0"), at=moment, job_id=job.id)
        lines = {line.id: line for line in job_lines(store, SYSTEM_CLOCK)}
    assert (lines[job.id].visits, lines[job.id].last_visit) == (2, AT + timedelta(hours=30))
    assert (lines[other.id].visits, lines[other.id].last_visit) == (0, None)
