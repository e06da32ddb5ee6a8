"""What a hub refuses is not learnt of it; what it grants, or is used, is."""

import pytest

from hht.entity_id import EntityId
from hht.profiles.captures import CapturedFrame
from hht.profiles.findings import Pair
from hht.profiles.tunnelled import note_tunnelling
from hht.zse.tunneling import RequestTunnel, RequestTunnelResponse, TransferData, TunnelStatus

HHT = EntityId.parse("00-DB-12-34-56-78-90-B1")
HUB = EntityId.parse("00-DB-12-34-56-78-90-C2")
FIRST, SECOND = RequestTunnel(manufacturer=0x1234), RequestTunnel(manufacturer=0xFFFF)
REFUSED = RequestTunnelResponse(0xFFFF, TunnelStatus.PROTOCOL_NOT_SUPPORTED)
GRANTED = RequestTunnelResponse(1, TunnelStatus.SUCCESS, 200)


def learnt(*commands: tuple[object, bool]) -> dict[str, object]:
    pair = Pair(HHT, HUB)
    for number, (command, from_hht) in enumerate(commands, 1):
        note_tunnelling(pair, CapturedFrame("air.pcap", number, b""), command, from_hht=from_hht)
    assert not [finding for finding in pair.findings.values() if finding.otherwise]
    return {name: finding.value for name, finding in pair.findings.items()}


@pytest.mark.parametrize("hht_asks", [True, False], ids=("HHT asks", "hub asks"))
def test_a_refused_manufacturer_code_is_not_learnt(hht_asks: bool) -> None:
    assert learnt((FIRST, hht_asks), (REFUSED, not hht_asks)) == {}
    found = learnt(
        (FIRST, hht_asks), (REFUSED, not hht_asks), (SECOND, hht_asks), (GRANTED, not hht_asks)
    )
    assert found["tunnel_manufacturer"] == 0xFFFF
    assert found["tunnel_protocol"] == 6
    assert found["tunnel_hub_opens"] is not hht_asks


def test_a_request_whose_answer_was_not_captured_is_learnt_once_the_tunnel_is_used() -> None:
    assert learnt((FIRST, True)) == {}
    assert learnt((FIRST, True), (TransferData(1, bytes(9)), True))["tunnel_manufacturer"] == 0x1234
