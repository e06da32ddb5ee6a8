"""What other firmware of such sticks answers to, so that it can be named.

None of it starts or changes anything, in whatever firmware reads it: no question holds the
digits 1 to 3, which are the menu of the Gecko bootloader.
"""

import binascii

from hht.zse.install_code import crc as x25

ZNP_PING = bytes.fromhex("FE 00 21 01 20")  # SYS_PING
_ZWAVE_GET_VERSION = bytes.fromhex("01 03 00 15 E9")
_DECONZ_GET_VERSION = bytes.fromhex("C0 0D 00 00 09 00 00 00 00 00 EA FF C0")
# One question for both, each of which passes over what is no frame of its own.
HOME = _ZWAVE_GET_VERSION + _DECONZ_GET_VERSION
_SPINEL_GET_VERSION = bytes.fromhex("81 02 01")  # PROP_VALUE_GET of PROTOCOL_VERSION
SPINEL = b"\x7e" + _SPINEL_GET_VERSION + x25(_SPINEL_GET_VERSION) + b"\x7e"
# An unnumbered poll to the system endpoint with PROP_VALUE_GET of SECONDARY_CPC_VERSION.
_CPC_HEADER = bytes.fromhex("14 00 0A 00 C4")
_CPC_GET_VERSION = bytes.fromhex("02 01 04 00 03 00 00 00")


def _cpc_check(data: bytes) -> bytes:
    return binascii.crc_hqx(data, 0).to_bytes(2, "little")


CPC = _CPC_HEADER + _cpc_check(_CPC_HEADER) + _CPC_GET_VERSION + _cpc_check(_CPC_GET_VERSION)
TEXT = b"\r\nAT\r\n"  # a bootloader, a command line, a modem

# A Z-Wave stick would wait for the rest of a frame: ZNP's or CPC's looks like its start.
QUESTIONS = (TEXT, HOME, ZNP_PING, SPINEL, CPC)
