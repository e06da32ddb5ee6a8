"""What the virtual co-processor answers about itself and its board: echo, timers, counters."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import bellows.types as t
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from hht.simulator.ncp.ezsp import Command, EzspServer, Fields
from hht.simulator.ncp.status import Status
from hht.simulator.stack.node import RadioNode
from hht.zse import aes_mmo

_COUNTERS = 42  # of EmberZNet 7.4; older ones have fewer, and hosts read what is there
_TIMERS = 8  # of setTimer, numbered from 0
_SECONDS = {0: 0.001, 1: 0.256, 2: 60.0}  # EmberEventUnits; 3 stops the timer
_STOP = 3  # EmberEventUnits: above it there is none
_NO_UNITS = t.EmberEventUnits(_STOP)
_ENTROPY_OF_THE_RADIO = 0  # EmberEntropySource
_BLOCK = 16  # octets of an AES block
_NO_LIBRARY = 0xFF  # EmberLibraryStatus: EMBER_LIBRARY_ERROR
_NOT_COUNTED = 0xFFFF


class Basics:
    """Commands that need neither network nor radio; `count` is how other parts fill counters."""

    def __init__(self, node: RadioNode, server: EzspServer, restart: Callable[[], None]) -> None:
        self._node = node
        self._server = server
        self._restart_all = restart
        self._counters: Counter[int] = Counter()
        self._timers: dict[int, Any] = {}

    def restart(self) -> None:
        """Stop every timer and count from nothing."""
        for timer in self._timers.values():
            timer[0].cancel()
        self._timers.clear()
        self._counters.clear()

    def count(self, what: int) -> None:
        """Add one to a counter, which stays at its highest value."""
        self._counters[int(what)] = min(self._counters[int(what)] + 1, _NOT_COUNTED)

    def clear_counters(self) -> None:
        """Count from nothing."""
        self._counters.clear()

    def commands(self) -> Mapping[str, Command]:
        return {
            "nop": lambda _: {},
            "callback": lambda _: {},
            "echo": lambda fields: {"echo": fields["data"]},
            "delayTest": lambda _: {},
            "debugWrite": lambda _: {"status": Status.SUCCESS},
            "resetNode": self._reset,
            "getLibraryStatus": lambda _: {"status": _NO_LIBRARY},
            "getRandomNumber": self._random,
            "getTrueRandomEntropySource": lambda _: {"entropySource": _ENTROPY_OF_THE_RADIO},
            "getPhyInterfaceCount": lambda _: {"interfaceCount": 1},
            "setTimer": self._set_timer,
            "getTimer": self._get_timer,
            "readCounters": lambda _: {"values": self._values()},
            "readAndClearCounters": self._read_and_clear,
            "aesEncrypt": self._encrypt,
            "aesMmoHash": self._hash,
            "getStandaloneBootloaderVersionPlatMicroPhy": lambda _: {
                "bootloader_version": _NOT_COUNTED,  # there is none
            },
            "launchStandaloneBootloader": lambda _: {"status": Status.LIBRARY_NOT_PRESENT},
        }

    def _reset(self, _: Fields) -> Fields:
        asyncio.get_running_loop().call_soon(self._restart_all)
        return {}

    def _random(self, _: Fields) -> Fields:
        return {"status": Status.SUCCESS, "value": self._node.air.random.randrange(1 << 16)}

    def _values(self) -> list[int]:
        return [self._counters[each] for each in range(_COUNTERS)]

    def _read_and_clear(self, _: Fields) -> Fields:
        values = self._values()
        self._counters.clear()
        return {"values": values}

    def _set_timer(self, fields: Fields) -> Fields:
        number, units = int(fields["timerId"]), int(fields["units"])
        if number >= _TIMERS or units > _STOP:
            return {"status": Status.BAD_ARGUMENT}
        if number in self._timers:
            self._timers.pop(number)[0].cancel()
        if units != _STOP:
            self._start_timer(number, int(fields["time"]), units, bool(fields["repeat"]))
        return {"status": Status.SUCCESS}

    def _start_timer(self, number: int, time: int, units: int, repeat: bool) -> None:
        def rings() -> None:
            del self._timers[number]
            self._server.callback("timerHandler", {"timerId": number})
            if repeat:
                self._start_timer(number, time, units, repeat)

        handle = self._node.clock.call_later(time * _SECONDS[units], rings)
        self._timers[number] = (handle, time, units, repeat)

    def _get_timer(self, fields: Fields) -> Fields:
        timer = self._timers.get(int(fields["timerId"]))
        if timer is None:
            return {"time": 0, "units": _NO_UNITS, "repeat": False}
        return {"time": timer[1], "units": timer[2], "repeat": timer[3]}

    def _encrypt(self, fields: Fields) -> Fields:
        """Encrypt one block with AES-128 (electronic code book)."""
        cipher = Cipher(algorithms.AES(bytes(fields["key"])), modes.ECB()).encryptor()
        return {"ciphertext": list(cipher.update(bytes(fields["plaintext"])))}

    def _hash(self, fields: Fields) -> Fields:
        """Hash what one command carries by AES-MMO; over several commands it is not simulated."""
        context, data = fields["context"], bytes(fields["data"])
        if context.length or not fields["finalize"]:
            return {"status": Status.INVALID_CALL, "returnContext": context}
        finished = t.EmberAesMmoHashContext(result=list(aes_mmo.digest(data)), length=len(data))
        return {"status": Status.SUCCESS, "returnContext": finished}
