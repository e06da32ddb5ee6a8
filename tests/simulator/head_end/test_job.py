"""The training head-end hands over Local Commands in the form the DCC does."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from hht.duis.job_pack import read_job_pack
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.device_commands import AddDevice, device_command
from hht.gbcs.message import Message
from hht.gbcs.protection import Verdict, check_mac, check_signature
from hht.simulator.head_end.job import compose_job
from hht.simulator.head_end.job_phrases import parse_step
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.record import Site
from hht.simulator.site.spec import Step
from hht.training.scenario.load import load_scenario

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    spec = load_scenario("no-wan-install").site
    return prepare_site(spec, tmp_path_factory.mktemp("run"), seed=1)


def test_the_job_of_a_no_wan_install_imports_as_a_job_pack(site: Site) -> None:
    pack = read_job_pack(site.job_dir)
    assert pack.mode == "training"
    assert pack.hub_gpf == site.spec.hub.gpf
    assert len(pack.commands) == 17
    assert len(pack.certificates) > 10


def test_every_command_has_a_valid_mac_and_critical_ones_a_valid_signature(site: Site) -> None:
    for command in compose_job(site, NOW):
        message = Message.parse(command.raw)
        assert check_mac(message, site.keys) is Verdict.VALID
        expected = Verdict.ABSENT if message.signature == b"" else Verdict.VALID
        assert check_signature(message, site.keys) is expected


def test_what_must_be_signed_is_signed(site: Site) -> None:
    signed = {m.message_code for m in messages(site) if m.signature}
    assert signed == {0x0062, 0x007F, 0x000D, 0x00AB, 0x00AF}


def test_counters_are_milliseconds_and_rise_for_every_originator(site: Site) -> None:
    by_originator: dict[bytes, list[int]] = {}
    for message in messages(site):
        by_originator.setdefault(message.originator, []).append(message.counter)
    for counters in by_originator.values():
        assert counters == sorted(set(counters))
        assert abs(counters[0] - NOW.timestamp() * 1000) < 1000


def test_the_broker_names_the_request_it_acts_for(site: Site) -> None:
    for command in compose_job(site, NOW):
        message = Message.parse(command.raw)
        if message.supplementary_party is None:
            assert message.originator == command.request_id.originator
            assert message.counter == command.request_id.counter
        else:
            assert message.supplementary_party == command.request_id.originator
            assert message.supplementary_counter == command.request_id.counter
            assert message.counter != command.request_id.counter
        assert message.recipient == command.request_id.target


def test_the_ppmid_and_the_chf_hear_from_the_broker_only(site: Site) -> None:
    broker = site.keys.access_control_broker
    know_no_supplier = {site.spec.hub.chf, site.named("PPMID")[1]}
    for message in messages(site):
        assert (message.originator == broker) is (message.recipient in know_no_supplier)


def test_a_join_waits_for_both_devices_and_for_its_other_half(site: Site) -> None:
    commands = {command.file: command for command in compose_job(site, NOW)}
    second = next(c for f, c in commands.items() if "cs03a2-ppmid-esme" in f)
    assert [commands[name].title for name in second.after] == [
        "Let the ESME join the SM HAN",
        "Let the PPMID join the SM HAN",
        "Join the ESME with the PPMID",
    ]


def test_only_method_c_carries_the_other_devices_certificate(site: Site) -> None:
    gsme = site.agreement_certificate(site.named("GSME")[1])
    carrying = [m for m in messages(site) if gsme in m.payload]
    assert [(m.message_code, m.recipient) for m in carrying] == [(0x00AF, site.named("PPMID")[1])]


@pytest.mark.shared
def test_every_file_is_valid_against_the_duis_schema(site: Site, shared: Path) -> None:
    schema = etree.XMLSchema(etree.parse(shared / "duis" / "xsd" / "duis.xsd"))
    files = sorted(site.job_dir.glob("*.xml"))
    assert len(files) == 17
    for file in files:
        schema.assertValid(etree.parse(file))


def test_labels_name_devices_and_the_hub(site: Site) -> None:
    assert site.named("GPF") == (DeviceType.GPF, site.spec.hub.gpf)
    with pytest.raises(KeyError):
        site.named("HCALCS")


def messages(site: Site) -> list[Message]:
    return [Message.parse(command.raw) for command in compose_job(site, NOW)]


def test_an_hcalcs_is_asked_for_its_firmware_by_the_broker_as_a_request_of_a_user_is(
    tmp_path: Path,
) -> None:
    spec = load_scenario("rtds").site
    asked = replace(spec, job=replace(spec.job, steps=(Step("read firmware", ("HCALCS",)),)))
    site = prepare_site(asked, tmp_path, seed=1)
    (message,) = messages(site)
    assert message.message_code == 0x0129
    assert message.originator == site.keys.access_control_broker


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("join ESME", "no Command for these Devices"),
        ("read log ESME", "no Command for these Devices"),
        ("clock PPMID", "no Command for these Devices"),
        ("add CHF", "no Command for these Devices"),
        ("join ESME TOASTER", "'TOASTER', which is no Device here"),
        ("paint ESME", "not one of the Commands"),
    ],
)
def test_a_phrase_that_fits_no_device_is_refused(phrase: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_step(phrase, {"ESME": DeviceType.ESME, "PPMID": DeviceType.PPMID})


@pytest.mark.parametrize(("label", "number"), [("ESME", 0), ("GSME", 1), ("PPMID", 0x84)])
def test_ccs01_names_the_device_by_its_own_type(site: Site, label: str, number: int) -> None:
    composed = compose_job(site, NOW)
    added = [device_command(Message.parse(each.raw)) for each in composed]
    (found,) = [
        each
        for each in added
        if isinstance(each, AddDevice) and each.device == site.device(label).entity_id
    ]
    assert found.device_type == number
