"""A job without a pack: begun on site, filled by scanning, reported all the same."""

from pathlib import Path

import pytest
from store_samples import open_store

from hht.clock import ManualClock
from hht.duis.job.walk_in import walk_in_pack
from hht.entity_id import EntityId
from hht.journeys.install.install_journey import InstallJourney
from hht.journeys.install.refusals import InstallRefused
from hht.journeys.install.scanning import Scan
from hht.outbox.compose813 import return_item

CHF, GPF = "00-DB-12-34-56-78-90-A2", "00-DB-12-34-56-78-90-A3"
PPMID = "00-DB-12-34-56-78-90-A4"
CODE = bytes(range(16))
SUPPLIER = EntityId.parse("90-B3-D5-1F-30-01-00-00")


@pytest.fixture
def store(tmp_path: Path):
    with open_store(tmp_path) as opened:
        yield opened


def begin(store, originator: EntityId | None = SUPPLIER) -> InstallJourney:
    job = store.jobs.add(walk_in_pack("JOB-7", originator=originator))
    return InstallJourney(store, job, clock=ManualClock())


def test_chf_and_gpf_are_distinguished_by_their_labels_words(store) -> None:
    journey = begin(store)
    journey.answer("visit", "install")
    journey.scan(f"GPF: {GPF}")
    journey.scan(f"CHF: {CHF}")
    job = store.jobs.get(1)
    assert (str(job.hub_chf), str(job.hub_gpf)) == (CHF, GPF)
    assert begin(store).answers.values["DeviceID"] == CHF
    with pytest.raises(InstallRefused, match="GPF"):
        begin(store).answer("DeviceID", GPF)


def test_a_label_without_words_is_asked_about_and_then_known(store) -> None:
    journey = begin(store)
    scanned = journey.scan(CHF)
    assert (scanned.scan, store.jobs.get(1).hub_chf) == (Scan.STRANGER, None)
    journey.name_label(scanned, "CHF")
    assert str(store.jobs.get(1).hub_chf) == CHF


def test_the_answer_to_the_question_for_the_hub_names_it(store) -> None:
    begin(store).answer("DeviceID", CHF)
    assert str(store.jobs.get(1).hub_chf) == CHF
    with pytest.raises(InstallRefused, match="not the job's hub"):
        begin(store).answer("DeviceID", "00-DB-99-99-99-99-99-A2")


def test_a_device_is_added_once_with_its_install_code_which_is_never_shown(store) -> None:
    for _ in range(2):
        begin(store).scan(f"PPMID EUI {PPMID} Install Code {CODE.hex()}")
    (device,) = store.jobs.get(1).devices
    assert (device.type, str(device.entity_id), device.install_code) == ("PPMID", PPMID, CODE)
    assert CODE.hex() not in repr(device)
    assert begin(store).scan(PPMID).scan is Scan.DEVICE


def test_a_device_that_was_scanned_without_its_install_code_gets_it_with_a_later_label(
    store,
) -> None:
    begin(store).scan(f"PPMID {PPMID}")
    begin(store).scan(f"{PPMID} Install Code {CODE.hex()}")
    begin(store).scan(f"{PPMID} Install Code {bytes(len(CODE)).hex()}")
    (device,) = store.jobs.get(1).devices
    assert (device.type, device.install_code) == ("PPMID", CODE)


def test_a_label_that_says_whose_it_is_is_the_hubs_at_once(store) -> None:
    assert begin(store).scan(f"CHF {CHF}").scan is Scan.HUB
    assert begin(store).scan(f"PPMID {PPMID}").scan is Scan.DEVICE


@pytest.mark.parametrize("kind", ["ESME", "GSME", "PPMID", "HCALCS", "IHD", "CAD"])
def test_a_device_without_words_is_asked_about_once_the_hub_was_seen(store, kind: str) -> None:
    journey = begin(store)
    journey.scan(f"CHF {CHF}")
    scanned = journey.scan(f"{PPMID} {CODE.hex()}")
    assert (scanned.scan, store.jobs.get(1).devices) == (Scan.STRANGER, ())
    assert journey.name_label(scanned, kind).scan is Scan.DEVICE
    assert store.jobs.get(1).devices[0].type == kind


def test_the_gpf_may_be_scanned_after_its_chf_and_another_hubs_is_refused(store) -> None:
    journey = begin(store)
    journey.scan(f"CHF {CHF}")
    assert journey.scan(f"GPF {GPF}").scan is Scan.GPF
    for label in ("GPF 00-DB-99-99-99-99-99-A3", "CHF 00-DB-99-99-99-99-99-A2"):
        with pytest.raises(InstallRefused, match="not the"):
            journey.scan(label)
    stranger = journey.scan("00-DB-99-99-99-99-99-A2")
    for kind in ("CHF", "GPF"):
        with pytest.raises(InstallRefused, match="not the"):
            journey.name_label(stranger, kind)
    job = store.jobs.get(1)
    assert (str(job.hub_chf), str(job.hub_gpf), job.devices) == (CHF, GPF, ())


def test_the_meter_that_a_faulty_hub_was_on_answers_for_it_when_it_is_named(store) -> None:
    journey = begin(store)
    journey.answer("visit", "fault-return")
    journey.scan(f"CHF {CHF}")
    journey.name_label(journey.scan(PPMID), "ESME")
    assert journey.answers.values["OtherDeviceID"] == PPMID


def test_a_label_of_which_either_half_may_be_the_identifier_is_not_guessed(store) -> None:
    journey, label = begin(store), f"{CODE[:8].hex()},{CHF.replace('-', '')}"
    with pytest.raises(InstallRefused, match="Either half"):
        journey.scan(label)
    journey.answer("DeviceID", CHF)
    assert (journey.scan(label).scan, store.jobs.get(1).devices) == (Scan.HUB, ())


def test_it_ends_in_a_status_update_of_its_own_supplier(store) -> None:
    journey = begin(store)
    journey.answer("visit", "no-fault-return")
    journey.answer("CHFNoFaultReturnType", "Lost or Stolen Hub")
    journey.scan(f"CHF {CHF}")
    xml = return_item(store, journey.queue_report()).xml.decode()
    assert CHF in xml
    assert str(SUPPLIER) in xml


def test_without_a_supplier_anywhere_it_says_so(store) -> None:
    journey = begin(store, originator=None)
    journey.answer("visit", "no-fault-return")
    journey.answer("CHFNoFaultReturnType", "Lost or Stolen Hub")
    journey.answer("DeviceID", CHF)
    with pytest.raises(InstallRefused, match="which supplier"):
        journey.queue_report()


def test_the_supplier_of_another_job_is_the_handhelds(store) -> None:
    store.jobs.add(walk_in_pack("JOB-1", originator=SUPPLIER))
    journey = InstallJourney(store, store.jobs.add(walk_in_pack("JOB-2")), clock=ManualClock())
    journey.answer("visit", "no-fault-return")
    journey.answer("CHFNoFaultReturnType", "Lost or Stolen Hub")
    journey.answer("DeviceID", CHF)
    assert str(SUPPLIER).encode() in return_item(store, journey.queue_report()).xml
