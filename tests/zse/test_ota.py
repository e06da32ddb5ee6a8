"""The OTA Upgrade cluster: its commands byte for byte, and what is none of them."""

import pytest

from hht.zse.errors import MalformedFrame
from hht.zse.ota import (
    ImageBlockRequest,
    ImageBlockResponse,
    ImageId,
    ImageNotify,
    OtaStatus,
    QueryNextImage,
    QueryNextImageResponse,
    UpgradeEndRequest,
    UpgradeEndResponse,
    client_frame,
    read_from_client,
    read_from_server,
    server_frame,
)
from hht.zse.zcl import ZclFrame

IMAGE = ImageId(0x121D, 0x0084, 0x01020304)
IDENTITY = "1d12840004030201"

FROM_SERVER = [
    (ImageNotify(IMAGE), f"19070003 64{IDENTITY}"),
    (QueryNextImageResponse(OtaStatus.SUCCESS, IMAGE, 361), f"19070200{IDENTITY}69010000"),
    (QueryNextImageResponse(OtaStatus.NO_IMAGE_AVAILABLE), "19070298"),
    (
        ImageBlockResponse(OtaStatus.SUCCESS, IMAGE, 63, b"abc"),
        f"19070500{IDENTITY}3f00000003616263",
    ),
    (ImageBlockResponse(OtaStatus.ABORT), "19070595"),
    (UpgradeEndResponse(IMAGE), f"190707{IDENTITY}0000000000000000"),
]
FROM_CLIENT = [
    (QueryNextImage(IMAGE, 0x1111), f"11070101{IDENTITY}1111"),
    (ImageBlockRequest(IMAGE, 126), f"11070300{IDENTITY}7e0000003f"),
    (UpgradeEndRequest(OtaStatus.SUCCESS, IMAGE), f"11070600{IDENTITY}"),
]


@pytest.mark.parametrize(("command", "raw"), FROM_SERVER)
def test_what_a_hub_sends_has_these_bytes_and_is_read_from_them(command: object, raw: str) -> None:
    frame = server_frame(command, 7)  # type: ignore[arg-type]
    assert frame.encode() == bytes.fromhex(raw)
    assert read_from_server(ZclFrame.decode(bytes.fromhex(raw))) == command


@pytest.mark.parametrize(("command", "raw"), FROM_CLIENT)
def test_what_a_device_sends_has_these_bytes_and_is_read_from_them(
    command: object, raw: str
) -> None:
    frame = client_frame(command, 7)  # type: ignore[arg-type]
    assert frame.encode() == bytes.fromhex(raw)
    assert read_from_client(ZclFrame.decode(bytes.fromhex(raw))) == command


@pytest.mark.parametrize("raw", [raw for _, raw in FROM_SERVER + FROM_CLIENT])
def test_a_frame_cut_short_anywhere_is_refused_and_never_misread(raw: str) -> None:
    whole = bytes.fromhex(raw)
    for end in range(3, len(whole)):
        frame = ZclFrame.decode(whole[:end])
        read = read_from_server if frame.from_server else read_from_client
        with pytest.raises(MalformedFrame):
            read(frame)


def test_a_command_of_the_other_side_is_refused() -> None:
    with pytest.raises(MalformedFrame):
        read_from_client(server_frame(ImageNotify(IMAGE), 1))
    with pytest.raises(MalformedFrame):
        read_from_server(client_frame(ImageBlockRequest(IMAGE, 0), 1))
