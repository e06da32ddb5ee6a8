"""Steps and results of a pairing: what waits for the Device to join, and what proves anything."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pairing_bench import MORNING, PairingBench, captured_alert, pairing_bench

from hht.gbcs.asn1.codes import JoinResult
from hht.gbcs.message import Cra, Message
from hht.journeys.pairing.joining import SETTLE_SECONDS, Joining
from hht.journeys.pairing.lines import Pairing, PairingLine
from hht.journeys.pairing.steps import Stage, StepState
from hht.journeys.pairing.tasks import Purpose
from hht.journeys.plan.plan import Plan
from hht.journeys.premises.devices import HanState
from hht.store import CommandState


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[PairingBench]:
    made = pairing_bench(tmp_path)
    with made.store:
        yield made


def next_title(bench: PairingBench) -> str:
    row = bench.plan.next_ready((), bench.journey.held)
    return row.title if row else ""


def test_the_steps_are_label_add_han_each_partner_and_proof(bench: PairingBench) -> None:
    steps = bench.device("PPMID").steps
    assert [each.stage for each in steps] == [
        *(Stage.LABEL, Stage.ADD, Stage.ON_HAN),
        *(Stage.PARTNER, Stage.PARTNER, Stage.PARTNER),
        Stage.PROOF,
    ]
    assert [each.state for each in steps] == [StepState.NOW, *6 * [StepState.OPEN]]


def test_joins_wait_for_the_device_and_go_on_once_it_has_joined(bench: PairingBench) -> None:
    assert next_title(bench) == "Let the PPMID join the SM HAN"
    bench.added("PPMID")
    bench.stands("PPMID", HanState.IN_LOG)
    assert next_title(bench) == ""
    awaited = bench.journey.awaited
    assert awaited
    assert (awaited.state, awaited.seconds_left) == (Joining.OPEN, 3600)
    bench.later(600)
    assert bench.device("PPMID").joining.seconds_left == 3000  # type: ignore[union-attr]
    bench.stands("PPMID", HanState.ON_HAN)
    assert bench.journey.awaited is None
    assert next_title(bench) == "Join the ESME with the PPMID"


def test_a_device_whose_label_has_another_code_is_not_waited_for(bench: PairingBench) -> None:
    bench.added("PPMID")
    bench.stands("PPMID", HanState.IN_LOG)
    awaited = bench.journey.awaited
    assert awaited
    assert bench.journey.may_join(awaited)
    bench.journey.scan(f"Z:{bench.id_of('PPMID').hex()}$I:{bytes(range(16)).hex()}")
    assert bench.journey.awaited == awaited, "what needs it goes on waiting"
    assert not bench.journey.may_join(awaited)


def test_a_device_that_did_not_join_in_time_holds_the_joins_until_somebody_goes_on(
    bench: PairingBench,
) -> None:
    bench.added("PPMID")
    bench.stands("PPMID", HanState.IN_LOG)
    bench.later(3601)
    assert bench.step("PPMID", Stage.ON_HAN).state is StepState.FAILED
    assert next_title(bench) == ""
    bench.journey.go_on(bench.id_of("PPMID"))
    assert next_title(bench) == "Join the ESME with the PPMID"
    bench.restart()
    assert bench.journey.held == frozenset()


def test_where_the_hub_shows_nobody_who_joins_nothing_waits_for_long(bench: PairingBench) -> None:
    bench.added("PPMID")
    assert next_title(bench) == ""
    bench.later(SETTLE_SECONDS + 1)
    assert next_title(bench) == "Join the ESME with the PPMID"
    assert bench.step("PPMID", Stage.ON_HAN).state is StepState.AMBER


def test_success_for_a_device_that_was_in_the_log_proves_no_code(bench: PairingBench) -> None:
    bench.stands("PPMID", HanState.ON_HAN)
    bench.added("PPMID")
    view = bench.journey.view
    assert view
    assert view.lines[0].state is Pairing.HALF
    assert "this proves no code" in view.lines[0].said
    assert bench.step("PPMID", Stage.ON_HAN).state is StepState.AMBER


def test_success_for_a_new_device_says_that_the_code_shows_when_it_joins(
    bench: PairingBench,
) -> None:
    bench.added("PPMID")
    view = bench.journey.view
    assert view
    assert view.lines[0].said.endswith("its Install Code is right shows when it joins")


def test_a_refusal_of_a_partner_is_that_partners_result_alone(bench: PairingBench) -> None:
    bench.added("PPMID")
    bench.stands("PPMID", HanState.ON_HAN)
    esme, *others = bench.joins_of("PPMID")
    bench.bring(esme, CommandState.REFUSED, "Failed: no CBKE response.")
    for row in others[1:]:
        bench.bring(row, CommandState.ANSWERED)
    view = bench.journey.view
    assert view
    assert [line.state for line in view.lines] == [
        *(Pairing.PROVEN, Pairing.REFUSED),
        *(Pairing.JOINED, Pairing.JOINED),
    ]
    assert view.lines[1].said == "ESME: the ESME says: no CBKE response."


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (JoinResult.DEVICE_LOG_FULL, "the Device Log of the ESME is full"),
        (JoinResult.NO_CBKE_RESPONSE, "the PPMID is off, out of reach or not joined"),
        (JoinResult.NO_PARTNER_LINK_KEY_RECEIVED, "the PPMID is off, out of reach or not joined"),
        (JoinResult.INVALID_OR_MISSING_CERTIFICATE, "the certificate is not that of the PPMID"),
        (JoinResult.WRITE_FAILURE, "the ESME says: write failure."),
    ],
)
def test_a_join_that_failed_says_what_to_look_for(
    bench: PairingBench, result: JoinResult, said: str
) -> None:
    esme, hub = bench.joins_of("PPMID")[0], bench.job.hub_gpf
    assert hub
    code = esme.message_code
    answer = Message(Cra.RESPONSE, esme.counter, esme.device, esme.party, code, _result(result))
    alert = captured_alert(esme.device, hub, answer.encode(), code, 0)
    bench.journey.note(replace(alert, cra=Cra.RESPONSE, command_id=esme.id))
    bench.bring(esme, CommandState.REFUSED, "Failed: write failure.")
    assert lines(bench)[1].said == f"ESME: {said}"
    bench.added("PPMID")
    assert ("not joined: no power" in lines(bench)[0].said) is ("out of reach" in said)


def _result(code: JoinResult) -> bytes:
    return bytes([2, 1, code])


def test_what_may_be_wrong_is_said_where_a_device_is_silent_or_not_added(
    bench: PairingBench,
) -> None:
    display = next(row for row in bench.joins_of("PPMID") if row.device == bench.id_of("PPMID"))
    bench.bring(display, CommandState.UNKNOWN)
    assert lines(bench)[1].said == "ESME: the PPMID is silent: off, out of reach? Read back"
    bench.bring(bench.add_of("PPMID"), CommandState.REFUSED, "other reason")
    assert lines(bench)[0].said == "not added, the Device Log may be full: other reason"
    assert bench.step("PPMID", Stage.ON_HAN).said == "not before the hub has added it"


def test_a_gas_meter_that_has_not_answered_is_said_to_sleep(bench: PairingBench) -> None:
    gas = next(row for row in bench.joins_of("PPMID") if row.device == bench.id_of("GSME"))
    bench.bring(gas, CommandState.DELIVERED)
    line = bench.journey.view.lines[-1]  # type: ignore[union-attr]
    assert line.state is Pairing.ASLEEP
    assert "asks the hub about every half hour" in line.said


def test_loose_joins_are_put_into_the_order_of_their_methods_the_meters_half_first(
    bench: PairingBench,
) -> None:
    rows = (replace(row, after=()) for row in reversed(bench.plan.rows))
    titles = [
        row.title for row in Plan(rows, is_ordered=False).in_order if row.title.startswith("Join")
    ]
    assert titles == [
        "Join the ESME with the PPMID",
        "Join the PPMID with the ESME",
        "Join the GPF with the PPMID",
        "Join the PPMID with the GPF",
        "Join the GSME with the PPMID",
        "Join the PPMID with the GSME",
    ]


def test_a_replacement_takes_the_old_one_out_first_and_names_it(tmp_path: Path) -> None:
    bench = pairing_bench(tmp_path, "ppmid-replace")
    with bench.store:
        old, new = (each.task for each in bench.journey.view.devices)  # type: ignore[union-attr]
        assert (old.purpose, new.purpose) == (Purpose.REMOVE, Purpose.REPLACE)
        assert new.replaces == old.device == bench.id_of("OLD-PPMID")
        assert len(old.out) == 4
        for number in old.out:
            bench.bring(bench.plan.row(number), CommandState.ANSWERED)
        line = bench.journey.view.lines[0]  # type: ignore[union-attr]
        assert (line.state, line.partner) == (Pairing.REMOVED, None)


IN_AND_OUT = ("add PPMID", "join ESME PPMID", "unjoin ESME PPMID", "remove PPMID")


def test_a_device_that_is_added_and_then_taken_out_is_out_at_the_end(tmp_path: Path) -> None:
    bench = pairing_bench(tmp_path, commands=IN_AND_OUT)
    with bench.store:
        assert [each.stage for each in bench.device("PPMID").steps][-1] is Stage.OUT
        task = bench.device("PPMID").task
        bench.added("PPMID")
        bench.stands("PPMID", HanState.ON_HAN)
        for row in bench.joins_of("PPMID"):
            bench.bring(row, CommandState.ANSWERED)
        assert [line.state for line in lines(bench)] == [Pairing.PROVEN, Pairing.JOINED]
        for number in task.out:
            bench.bring(bench.plan.row(number), CommandState.ANSWERED)
        assert [line.state for line in lines(bench)] == [Pairing.REMOVED]
        assert [each.state for each in bench.device("PPMID").steps] == [StepState.DONE]


def test_a_paired_device_that_the_hubs_log_shows_no_more_is_not_paired(
    bench: PairingBench,
) -> None:
    bench.added("PPMID")
    bench.stands("PPMID", HanState.ON_HAN)
    for row in bench.joins_of("PPMID"):
        bench.bring(row, CommandState.ANSWERED)
    bench.hear("PPMID")
    bench.later(60)
    bench.stands("PPMID", HanState.NOT_IN_LOG)
    assert {line.state for line in lines(bench)} == {Pairing.DOUBTFUL}
    assert "in the hub's log no more" in bench.step("PPMID", Stage.ON_HAN).said


def lines(bench: PairingBench) -> Sequence[PairingLine]:
    assert bench.journey.view
    return bench.journey.view.lines


def test_a_job_that_pairs_nothing_has_no_pairing(tmp_path: Path) -> None:
    bench = pairing_bench(tmp_path, "gsme-asleep")
    with bench.store:
        types = {each.type for each in bench.job.devices}
        assert (bench.journey.view is None) == types.isdisjoint({"PPMID", "HCALCS", "IHD", "CAD"})


def test_a_power_cut_of_the_hub_ends_the_countdown_of_joining(bench: PairingBench) -> None:
    bench.added("PPMID")
    bench.stands("PPMID", HanState.IN_LOG)
    bench.later(60)
    bench.journey.hub_powered(bench.clock.now())
    time = bench.device("PPMID").joining
    assert time
    assert (time.state, time.seconds_left, time.is_cut) == (Joining.OVER, 0, True)
    assert "another CCS01" in bench.step("PPMID", Stage.ON_HAN).said


def test_power_that_the_hub_had_before_the_device_was_added_ends_nothing(
    bench: PairingBench,
) -> None:
    bench.journey.hub_powered(bench.clock.now() - timedelta(minutes=5))
    bench.added("PPMID")
    bench.stands("PPMID", HanState.IN_LOG)
    assert bench.journey.awaited
    assert bench.journey.awaited.state is Joining.OPEN


def test_a_power_cut_that_was_said_by_mistake_is_taken_back(bench: PairingBench) -> None:
    bench.added("PPMID")
    bench.stands("PPMID", HanState.IN_LOG)
    bench.later(60)
    bench.journey.hub_powered(bench.clock.now())
    bench.journey.hub_powered(None)
    assert bench.journey.awaited
    assert bench.journey.awaited.seconds_left == 3540


def test_a_hub_that_is_heard_to_let_nobody_join_lost_its_power_unseen(bench: PairingBench) -> None:
    """Also for a program that was started again; a CCS01 answered after that opens it again."""
    bench.added("PPMID")
    bench.stands("PPMID", HanState.IN_LOG)
    bench.later(60)
    bench.journey.hub_heard(bench.clock.now(), allows_joining=False)
    bench.restart()
    bench.stands("PPMID", HanState.IN_LOG)
    bench.journey.opened(bench.id_of("PPMID"), MORNING)
    time = bench.device("PPMID").joining
    assert time
    assert (time.state, time.is_cut) == (Joining.OVER, True)
    bench.later(60)
    bench.journey.opened(bench.id_of("PPMID"), bench.clock.now())
    assert bench.journey.awaited
    assert bench.journey.awaited.state is Joining.OPEN


@pytest.mark.parametrize(
    ("seconds", "allows_joining"), [(60, True), (-60, False)], ids=["open", "heard before"]
)
def test_a_beacon_that_lets_devices_join_or_came_before_ends_nothing(
    bench: PairingBench, seconds: float, allows_joining: bool
) -> None:
    bench.added("PPMID")
    bench.stands("PPMID", HanState.IN_LOG)
    heard = bench.clock.now() + timedelta(seconds=seconds)
    bench.later(120)
    bench.journey.hub_heard(heard, allows_joining=allows_joining)
    assert bench.journey.awaited
    assert bench.journey.awaited.state is Joining.OPEN


def test_a_device_that_joined_before_the_power_cut_stays_joined(bench: PairingBench) -> None:
    bench.added("PPMID")
    bench.stands("PPMID", HanState.ON_HAN)
    bench.later(60)
    bench.journey.hub_powered(bench.clock.now())
    assert bench.journey.awaited is None


def test_a_device_that_is_not_back_since_its_hub_changed_its_channel_is_not_shown_on_the_han(
    bench: PairingBench,
) -> None:
    bench.added("PPMID")
    bench.stands("PPMID", HanState.ON_HAN)
    assert bench.step("PPMID", Stage.ON_HAN).state is StepState.DONE
    bench.hub_moved()
    step = bench.step("PPMID", Stage.ON_HAN)
    assert (step.state, step.said) == (
        StepState.AMBER,
        "it was on the HAN before the hub changed its channel: nothing shows where it is",
    )
    bench.hear("PPMID")
    bench.hub_moved(heard="PPMID")
    assert bench.step("PPMID", Stage.ON_HAN).state is StepState.DONE
