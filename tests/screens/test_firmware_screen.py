"""Firmware on the screen: the hash is compared before it goes, and one table for the premises."""

from dataclasses import replace
from pathlib import Path

import pytest
from duis_samples import GPF
from pairing_bench import captured_alert, pairing_pack
from screen_bench import BOTH, Bench, OpenBench
from screen_job import ONTO_THE_HAN, begin_with, enter_each
from screen_visit import Script, plain_view

from hht.duis.firmware_warning import REASONS
from hht.duis.job.device import JobDevice
from hht.duis.job_pack import JobPack
from hht.journeys.firmware.firmware_journey import FirmwareView
from hht.journeys.firmware.images import CS06, VERIFIED, activation_of
from hht.journeys.firmware.standing import Standing
from hht.store import CommandState
from hht.texts import has_text
from screens.commission.next_step import offer_words
from screens.context import HhtContext
from screens.firmware.text import SIGNS, hash_lines


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> JobPack:
    return pairing_pack(tmp_path_factory.mktemp("firmware"), "firmware-hcalcs")


@pytest.fixture
def job(context: HhtContext, script: Script, pack: JobPack, tmp_path: Path) -> HhtContext:
    return begin_with(pack, context, script, tmp_path)


async def at_the_activation(bench: Bench) -> None:
    await enter_each(bench, *ONTO_THE_HAN, "deliver_next")
    await bench.until_offered("activate")


def state_of(script: Script) -> CommandState:
    assert script.visit
    rows = script.visit.store.commands.of_job(1)
    return next(row.state for row in rows if row.message_code == CS06)


@pytest.mark.one_in(2)
@pytest.mark.parametrize("size", BOTH)
async def test_enter_waits_where_the_device_has_not_reported_the_image(
    open_bench: OpenBench, script: Script, job: HhtContext, pack: JobPack, size: tuple[int, int]
) -> None:
    raws = (each.local_command.message.encode() for each in pack.commands)
    sha = next(each.sha256.hex() for each in map(activation_of, raws) if each)
    async with open_bench(size, job) as bench:
        await at_the_activation(bench)
        await bench.press("enter")
        await bench.until("Run the new firmware of the HCALCS", *hash_lines(sha).splitlines())
        await bench.until("has named no image", "It runs at once", "▌1 Not now: wait")
        await bench.press("enter")
        await bench.until("Enter  Deliver 3  Read the CHF Device Log")
        await bench.press("enter")
        await bench.until("Image awaited: 2 Run", "A Ask again")
        await bench.press("enter")
        await bench.until("Image awaited: 2 Run")
        assert state_of(script) is CommandState.WAITING


async def test_what_the_device_has_contradicted_goes_by_no_enter_and_is_asked_about_once(
    open_bench: OpenBench, script: Script, job: HhtContext, pack: JobPack
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_activation(bench)
        assert script.visit
        visit = script.visit
        ask = visit.firmware.ask(visit.view.next_command)
        assert ask
        assert pack.hub_gpf
        other = bytes.fromhex(ask.sha256)[::-1]
        alert = captured_alert(ask.device, pack.hub_gpf, other, 0x00CF, VERIFIED)
        await bench.app.service.worker_loop.run(visit.firmware.note, alert)
        await bench.app.service.look()
        await bench.press("enter")
        await bench.until("named another image", "▌1 Not now", "2 Deliver it: the Device's refusal")
        assert "1 Not now: wait" not in bench.text
        await bench.press("enter")
        await bench.until("Enter  Deliver 3  Read the CHF Device Log")
        assert state_of(script) is CommandState.WAITING
        await bench.press("enter")
        await bench.until("Enter  Leave the HAN: 1 not done", "A Ask again")
        await bench.press("enter")
        await bench.until("▌1 Stay")
        await bench.press("enter", "a")
        await bench.until("named another image", "▌1 Not now")
        await bench.press("2", "enter")
        await bench.until_it_holds(lambda: state_of(script) is not CommandState.WAITING)


async def test_enter_delivers_where_the_device_has_verified_this_very_image(
    open_bench: OpenBench, script: Script, job: HhtContext, pack: JobPack
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_activation(bench)
        assert script.visit
        visit = script.visit
        ask = visit.firmware.ask(visit.view.next_command)
        assert ask
        assert pack.hub_gpf
        alert = captured_alert(
            ask.device, pack.hub_gpf, bytes.fromhex(ask.sha256), 0x00CF, VERIFIED
        )
        await bench.app.service.worker_loop.run(visit.firmware.note, alert)
        await bench.app.service.look()
        await bench.press("enter")
        await bench.until("has verified this image (8F72)", "▌1 The hash is right: deliver it")
        await bench.press("enter")
        await bench.until_it_holds(lambda: state_of(script) is CommandState.ANSWERED)


def test_a_lost_connection_is_to_be_made_again_where_an_alert_is_still_awaited() -> None:
    display = JobDevice("PPMID", GPF, "Kitchen", band="", joined=True)
    view = replace(
        plain_view(connected=False),
        firmware=FirmwareView(None, (), (display,)),
        residency_seconds_left=3600,
    )
    assert offer_words(view, None, ()).action == "reconnect"
    for over in (
        replace(view, hub=None),
        replace(view, residency_seconds_left=0),
        replace(view, firmware=FirmwareView(None, ())),
    ):
        assert offer_words(over, None, ()).action == "queue"


async def test_the_table_says_of_each_device_which_version_runs(
    open_bench: OpenBench, script: Script, job: HhtContext
) -> None:
    async with open_bench(given=job) as bench:
        await at_the_activation(bench)
        await bench.press("f")
        await bench.until("Firmware", "ESME", "HCALCS", "not read", "nothing heard of an update")
        await bench.until("HCALCS: an image is on its way, nothing heard yet.")  # what is wanted
        await bench.press("up")
        await bench.until("ESME: nothing heard of an update.")


def test_every_standing_has_its_sign_and_its_words() -> None:
    names = {str(each) for each in Standing if each is not Standing.LEFT_OUT}
    names |= {f"{Standing.LEFT_OUT}_{reason}" for reason, _ in REASONS.values()}
    assert set(Standing) <= set(SIGNS)
    assert [name for name in names if not has_text(f"firmware.{name}".replace("-", "_"))] == []
