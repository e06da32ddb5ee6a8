"""Devices by name: the type or label of the job wherever an Entity Identifier would stand."""

from dataclasses import replace

import pytest
from duis_samples import CHF, GPF
from screen_bench import BOTH, SMALLEST
from screen_visit import HHT
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, HUB, NOW, open_store, pack

from hht.duis.job.device import JobDevice
from hht.entity_id import EntityId
from hht.gbcs.explain.describe import Description, Field
from hht.gbcs.protection import Verdict
from hht.journeys.events import AlertCaptured
from hht.journeys.premises.handheld import handheld_of
from hht.outbox.capture import capture_message
from hht.spans import EMPTY, Line, device, entity, say
from hht.store import Store
from screens.visit.device_names import Names, this_hht
from screens.visit.timeline_lines import line_of

ESME, PPMID, OTHER_PPMID = (
    EntityId.parse(f"00-DB-12-34-56-78-90-{end}") for end in ("A0", "A4", "B4")
)
STRANGER = EntityId.parse("00-DB-99-99-99-99-99-01")
NAMES = Names(
    [(CHF, "CHF"), (ESME, "ESME"), (PPMID, "PPMID"), (OTHER_PPMID, "PPMID"), (HHT, this_hht())]
)


SUBJECT = Line.of(device(CHF, "CHF", known=True)).capital()


@pytest.mark.parametrize(
    ("sentence", "spoken"),
    [
        (
            say("{} added {} to its log.", SUBJECT, device(ESME)),
            "The CHF added the ESME to its log.",
        ),
        (
            say("The log of {} changed.", device(CHF, "CHF", known=True)),
            "The log of the CHF changed.",
        ),
        (say("{} reports: joined", device(PPMID, known=True)), "the PPMID …90-A4 reports: joined"),
        (say("{}, {}.", entity(ESME), entity(HHT)), f"ESME, {this_hht()}."),
        (say("Asks {} to join.", device(STRANGER)), f"Asks Device {STRANGER} to join."),
        (say("Asks {} to join.", device(HHT)), f"Asks {this_hht()} to join."),
        (Line.of(f"A text with {ESME} in it"), f"A text with {ESME} in it"),
    ],
)
def test_a_sentence_has_names_in_place_of_identifiers_it_knows(sentence: Line, spoken: str) -> None:
    assert str(NAMES.in_line(sentence)) == spoken


@pytest.mark.parametrize(
    "sentence",
    [
        say("{} added {} to its log.", SUBJECT, device(ESME)),
        say("The log of {} changed.", device(CHF, "CHF", known=True)),
        say("{}, {}.", entity(ESME), entity(HHT)),
        say("Asks {} to join.", device(STRANGER)),
        say("Asks {} to join.", device(HHT)),
    ],
    ids=str,
)
def test_a_sentence_out_of_a_journal_has_the_names_too(sentence: Line) -> None:
    assert NAMES.in_text(str(sentence)) == str(NAMES.in_line(sentence))


def test_only_where_two_are_called_the_same_the_end_of_the_identifier_tells_them_apart() -> None:
    assert NAMES.short(ESME) == "ESME"
    assert NAMES.short(PPMID) == "PPMID …90-A4"
    assert NAMES.short(OTHER_PPMID) == "PPMID …90-B4"


def test_in_the_fields_of_a_message_the_identifier_follows_the_name() -> None:
    inner = Field("Recipient", Line.of(entity(STRANGER)))
    outer = Field("Originator", Line.of(entity(CHF)), (inner,))
    description = Description("", EMPTY, "", (outer,), Verdict.ABSENT, Verdict.ABSENT)
    [field] = NAMES.in_description(description).fields
    assert str(field.value) == f"CHF {CHF}"
    assert field.children == (inner,)


@pytest.fixture
def with_devices(context, tmp_path):
    """The context, its job with an ESME and two PPMIDs, and a Response and an Alert captured."""
    devices = (
        JobDevice("ESME", ESME, ""),
        JobDevice("PPMID", PPMID, "PPMID in the hall"),
        JobDevice("PPMID", OTHER_PPMID, "upstairs"),
    )

    def opened() -> Store:
        store = open_store(tmp_path)
        job = store.jobs.add(replace(pack(CCS01_COMMAND), devices=devices))
        for raw in (CCS01_RESPONSE, CS14_ALERT):
            capture_message(store, raw, hub=HUB, job_id=job.id, received_at=NOW)
        return store

    return replace(context, open_store=opened)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_the_plan_and_the_message_name_the_device_before_its_identifier(
    open_bench, with_devices, script, size
) -> None:
    async with open_bench(size, with_devices) as bench:
        await bench.until("Install without WAN")
        await bench.press("enter")
        await bench.until("● Deliver 0/1")
        await bench.press("1")
        await bench.until("The CHF added the ESME to its log")
        await bench.press("2")
        await bench.until(f"CHF {CHF}")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_the_queue_names_who_sent_each_item(open_bench, with_devices, size) -> None:
    async with open_bench(size, with_devices) as bench:
        await bench.until("Install without WAN")
        await bench.press("t")
        await bench.until("1 CHF  Command 0")
        await bench.press("1")
        await bench.until("●Words")
        await bench.press("2")
        await bench.until(f"CHF {CHF}")


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_an_alert_is_reported_by_its_own_name_and_its_sender_once(
    open_bench, with_devices, script, size
) -> None:
    script.residency, script.known_hub = 60_000, GPF
    async with open_bench(size, with_devices) as bench:
        await bench.until("Install without WAN")
        await bench.press("enter")
        await bench.until("CHF: Device Log changed")


def test_an_alert_of_a_changed_log_is_said_with_the_device_that_it_changed_for() -> None:
    plain = AlertCaptured(1, CHF, "CHF Device Log changed", "CS14", EMPTY, "", "", False)
    about = replace(plain, about=ESME, change="joined")
    again = replace(plain, duplicate=True)
    words = [line_of(each, NAMES)[1] for each in (plain, about, again)]  # type: ignore[index]
    assert words == [
        "Alert from the CHF: Device Log changed",
        "Alert from the CHF: Device Log: ESME joined",
        "Alert from the CHF: Device Log changed (came again)",
    ]


async def test_a_label_stands_for_its_device(open_bench, with_devices, script) -> None:
    async with open_bench(SMALLEST, with_devices) as bench:
        await bench.until("Install without WAN")
        await bench.press("enter")
        await bench.until("● Deliver 0/1")
        assert bench.app.service.names.short(PPMID) == "PPMID in the hall"
        assert bench.app.service.names.short(OTHER_PPMID) == "PPMID upstairs"
        service = bench.app.service
        kept = await service.worker_loop.run(lambda: handheld_of(service.queries.store(), 1))
        assert kept == HHT  # so that the queue names it too, without a dongle
