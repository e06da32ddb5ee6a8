"""What the commands of a tunnel show: who opens it and as what, its header, and blocks in it.

What is asked for is learnt once it is granted, or used: a hub may refuse a manufacturer code.
"""

from hht.profiles.captures import CapturedFrame
from hht.profiles.findings import Pair
from hht.zse.errors import MalformedFrame
from hht.zse.gbt import MOST_OVERHEAD, decode_block, is_block
from hht.zse.tunneling import (
    Header,
    RequestTunnel,
    RequestTunnelResponse,
    TransferData,
    TunnelStatus,
    decode_tunnel_data,
)


def note_tunnelling(pair: Pair, at: CapturedFrame, command: object, *, from_hht: bool) -> None:
    """Note what a tunnel's command shows; `from_hht` is False where the hub sent it."""
    match command:
        case RequestTunnel():
            pair.asked_by_hub = pair.asked_by_hub or not from_hht
            pair.asked[from_hht] = at, command
        case RequestTunnelResponse():
            _answered(pair, at, command, from_hht)
        case TransferData():
            for asked_by_hht in tuple(pair.asked):
                _granted(pair, asked_by_hht)  # its answer was not captured
            _data(pair, at, command.data)


def _answered(pair: Pair, at: CapturedFrame, answer: RequestTunnelResponse, from_hht: bool) -> None:
    if answer.status != TunnelStatus.SUCCESS:
        pair.asked.pop(not from_hht, None)
        return
    _granted(pair, not from_hht)
    if from_hht:
        pair.note(at, tunnel_hub_opens=True)
        return
    pair.note(at, tunnel_max_transfer=answer.max_transfer)
    pair.note(at, tunnel_hub_opens=pair.asked_by_hub)
    pair.max_transfer = answer.max_transfer


def _granted(pair: Pair, asked_by_hht: bool) -> None:
    """Note what the HHT, or the hub, asked for last, if the captures have it."""
    if (request := pair.asked.pop(asked_by_hht, None)) is None:
        return
    at, asked = request
    pair.note(at, tunnel_protocol=asked.protocol, tunnel_manufacturer=asked.manufacturer)
    if not asked_by_hht:
        pair.note(at, tunnel_max_transfer=asked.max_transfer)
        pair.max_transfer = asked.max_transfer


def _data(pair: Pair, at: CapturedFrame, data: bytes) -> None:
    try:
        opened = decode_tunnel_data(data)
    except MalformedFrame:
        return
    pair.note(at, tunnel_header=opened.header is Header.PUT)
    if is_block(opened.message):
        _block(pair, at, opened.message)
    elif pair.max_transfer and len(opened.message) > pair.max_transfer:
        pair.note(at, gbt_used=False)


def _block(pair: Pair, at: CapturedFrame, raw: bytes) -> None:
    try:
        block = decode_block(raw)
    except MalformedFrame:
        return
    pair.note(at, gbt_used=True)
    if block.data:
        pair.note(at, gbt_window=block.window)
    room = pair.max_transfer - MOST_OVERHEAD - 1
    if block.data and not block.last and len(block.data) < room:
        # A block that fills a transfer may be one of larger blocks that did not go in.
        pair.note(at, gbt_block_size=len(block.data))
