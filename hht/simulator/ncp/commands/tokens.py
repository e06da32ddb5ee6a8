"""The virtual co-processor's tokens: what manufacturer, user and stack keep in flash."""

from collections.abc import Mapping

import bellows.types as t

from hht.simulator.ncp.ezsp import Command, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import RadioNode

BOARD_NAME = "hht training"
MANUFACTURER = "hht"
_Token = t.EzspMfgTokenId
_BLANK = b"\xff"
_USER_TOKENS, _USER_TOKEN_BYTES = 8, 8  # tokens left to the user, and their size (ezsp-enum.h)
# Sizes in bytes, of Silicon Labs' ezsp-enum.h.
_MANUFACTURING = {
    _Token.MFG_CUSTOM_VERSION: 2,
    _Token.MFG_STRING: 16,
    _Token.MFG_BOARD_NAME: 16,
    _Token.MFG_MANUF_ID: 2,
    _Token.MFG_PHY_CONFIG: 2,
    _Token.MFG_BOOTLOAD_AES_KEY: 16,
    _Token.MFG_ASH_CONFIG: 40,
    _Token.MFG_STORAGE: 8,
    _Token.MFG_CBKE_DATA: 92,
    _Token.MFG_INSTALLATION_CODE: 20,
    _Token.MFG_CUSTOM_EUI_64: 8,
    _Token.MFG_CTUNE: 2,
}
_ONCE_ONLY = (_Token.MFG_CUSTOM_EUI_64, _Token.MFG_CBKE_DATA, _Token.MFG_INSTALLATION_CODE)
_RESTORED_EUI64 = int(t.NV3KeyId.CREATOR_STACK_RESTORED_EUI64)
_STACK = {_RESTORED_EUI64: 8}  # NVM3 key of a stack token, and its size in bytes


class Tokens:
    """Tokens outlive a reset, as flash does; a one-time token is written once at most."""

    def __init__(self, node: RadioNode) -> None:
        self._node = node
        self._manufacturing = {int(token): _BLANK * size for token, size in _MANUFACTURING.items()}
        for token, text in ((_Token.MFG_STRING, MANUFACTURER), (_Token.MFG_BOARD_NAME, BOARD_NAME)):
            blank = self._manufacturing[int(token)]
            self._manufacturing[int(token)] = text.encode() + blank[len(text) :]
        self._user: dict[int, bytes] = {}
        self._stack: dict[int, bytes] = {}

    def restart(self) -> None:
        """Keep everything: tokens are in flash."""

    def commands(self) -> Mapping[str, Command]:
        return {
            "getMfgToken": self._get_manufacturing,
            "setMfgToken": self._set_manufacturing,
            "getToken": self._get_user,
            "setToken": self._set_user,
            "getTokenCount": lambda _: {"count": len(_STACK)},
            "getTokenInfo": self._info,
            "getTokenData": self._get_stack,
            "setTokenData": self._set_stack,
            "tokenFactoryReset": self._factory_reset,
        }

    def _get_manufacturing(self, fields: Fields) -> Fields:
        return {"tokenData": self._manufacturing.get(int(fields["tokenId"]), b"")}

    def _set_manufacturing(self, fields: Fields) -> Fields:
        token, data = int(fields["tokenId"]), bytes(fields["tokenData"])
        now = self._manufacturing.get(token)
        if now is None or len(now) != len(data):
            return {"status": Status.BAD_ARGUMENT}
        if token in _ONCE_ONLY and now.strip(_BLANK):
            return {"status": Status.INVALID_CALL}
        self._manufacturing[token] = data
        return {"status": Status.SUCCESS}

    def _get_user(self, fields: Fields) -> Fields:
        token = int(fields["tokenId"])
        if token >= _USER_TOKENS:
            return {"status": Status.BAD_ARGUMENT}
        blank = bytes(_USER_TOKEN_BYTES)
        return {"status": Status.SUCCESS, "tokenData": list(self._user.get(token, blank))}

    def _set_user(self, fields: Fields) -> Fields:
        token = int(fields["tokenId"])
        if token >= _USER_TOKENS:
            return {"status": Status.BAD_ARGUMENT}
        self._user[token] = bytes(fields["tokenData"])
        return {"status": Status.SUCCESS}

    def _info(self, fields: Fields) -> Fields:
        index = int(fields["index"])
        if index >= len(_STACK):
            return {"status": Status.INDEX_OUT_OF_RANGE}
        key, size = list(_STACK.items())[index]
        described = t.EmberTokenInfo(
            nvm3Key=t.NV3KeyId(key), isCnt=False, isIdx=False, size=size, arraySize=1
        )
        return {"status": Status.SUCCESS, "token_info": described}

    def _get_stack(self, fields: Fields) -> Fields:
        key = int(fields["token"])
        if key not in _STACK or int(fields["index"]):
            return {"status": Status.BAD_ARGUMENT, "value": b""}
        value = self._stack.get(key, _BLANK * _STACK[key])
        return {"status": Status.SUCCESS, "value": value}

    def _set_stack(self, fields: Fields) -> Fields:
        key, data = int(fields["token"]), bytes(fields["token_data"])
        if len(data) != _STACK.get(key):
            return {"status": Status.BAD_ARGUMENT}
        self._stack[key] = data
        return {"status": Status.SUCCESS}

    def _factory_reset(self, _: Fields) -> Fields:
        """Forget network and keys; what the maker burnt in stays."""
        self._stack.clear()
        self._node.stop()
        return {}
