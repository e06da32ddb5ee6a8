"""Radio frames byte for byte, each read by us and by tshark."""

from radio_bench import HHT, HUB, PAN_ID

from hht.zse.frames.mac import (
    BROADCAST,
    BeaconPayload,
    MacCommand,
    MacFrame,
    MacKind,
)

FRAMES = {
    "beacon": (
        "00800721430000ffcf0000002284f1a3a0301fd5b390ffffff00",
        MacFrame(MacKind.BEACON, 7, BeaconPayload(HUB, True).encode(), None, None, PAN_ID, 0),
    ),
    "beacon request": (
        "030808ffffffff07",
        MacFrame(MacKind.COMMAND, 8, bytes([MacCommand.BEACON_REQUEST]), BROADCAST, BROADCAST),
    ),
    "association request": (
        "23c80921430000ffff0100f0301fd5b390018c",
        MacFrame(MacKind.COMMAND, 9, b"\x01\x8c", PAN_ID, 0, BROADCAST, HHT, True),
    ),
    "data request": (
        "63c80a214300000100f0301fd5b39004",
        MacFrame(MacKind.COMMAND, 10, b"\x04", PAN_ID, 0, PAN_ID, HHT, True),
    ),
    "association response": (
        "63cc0b21430100f0301fd5b390f1a3a0301fd5b39002301e00",
        MacFrame(MacKind.COMMAND, 11, b"\x02\x30\x1e\x00", PAN_ID, HHT, PAN_ID, HUB, True),
    ),
    "acknowledgement": ("02000b", MacFrame(MacKind.ACK, 11)),
}
TRANSPORT_KEY = (
    "61880c2143301e00000800301e00001e0221053001000000f1a3a0301fd5b390ab5e7995d1bb31a5dc4da72c"
    "d6d7eaacd8a874021aeaa9bf549c192088a0d971751baaadab40ae"
)
ANNOUNCEMENT = (
    "41880d2143ffff301e0802fdff301e1e0128010000000100f0301fd5b39000451271d58a47da58f90c9e1a13"
    "1a4a824b5788126fd9d6d3"
)
TUNNEL_DATA = (
    "61880e21430000301e08020000301e1e0228020000000100f0301fd5b390005078f753073ccb96bfdc43f5cc"
    "3a853d3f62d7fb8843c420b2459be91a08"
)
LEAVE = "6188102143301e00000902301e00001e042808000000f1a3a0301fd5b39000247f50bb2726"
