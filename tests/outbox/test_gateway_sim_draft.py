"""gateway-sim and the optional data item that SECMP0012 drafts: DUIS 5.4 has no such item."""

from datetime import UTC, datetime

from aiohttp import ClientSession

from hht.duis.status_update import DRAFT_ITEM, StatusUpdate, check_status_update, with_draft
from hht.outbox.gateway.client import KEY_HEADER
from hht.outbox.simulated.gateway import GatewaySim

INSTALLED = {
    "ServiceReferenceVariant": "8.14.1",
    "BusinessOriginatorID": "90-B3-D5-1F-30-01-00-00",
    "DeviceID": "00-DB-12-34-56-78-90-A2",
    "CHFInstallType": "New CHF Install",
    "MPxN": "1234567890126",
    "AerialInstall": True,
    "CHFLocation": "Deep indoors",
}


async def answer_to(sim: GatewaySim, update: StatusUpdate) -> tuple[int, str]:
    headers = {KEY_HEADER: "a" * 64}
    async with (
        ClientSession() as http,
        http.post(sim.url, data=update.to_xml(7), headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def test_the_drafts_item_is_refused_with_its_name_and_the_update_without_it_is_received() -> (
    None
):
    update = check_status_update(INSTALLED, datetime(2026, 11, 26, tzinfo=UTC))
    async with GatewaySim() as sim:
        status, said = await answer_to(sim, with_draft(update, (15, 20)))
        assert (status, sim.received, sim.invalid) == (400, {}, 1)
        assert DRAFT_ITEM in said
        assert (await answer_to(sim, update))[0] == 200
    assert len(sim.received) == 1
